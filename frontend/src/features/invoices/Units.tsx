import { useState } from "react";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { dateTime, money } from "@/lib/format";
import { Button } from "@/ui/Button";
import { DataTable, useSelection, type Column } from "@/ui/DataTable";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Card } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { AvoirDialog } from "./AvoirDialog";
import { canCredit, type Invoice } from "./rules";
import { t } from "./words";

type Unit = Schema<"UnitLine">;
const NO_FILTER: string[] = [];

/** Every unit of the document, traced to its delivery; those chosen go on an avoir. */
export function Units({ invoice }: { invoice: Invoice }) {
  const can = useCan();
  const state = useListState(NO_FILTER);
  const units = useRead("/api/invoices/{invoice_id}/units", { path: { invoice_id: invoice.id }, query: state.paging });
  const [ids, set] = useSelection();
  const [crediting, setCrediting] = useState(false);
  const open = can("billing.close") && canCredit(invoice) && !!invoice.week_key;
  const credited = new Set(units.data?.units.filter((one) => one.credited).map((one) => one.delivery_id));
  const chosen = [...ids].filter((one) => !credited.has(one));
  const selection = open ? { ids, set, actions: <Button onClick={() => setCrediting(true)}>{t("avoir")}</Button> } : undefined;
  return (
    <Card title={t("units")} note={t("units_note")}>
      <DataTable<Unit>
        name="invoice-units"
        label={t("units")}
        reading={units}
        rows={units.data?.units}
        rowId={(one) => one.delivery_id}
        rowName={(one) => `${one.product_code} ${dateTime(one.sent_at)}`}
        columns={columns()}
        state={state}
        nothing={<p className="muted">{t("no_unit")}</p>}
        {...(selection ? { selection } : {})}
      />
      {crediting && (
        <AvoirDialog
          invoice={invoice}
          deliveries={chosen}
          close={() => {
            setCrediting(false);
            set(new Set());
          }}
        />
      )}
    </Card>
  );
}

function columns(): Column<Unit>[] {
  return [
    { key: "delivery", label: t("delivery"), card: "title", render: (one) => <Link to={`/admin/deliveries?fiche=${one.delivery_id}`}>{dateTime(one.sent_at)}</Link> },
    { key: "product", label: t("product"), card: "fact", render: (one) => one.product_code },
    { key: "kind", label: t("unit_kind"), render: (one) => (one.unit_type === "lb" ? t("lb_kind") : t("lead_kind")) },
    { key: "price", label: t("price"), align: "right", card: "fact", render: (one) => money(one.net_unit_eur) },
    { key: "credited", label: t("credited"), card: "pill", render: (one) => <TonePill tone={one.credited ? "warning" : "neutral"}>{one.credited ? t("credited_unit") : t("billed_unit")}</TonePill> },
  ];
}
