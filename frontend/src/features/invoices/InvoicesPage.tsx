/** Factures: every document of the clients, and who is late. */
import { useState } from "react";
import { useRead } from "@/api/hooks";
import type { Query } from "@/api/types";
import { useCan } from "@/app/session";
import { date, dateTime, money } from "@/lib/format";
import { isWeek, weekLabel } from "@/lib/weeks";
import { Button, ButtonLink } from "@/ui/Button";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Views, useView } from "@/ui/Views";
import { invoiceState, invoiceType, optionsOf, textOf } from "@/words/states";
import { ExportDialog } from "./ExportDialog";
import { Overdue } from "./Overdue";
import { stateOf, type Invoice } from "./rules";
import { t } from "./words";

type Asked = Query<"get", "/api/invoices">;
const NAMES = ["status", "retard", "type", "client_id", "week_key"] as const;
const LONG_DAYS = 30;
const VIEWS = ["toutes", "impayees"] as const;
/** Partly paid is worked out from payments: the API filters what is stored, and what is late. */
const STATES = optionsOf(invoiceState).filter((one) => one.value !== "partial");

export default function InvoicesPage() {
  const can = useCan();
  const [view, choose] = useView(VIEWS);
  const [exporting, setExporting] = useState(false);
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      actions={
        <>
          <Button onClick={() => setExporting(true)}>{t("export")}</Button>
          {can("billing.manage") && <ButtonLink to="/admin/invoices/nouveau" kind="primary">{t("create")}</ButtonLink>}
        </>
      }
    >
      <Views label={t("views")} view={view} choose={choose} views={[{ value: "toutes", label: t("all") }, { value: "impayees", label: t("late") }]} />
      {view === "toutes" ? <List /> : <Overdue />}
      {exporting && <ExportDialog close={() => setExporting(false)} />}
    </Page>
  );
}

function List() {
  const listed = useListState(NAMES);
  // The API takes one state and one type: the last ticked replaces the others.
  const state = { ...listed, setFilter: (name: string, values: string[]) => listed.setFilter(name, values.slice(-1)) };
  const { filters } = state;
  const query: Asked = {
    ...state.paging,
    status: filters.status?.[0] as Asked["status"],
    type: filters.type?.[0] as Asked["type"],
    client_id: filters.client_id?.[0],
    week_key: filters.week_key?.find(isWeek),
    late_days: filters.retard?.[0] === String(LONG_DAYS) ? LONG_DAYS : undefined,
    search: state.search || undefined,
  };
  const invoices = useRead("/api/invoices", { query });
  return (
    <>
      <FilterBar state={state} filters={filterList()} search={t("search")} views={{ list: "invoices", known: [{ label: t("view_late"), filters: { status: ["overdue"], retard: [String(LONG_DAYS)] } }] }} />
      <DataTable<Invoice>
        name="invoices"
        label={t("title")}
        reading={invoices}
        rows={invoices.data?.invoices}
        rowId={(one) => one.id}
        rowName={(one) => one.invoice_number ?? t("draft")}
        columns={columns()}
        state={state}
        exported={{ path: "/api/invoices/export", query }}
        nothing={<NothingYet>{t("nothing")}</NothingYet>}
      />
    </>
  );
}

function filterList(): Filter[] {
  return [
    { name: "status", label: t("status"), options: STATES },
    { name: "type", label: t("type"), options: optionsOf(invoiceType).filter((one) => one.value !== "intercompany") },
    { name: "retard", label: t("late_by"), options: [{ value: String(LONG_DAYS), label: t("late_over", { n: LONG_DAYS }) }], single: true },
    { name: "client_id", label: t("client_filter"), named: "client", hidden: true },
    { name: "week_key", label: t("week"), shown: (key) => (isWeek(key) ? weekLabel(key) : key), hidden: true },
  ];
}

function columns(): Column<Invoice>[] {
  return [
    { key: "number", label: t("number"), card: "title", render: (one) => <Link to={`/admin/invoices/${one.id}`}>{one.invoice_number ?? t("draft")}</Link> },
    { key: "client", label: t("client"), card: "fact", render: (one) => one.client_name },
    { key: "type", label: t("type"), render: (one) => textOf(invoiceType, one.type) },
    { key: "status", label: t("status"), card: "pill", render: (one) => <Pill of={invoiceState} value={stateOf(one)} /> },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "ht", label: t("ht"), align: "right", render: (one) => money(one.amount_ht) },
    { key: "ttc", label: t("ttc"), align: "right", card: "fact", render: (one) => money(one.amount_ttc) },
    { key: "due", label: t("due"), align: "right", card: "fact", render: (one) => (one.type === "credit_note" || one.status === "draft" ? "–" : money(one.balance_due)) },
    { key: "issued", label: t("issued_on"), render: (one) => date(one.issue_date) },
    { key: "due_on", label: t("due_on"), card: "fact", render: (one) => date(one.due_at) },
    { key: "sent", label: t("sent"), render: (one) => dateTime(one.sent_at) },
    { key: "vat", label: t("vat"), align: "right", extra: true, render: (one) => money(one.vat_amount) },
    { key: "week", label: t("week"), extra: true, render: (one) => (one.week_key ? weekLabel(one.week_key) : "–") },
  ];
}
