/** Journal: the event log, filtered by what, on what, by whom and when. */
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useSession } from "@/app/session";
import { dateTime } from "@/lib/format";
import { isWeek, shiftWeek, weekLabel } from "@/lib/weeks";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { actions, eventWord, known, objects } from "@/words/events";
import { detailOf, pageOf, whoOf } from "./events";
import { t } from "./words";

type Event = Schema<"EventRow">;
const NAMES = ["action", "entity_type", "entity_id", "week", "user_filter"] as const;
const WEEKS = 8;

export default function ActivityPage() {
  const state = useListState(NAMES);
  const { week } = useSession();
  const { filters } = state;
  const query = {
    ...state.paging,
    action: filters.action?.[0],
    entity_type: filters.entity_type?.[0],
    entity_id: filters.entity_id?.[0],
    week: filters.week?.find(isWeek),
    user_filter: filters.user_filter?.[0],
    search: state.search || undefined,
  };
  const events = useRead("/api/event-log", { query });
  const found = useRead("/api/event-log/actions");
  return (
    <Page title={t("title")} intro={t("intro")}>
      <FilterBar state={state} filters={filterList(found.data?.actions ?? Object.keys(actions), week)} search={t("search")} />
      <DataTable<Event>
        name="activity"
        label={t("title")}
        reading={events}
        rows={events.data?.events}
        rowId={(one) => one.id}
        rowName={(one) => eventWord(actions, one.action)}
        columns={columns()}
        state={state}
        exported={{ path: "/api/event-log/export", query }}
        nothing={<NothingYet>{t("nothing")}</NothingYet>}
      />
    </Page>
  );
}

function filterList(found: string[], current: string): Filter[] {
  const weeks = Array.from({ length: WEEKS }, (_, ago) => shiftWeek(current, -ago));
  return [
    { name: "action", label: t("action"), options: known(actions, found), single: true },
    { name: "entity_type", label: t("object"), options: known(objects, Object.keys(objects)), single: true },
    { name: "week", label: t("week"), options: weeks.map((value) => ({ value, label: weekLabel(value) })), shown: (key) => (isWeek(key) ? weekLabel(key) : key), single: true },
    { name: "user_filter", label: t("user") },
    { name: "entity_id", label: t("id"), shown: () => "", hidden: true },
  ];
}

function columns(): Column<Event>[] {
  return [
    {
      key: "action",
      label: t("action"),
      card: "title",
      render: (one) => {
        const to = pageOf(one);
        return to ? <Link to={to}>{eventWord(actions, one.action)}</Link> : eventWord(actions, one.action);
      },
    },
    { key: "object", label: t("object"), card: "pill", render: (one) => eventWord(objects, one.entity_type) },
    { key: "detail", label: t("detail"), card: "fact", render: (one) => detailOf(one) || "–" },
    { key: "who", label: t("who"), card: "fact", render: (one) => whoOf(one.user) },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "at", label: t("at"), card: "fact", render: (one) => dateTime(one.created_at) },
    { key: "reference", label: t("reference"), extra: true, render: (one) => one.request_id || "–" },
  ];
}
