/** One invoice between entities, and the transfers it carries. */
import { useParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { InvoiceLines } from "@/features/invoices/InvoicePage";
import { stateOf } from "@/features/invoices/rules";
import { date, money } from "@/lib/format";
import { weekLabel } from "@/lib/weeks";
import { ButtonLink } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card, Facts, Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { invoiceState } from "@/words/states";
import { direction } from "./rules";
import { transferColumns, type Transfer } from "./Transfers";
import { t } from "./words";

export default function BetweenPage() {
  const { id = "" } = useParams();
  const read = useRead("/api/intercompany/invoices/{between_id}", { path: { between_id: id } });
  if (read.data) return <Shown {...read.data} />;
  return (
    <Page title={t("record")} narrow="record">
      {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={10} />}
    </Page>
  );
}

function Shown({ invoice, transfers, credit_notes }: Schema<"IntercompanyInvoice">) {
  const can = useCan();
  return (
    <Page
      title={`${t("record")} ${invoice.invoice_number ?? t("draft")}`}
      narrow="record"
      intro={
        <span className="inline">
          <Pill of={invoiceState} value={stateOf(invoice)} />
          {direction(invoice.from_entity, invoice.to_entity)} · {money(invoice.amount_ttc)} {t("ttc")}
        </span>
      }
      actions={can("billing.view") && <ButtonLink to={`/admin/invoices/${invoice.id}`}>{t("document")}</ButtonLink>}
    >
      <div className="columns">
        <div className="stack">
          <InvoiceLines invoice={invoice} />
          <Card title={t("carried")}>
            <PlainTable<Transfer> label={t("carried")} rows={transfers} rowId={(one) => one.id} columns={transferColumns(false)} nothing={<p className="muted">–</p>} />
          </Card>
        </div>
        <Card title={t("invoice")}>
          <Facts
            rows={[
              [t("week"), invoice.week_key ? weekLabel(invoice.week_key) : ""],
              [t("issued"), date(invoice.issue_date)],
              [t("paid"), money(invoice.paid_amount)],
              [t("left"), money(invoice.balance_due)],
              [t("avoirs"), credit_notes.map((one) => `${one.invoice_number ?? t("draft")} (${money(one.amount_ttc)})`).join(", ")],
            ]}
          />
        </Card>
      </div>
    </Page>
  );
}
