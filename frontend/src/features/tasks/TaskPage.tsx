/** One of my tasks: how far it is, and what became of each row. */
import { useParams } from "react-router";
import { address } from "@/api/client";
import { useRead } from "@/api/hooks";
import type { Query, Schema } from "@/api/types";
import { dateTime, number } from "@/lib/format";
import { french } from "@/lib/typography";
import { Button } from "@/ui/Button";
import { DataTable, type Column } from "@/ui/DataTable";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { EntityBadge } from "@/ui/EntityBadge";
import { Stat } from "@/ui/Figure";
import { FilterBar } from "@/ui/FilterBar";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { optionsOf, rowState, taskState } from "@/words/states";
import { Advance, running, taskName, useStop } from "./parts";
import { t } from "./words";

type Row = Schema<"RowShown">;
type Asked = Query<"get", "/api/tasks/{task_id}">;
const NAMES = ["etat"] as const;
const EVERY_S = 2;

export default function TaskPage() {
  const { id = "" } = useParams();
  const state = useListState(NAMES);
  const stop = useStop();
  const query: Asked = { ...state.paging, state: state.filters.etat?.[0] as never };
  const read = useRead("/api/tasks/{task_id}", { path: { task_id: id }, query, everyS: EVERY_S });
  const task = read.data?.task;
  if (!task) {
    return (
      <Page title={t("task")}>
        {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={10} />}
      </Page>
    );
  }
  const under = running(task);
  const actions = (
    <>
      {under && <Button onClick={() => void stop(task)}>{t("stop")}</Button>}
      {!under && task.succeeded < task.total && (
        <a className="btn btn-default" href={address(`/api/tasks/${task.id}/file`)} download>
          {t("file")}
        </a>
      )}
    </>
  );
  return (
    <Page title={taskName(task)} intro={dateTime(task.created_at)} actions={actions}>
      <span className="inline">
        <Pill of={taskState} value={task.state} />
        {task.entity && <EntityBadge code={task.entity} />}
        {under && <Advance task={task} />}
      </span>
      <div className="figures">
        <Stat label={t("succeeded")} value={number(task.succeeded)} />
        <Stat label={t("failed")} value={number(task.failed)} />
        <Stat label={t("ignored")} value={number(task.ignored)} />
        <Stat label={t("pending")} value={number(task.total - task.processed)} />
      </div>
      <FilterBar state={state} filters={[{ name: "etat", label: t("state"), options: optionsOf(rowState), single: true }]} />
      <DataTable<Row>
        name="task-rows"
        label={t("rows")}
        reading={read}
        rows={read.data?.rows}
        rowId={(one) => one.key}
        rowName={(one) => one.label}
        columns={COLUMNS}
        state={state}
        nothing={<p className="muted">{t("no_row")}</p>}
      />
    </Page>
  );
}

const COLUMNS: Column<Row>[] = [
  { key: "row", label: t("row"), card: "title", render: (one) => one.label },
  { key: "state", label: t("state"), card: "pill", render: (one) => <Pill of={rowState} value={one.state} /> },
  { key: "reason", label: t("reason"), card: "fact", render: (one) => (one.detail ? french(one.detail) : "–") },
  { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
  { key: "done", label: t("done_at"), render: (one) => dateTime(one.done_at) },
];
