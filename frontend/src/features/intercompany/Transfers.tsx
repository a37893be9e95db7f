import { useRead, useWrite } from "@/api/hooks";
import type { Query, Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { dateTime, money, number } from "@/lib/format";
import { isWeek, weekLabel } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Pill } from "@/ui/Pill";
import { toast } from "@/ui/toasts";
import { optionsOf, transferState } from "@/words/states";
import { direction } from "./rules";
import { t } from "./words";

export const TOUCHES = ["/api/intercompany", "/api/billing", "/api/invoices"];
export type Transfer = Schema<"TransferLine">;
type Asked = Query<"get", "/api/intercompany/transfers">;
const NAMES = ["status", "week_key"] as const;

/** Every lead that crossed, with its price of the day; those without a price wait to be put right. */
export function Transfers() {
  const can = useCan();
  const listed = useListState(NAMES);
  // The API takes one state: the last ticked replaces the other.
  const state = { ...listed, setFilter: (name: string, values: string[]) => listed.setFilter(name, values.slice(-1)) };
  const query: Asked = {
    ...state.paging,
    status: state.filters.status?.[0] as Asked["status"],
    week_key: state.filters.week_key?.find(isWeek),
  };
  const transfers = useRead("/api/intercompany/transfers", { query });
  return (
    <>
      <FilterBar state={state} filters={filterList()} actions={can("intercompany.manage") && <Retry />} />
      <DataTable<Transfer>
        name="transfers"
        label={t("transfers")}
        reading={transfers}
        rows={transfers.data?.transfers}
        rowId={(one) => one.id}
        rowName={(one) => `${direction(one.from_entity, one.to_entity)} ${one.product}`}
        columns={transferColumns(can("intercompany.manage"))}
        state={state}
        nothing={<NothingYet>{t("none")}</NothingYet>}
      />
    </>
  );
}

function filterList(): Filter[] {
  return [
    { name: "status", label: t("status"), options: optionsOf(transferState) },
    { name: "week_key", label: t("week"), shown: (key) => (isWeek(key) ? weekLabel(key) : key), hidden: true },
  ];
}

/** Transfers without a price, taken again once the price is set. */
function Retry() {
  const retry = useWrite("post", "/api/intercompany/retry-errors", TOUCHES);
  const go = async () => {
    try {
      const told = await retry.mutateAsync({});
      toast.done(told.retried ? t("retried", { fixed: number(told.fixed), left: number(told.still_error) }) : t("nothing_to_retry"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Button busy={retry.isPending} onClick={() => void go()}>
      {t("retry")}
    </Button>
  );
}

/** What is wrong with a transfer, in words. */
function problem(one: Transfer): string {
  if (one.transfer_status !== "error") return "–";
  return one.error_code === "pricing_missing" ? t("no_entity_price") : t("other_error");
}

export function transferColumns(manage: boolean): Column<Transfer>[] {
  const columns: Column<Transfer>[] = [
    { key: "sent", label: t("sent"), card: "title", render: (one) => <Link to={`/admin/leads/${one.lead_id}`}>{dateTime(one.sent_at)}</Link> },
    { key: "status", label: t("status"), card: "pill", render: (one) => <Pill of={transferState} value={one.transfer_status} /> },
    { key: "direction", label: t("direction"), card: "fact", render: (one) => direction(one.from_entity, one.to_entity) },
    { key: "product", label: t("product"), render: (one) => one.product },
    { key: "price", label: t("price"), align: "right", card: "fact", render: (one) => money(one.unit_price_ht) },
    { key: "week", label: t("week"), render: (one) => weekLabel(one.week_key) },
    { key: "problem", label: t("problem"), render: problem },
    { key: "invoice", label: t("invoice"), render: (one) => (one.invoice_id ? <Link to={`/admin/intercompany/${one.invoice_id}`}>{t("invoice")}</Link> : "–") },
    { key: "mode", label: t("why_mode"), extra: true, render: (one) => (one.routing_mode === "normal" ? t("normal") : t("fallback")) },
  ];
  if (manage) columns.push({ key: "action", label: t("action"), card: "fact", render: (one) => <Cancel transfer={one} /> });
  return columns;
}

function Cancel({ transfer }: { transfer: Transfer }) {
  const cancel = useWrite("post", "/api/intercompany/transfers/{transfer_id}/cancel", TOUCHES);
  const open = transfer.transfer_status === "pending" || transfer.transfer_status === "error";
  const ask = async () => {
    const said = await confirm({
      title: t("cancel_title", { direction: direction(transfer.from_entity, transfer.to_entity) }),
      body: t("cancel_body"),
      action: t("cancel_action"),
      danger: true,
    });
    if (!said) return;
    try {
      await cancel.mutateAsync({ path: { transfer_id: transfer.id } });
      toast.done(t("cancelled"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Button refusal={open ? undefined : t("not_pending")} busy={cancel.isPending} onClick={() => void ask()}>
      {t("cancel")}
    </Button>
  );
}
