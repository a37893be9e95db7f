/** The last tasks of the person, under way or over: in the bell, whatever page asked for them. */
import { useLive } from "@/api/hooks";
import { dateTime } from "@/lib/format";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { taskState } from "@/words/states";
import { running, taskName } from "./parts";
import { told } from "./TaskTray";
import { t } from "./words";

const SHOWN = 3;

export function LatestTasks() {
  const tasks = useLive("/api/tasks", { query: { limit: SHOWN } });
  if (tasks.error && !tasks.data) return <ErrorBlock error={tasks.error} retry={() => void tasks.refetch()} />;
  if (!tasks.data?.tasks.length) return null;
  return (
    <Card title={t("title")} actions={<Link to="/admin/tasks">{t("all")}</Link>}>
      <ul className="todo">
        {tasks.data.tasks.map((one) => (
          <li key={one.id}>
            <Pill of={taskState} value={one.state} />
            <span className="grow">
              <Link to={`/admin/tasks/${one.id}`}>{taskName(one)}</Link>
              <div className="note">{running(one) ? t("goes_on") : `${told(one)} · ${dateTime(one.finished_at)}`}</div>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
