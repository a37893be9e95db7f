/** What I asked for on many rows, newest first. */
import { useRead } from "@/api/hooks";
import { dateTime, number } from "@/lib/format";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { taskState } from "@/words/states";
import { Advance, running, taskName, type Task } from "./parts";
import { t } from "./words";

const NAMES: string[] = [];

export default function TasksPage() {
  const state = useListState(NAMES);
  const tasks = useRead("/api/tasks", { query: state.paging });
  return (
    <Page title={t("title")} intro={t("intro")}>
      <DataTable<Task>
        name="tasks"
        label={t("title")}
        reading={tasks}
        rows={tasks.data?.tasks}
        rowId={(one) => one.id}
        rowName={taskName}
        columns={COLUMNS}
        state={state}
        nothing={<NothingYet>{t("nothing")}</NothingYet>}
      />
    </Page>
  );
}

const COLUMNS: Column<Task>[] = [
  { key: "task", label: t("task"), card: "title", render: (one) => <Link to={`/admin/tasks/${one.id}`}>{taskName(one)}</Link> },
  { key: "state", label: t("state"), card: "pill", render: (one) => <Pill of={taskState} value={one.state} /> },
  { key: "progress", label: t("progress"), card: "fact", render: (one) => (running(one) ? <Advance task={one} /> : t("of", { n: number(one.processed), total: number(one.total) })) },
  { key: "succeeded", label: t("succeeded"), align: "right", render: (one) => number(one.succeeded) },
  { key: "failed", label: t("failed"), align: "right", card: "fact", render: (one) => number(one.failed) },
  { key: "ignored", label: t("ignored"), align: "right", render: (one) => number(one.ignored) },
  { key: "entity", label: t("entity"), render: (one) => (one.entity ? <EntityBadge code={one.entity} /> : t("both")) },
  { key: "created", label: t("created"), card: "fact", render: (one) => dateTime(one.created_at) },
];
