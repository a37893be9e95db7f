import { money, number, rate } from "@/lib/format";
import type { Column } from "@/ui/DataTable";
import { Card } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { balance, rowStatus } from "@/words/states";
import type { BillingRow } from "./rules";
import { t } from "./words";

/** The week product by product: what is invoiced, then what was paid in advance. */
export function ProductTables({ weekly, prepaid }: { weekly: BillingRow[]; prepaid: BillingRow[] }) {
  return (
    <>
      {weekly.length > 0 && (
        <Card title={t("by_product")}>
          <PlainTable label={t("by_product")} rows={weekly} rowId={(one) => one.record_id} columns={weeklyColumns()} nothing={t("none")} />
        </Card>
      )}
      {prepaid.length > 0 && (
        <Card title={t("prepaid")} note={t("prepaid_note")}>
          <PlainTable label={t("prepaid")} rows={prepaid} rowId={(one) => one.record_id} columns={prepaidColumns()} nothing={t("none")} />
        </Card>
      )}
    </>
  );
}

/** One price, several, or none: a missing price is seen. */
export function Price({ row }: { row: BillingRow }) {
  if (row.pricing_missing) return <TonePill tone="warning">{t("no_price")}</TonePill>;
  return <>{row.unit_price_ht_snapshot === null ? t("several_prices") : money(row.unit_price_ht_snapshot)}</>;
}

const name = (one: BillingRow) => one.client_name;

function weeklyColumns(): Column<BillingRow>[] {
  return [
    { key: "client", label: t("client"), card: "title", render: name },
    { key: "product", label: t("product"), card: "fact", render: (one) => one.product_code },
    { key: "units", label: t("units"), align: "right", card: "fact", render: (one) => number(one.units_billable) },
    { key: "leads", label: t("leads"), align: "right", render: (one) => number(one.units_leads) },
    { key: "lb", label: t("lb"), align: "right", render: (one) => number(one.units_lb) },
    { key: "free", label: t("free"), align: "right", render: (one) => number(one.units_free) },
    { key: "invoiced", label: t("invoiced"), align: "right", render: (one) => number(one.units_invoiced) },
    { key: "price", label: t("price"), align: "right", card: "fact", render: (one) => <Price row={one} /> },
    { key: "discount", label: t("discount"), align: "right", render: (one) => rate(one.discount_pct_snapshot) },
    { key: "ht", label: t("ht"), align: "right", card: "fact", render: (one) => money(one.net_total_ht) },
    { key: "status", label: t("status"), card: "pill", render: (one) => <Pill of={rowStatus} value={one.status} /> },
  ];
}

function prepaidColumns(): Column<BillingRow>[] {
  return [
    { key: "client", label: t("client"), card: "title", render: name },
    { key: "product", label: t("product"), card: "fact", render: (one) => one.product_code },
    { key: "units", label: t("units"), align: "right", card: "fact", render: (one) => number(one.units_billable) },
    { key: "bought", label: t("bought"), align: "right", render: (one) => number(one.prepaid_purchased) },
    { key: "used", label: t("used"), align: "right", render: (one) => number(one.prepaid_delivered) },
    { key: "left", label: t("left"), align: "right", card: "fact", render: (one) => number(one.prepaid_remaining) },
    {
      key: "balance", label: t("balance"), card: "pill",
      render: (one) => (one.prepaid_status ? <Pill of={balance} value={one.prepaid_status as keyof typeof balance} /> : <span className="muted">–</span>),
    },
  ];
}
