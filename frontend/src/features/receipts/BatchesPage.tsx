/** Lots: what left together, for whom, and whether it was acknowledged. */
import { useLive } from "@/api/hooks";
import type { Query, Schema } from "@/api/types";
import { useSession } from "@/app/session";
import { date, dateTime, number } from "@/lib/format";
import { isWeek, shiftWeek, weekLabel } from "@/lib/weeks";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { acknowledgement, deliveryStatus, optionsOf } from "@/words/states";
import { t } from "./words";

export type Batch = Schema<"Manifest">;
type Asked = Query<"get", "/api/batches">;
const NAMES = ["status", "week", "acknowledged", "client_id"] as const;
const WEEKS = 8;

export default function BatchesPage() {
  const state = useListState(NAMES);
  const { week } = useSession();
  const { filters } = state;
  const acknowledged = filters.acknowledged?.[0];
  const query: Asked = {
    ...state.paging,
    status: filters.status?.[0] as Asked["status"],
    week: filters.week?.find(isWeek),
    acknowledged: acknowledged === "yes" ? true : acknowledged === "no" ? false : undefined,
    client_id: filters.client_id?.[0],
  };
  const batches = useLive("/api/batches", { query });
  return (
    <Page title={t("title")} intro={t("intro")}>
      <FilterBar state={state} filters={filterList(week)} views={{ list: "batches" }} />
      <DataTable<Batch>
        name="batches"
        label={t("title")}
        reading={batches}
        rows={batches.data?.batches}
        rowId={(one) => one.id}
        rowName={(one) => one.client_name}
        columns={columns()}
        state={state}
        live
        exported={{ path: "/api/batches/export", query }}
        nothing={<NothingYet>{t("nothing")}</NothingYet>}
      />
    </Page>
  );
}

function filterList(current: string): Filter[] {
  const weeks = Array.from({ length: WEEKS }, (_, ago) => shiftWeek(current, -ago));
  return [
    { name: "status", label: t("status"), options: optionsOf(deliveryStatus), single: true },
    { name: "acknowledged", label: t("acknowledged"), options: [{ value: "yes", label: t("ack_yes") }, { value: "no", label: t("ack_no") }], single: true },
    { name: "week", label: t("week"), options: weeks.map((value) => ({ value, label: weekLabel(value) })), shown: (key) => (isWeek(key) ? weekLabel(key) : key), single: true },
    { name: "client_id", label: t("client_filter"), named: "client", hidden: true },
  ];
}

function columns(): Column<Batch>[] {
  return [
    { key: "client", label: t("client"), card: "title", render: (one) => <Link to={`/admin/batches/${one.id}`}>{one.client_name}</Link> },
    { key: "status", label: t("status"), card: "pill", render: (one) => <Pill of={deliveryStatus} value={one.status} /> },
    { key: "leads", label: t("leads"), card: "fact", align: "right", render: (one) => number(one.lead_count) },
    { key: "lb", label: t("lb"), align: "right", render: (one) => number(one.lb_count) },
    { key: "produit", label: t("produit"), render: (one) => one.produit },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "day", label: t("day"), render: (one) => date(one.day) },
    { key: "handed", label: t("handed"), card: "fact", render: (one) => dateTime(one.handed_over_at) },
    { key: "ack", label: t("ack"), render: (one) => <Pill of={acknowledgement} value={one.acknowledgement} /> },
    { key: "to", label: t("to"), extra: true, render: (one) => one.recipients.join(", ") || "–" },
    { key: "file", label: t("file"), extra: true, render: (one) => one.csv_filename || "–" },
  ];
}
