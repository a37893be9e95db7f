import { useRead } from "@/api/hooks";
import type { Query } from "@/api/types";
import { date, money } from "@/lib/format";
import { isWeek, weekLabel } from "@/lib/weeks";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { FilterBar } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Pill } from "@/ui/Pill";
import { stateOf, type Invoice } from "@/features/invoices/rules";
import { invoiceState, optionsOf } from "@/words/states";
import { direction } from "./rules";
import { t } from "./words";

type Asked = Query<"get", "/api/intercompany/invoices">;
const NAMES = ["status", "direction", "week_key"] as const;
/** What the API filters: late and partly paid are worked out. */
const STATES = optionsOf(invoiceState).filter((one) => one.value !== "partial" && one.value !== "overdue");

/** The invoices between entities, sent and received. */
export function Between() {
  const listed = useListState(NAMES);
  const state = { ...listed, setFilter: (name: string, values: string[]) => listed.setFilter(name, values.slice(-1)) };
  const { filters } = state;
  const query: Asked = {
    ...state.paging,
    status: filters.status?.[0] as Asked["status"],
    direction: filters.direction?.find((one) => /^\w+->\w+$/.test(one)),
    week_key: filters.week_key?.find(isWeek),
  };
  const invoices = useRead("/api/intercompany/invoices", { query });
  const shown = (key: string) => (isWeek(key) ? weekLabel(key) : key);
  return (
    <>
      <FilterBar
        state={state}
        filters={[
          { name: "status", label: t("status"), options: STATES },
          { name: "direction", label: t("direction"), options: [{ value: "ZR7->MDL", label: direction("ZR7", "MDL") }, { value: "MDL->ZR7", label: direction("MDL", "ZR7") }] },
          { name: "week_key", label: t("week"), shown, hidden: true },
        ]}
      />
      <DataTable<Invoice>
        name="between"
        label={t("invoices")}
        reading={invoices}
        rows={invoices.data?.invoices}
        rowId={(one) => one.id}
        rowName={(one) => one.invoice_number ?? t("draft")}
        columns={columns()}
        state={state}
        nothing={<NothingYet>{t("none_invoice")}</NothingYet>}
      />
    </>
  );
}

function columns(): Column<Invoice>[] {
  return [
    { key: "number", label: t("number"), card: "title", render: (one) => <Link to={`/admin/intercompany/${one.id}`}>{one.invoice_number ?? t("draft")}</Link> },
    { key: "status", label: t("status"), card: "pill", render: (one) => <Pill of={invoiceState} value={stateOf(one)} /> },
    { key: "direction", label: t("direction"), card: "fact", render: (one) => direction(one.from_entity, one.to_entity) },
    { key: "week", label: t("week"), render: (one) => (one.week_key ? weekLabel(one.week_key) : "–") },
    { key: "issued", label: t("issued"), render: (one) => date(one.issue_date) },
    { key: "ht", label: t("ht"), align: "right", render: (one) => money(one.amount_ht) },
    { key: "ttc", label: t("ttc"), align: "right", card: "fact", render: (one) => money(one.amount_ttc) },
    { key: "left", label: t("left"), align: "right", card: "fact", render: (one) => money(one.balance_due) },
  ];
}
