import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { money, number } from "@/lib/format";
import type { Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { billingMode, textOf } from "@/words/states";
import { Figures } from "./BillingPage";
import { monthDays } from "./rules";
import { t } from "./words";

type Row = Schema<"MonthRow">;

/** A calendar month, day by day: what was sent in it, whatever the week it is billed with. */
export function MonthView({ month }: { month: string }) {
  const board = useRead("/api/billing/month-summary", { query: { month } });
  if (board.error && !board.data) return <ErrorBlock error={board.error} retry={() => void board.refetch()} />;
  if (!board.data) return <Lines count={12} />;
  return (
    <div className="stack" aria-busy={board.isPlaceholderData || undefined}>
      <Figures activity={board.data.summary} totals={board.data.totals} />
      <PlainTable<Row>
        label={t("month")}
        rows={board.data.rows}
        rowId={(one) => `${one.client_id}:${one.product_code}:${one.billing_mode}`}
        columns={columns(month)}
        nothing={<NothingYet>{t("nothing_month")}</NothingYet>}
      />
    </div>
  );
}

function columns(month: string): Column<Row>[] {
  const [first, last] = monthDays(month);
  return [
    {
      key: "client", label: t("client"), card: "title",
      render: (one) => <Link to={`/admin/clients/${one.client_id}/releve?du=${first}&au=${last}`}>{one.client_name}</Link>,
    },
    { key: "product", label: t("product"), card: "fact", render: (one) => one.product_code },
    { key: "entity", label: t("entity"), card: "pill", render: (one) => <EntityBadge code={one.entity} /> },
    { key: "mode", label: t("mode"), render: (one) => textOf(billingMode, one.billing_mode as keyof typeof billingMode) },
    { key: "units", label: t("units"), align: "right", card: "fact", render: (one) => number(one.units_billable) },
    { key: "leads", label: t("leads"), align: "right", render: (one) => number(one.units_leads) },
    { key: "lb", label: t("lb"), align: "right", render: (one) => number(one.units_lb) },
    { key: "free", label: t("free"), align: "right", render: (one) => number(one.units_free) },
    { key: "ht", label: t("ht"), align: "right", card: "fact", render: (one) => money(one.net_total_ht) },
    { key: "vat", label: t("vat"), align: "right", render: (one) => money(one.vat_amount) },
    { key: "ttc", label: t("ttc"), align: "right", card: "fact", render: (one) => money(one.total_ttc) },
    { key: "weeks", label: t("weeks"), align: "right", render: (one) => number(one.weeks_count) },
  ];
}
