/** The tasks under way, in the corner of every page: it comes back after a reload, and says when each is over. */
import { IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useRead } from "@/api/hooks";
import { number } from "@/lib/format";
import { Button, ButtonLink, IconButton } from "@/ui/Button";
import { Pill } from "@/ui/Pill";
import { taskState } from "@/words/states";
import { Advance, running, taskName, useStop, type Task } from "./parts";
import { unwatch, useWatched, watch } from "./watched";
import { t } from "./words";

const EVERY_S = 2;

export default function TaskTray() {
  const watched = useWatched();
  const tasks = useRead("/api/tasks", { query: { limit: 10 }, everyS: EVERY_S });
  const found = tasks.data?.tasks;
  useEffect(() => found?.filter(running).forEach((one) => !watched.has(one.id) && watch(one.id)), [found, watched]);
  useRefreshed(found);
  const shown = found?.filter((one) => watched.has(one.id));
  if (!shown?.length) return null;
  return (
    <section className="tray" aria-label={t("tray")}>
      <ul>
        {shown.map((one) => (
          <Line key={one.id} task={one} />
        ))}
      </ul>
    </section>
  );
}

/** What a finished task changed is read again. */
function useRefreshed(found: Task[] | undefined): void {
  const client = useQueryClient();
  const before = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!found) return;
    const now = new Set(found.filter(running).map((one) => one.id));
    const over = [...before.current].some((id) => !now.has(id));
    before.current = now;
    if (over) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "/api/tasks" });
  }, [found, client]);
}

function Line({ task }: { task: Task }) {
  const stop = useStop();
  const under = running(task);
  return (
    <li role="status">
      <span className="inline">
        <strong className="grow">{taskName(task)}</strong>
        <Pill of={taskState} value={task.state} />
        {!under && <IconButton label={t("hide")} icon={<IconX size={16} />} onClick={() => unwatch(task.id)} />}
      </span>
      {under ? (
        <>
          <Advance task={task} />
          <span className="note">{t("goes_on")}</span>
        </>
      ) : (
        <span>{told(task)}</span>
      )}
      <span className="inline">
        <ButtonLink to={`/admin/tasks/${task.id}`}>{t("see")}</ButtonLink>
        {under && (
          <Button kind="quiet" onClick={() => void stop(task)}>
            {t("stop")}
          </Button>
        )}
      </span>
    </li>
  );
}

export function told(task: Task): string {
  return t("told", { succeeded: number(task.succeeded), failed: number(task.failed), ignored: number(task.ignored) });
}
