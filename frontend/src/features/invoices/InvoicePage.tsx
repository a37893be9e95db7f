/** One document: what it says, the units behind it, what was paid and credited. */
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useOpened } from "@/app/opened";
import { date, dateTime, money, number, rate } from "@/lib/format";
import { weekLabel } from "@/lib/weeks";
import type { Column } from "@/ui/DataTable";
import { t as reminders } from "@/features/reminders/words";
import { History } from "@/features/audit/History";
import { Reminders } from "@/features/reminders/Reminders";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card, Facts, Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { invoiceState, invoiceType, reminderLevel, textOf } from "@/words/states";
import { InvoiceActions } from "./InvoiceActions";
import { Payments } from "./Payments";
import { stateOf, type Invoice, type Line } from "./rules";
import { Units } from "./Units";
import { t } from "./words";

export default function InvoicePage() {
  const { id = "" } = useParams();
  const read = useRead("/api/invoices/{invoice_id}", { path: { invoice_id: id } });
  if (!read.data) {
    return (
      <Page title={t("record")} narrow="record">
        {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={10} />}
      </Page>
    );
  }
  return <Shown {...read.data} />;
}

export function numberOf(one: Invoice): string {
  return one.invoice_number ?? t("draft");
}

function Shown({ invoice, payments, credit_notes }: Schema<"InvoiceOne">) {
  const title = `${textOf(invoiceType, invoice.type)} ${numberOf(invoice)}`;
  useOpened("invoice", title);
  return (
    <Page
      title={title}
      narrow="record"
      intro={
        <span className="inline">
          <Pill of={invoiceState} value={stateOf(invoice)} />
          <EntityBadge code={invoice.entity} />
          {invoice.client_name} · {money(invoice.amount_ttc)} {t("ttc")}
        </span>
      }
      actions={<InvoiceActions invoice={invoice} />}
    >
      <div className="columns">
        <div className="stack">
          <InvoiceLines invoice={invoice} />
          {invoice.units > 0 && <Units invoice={invoice} />}
          {invoice.type !== "credit_note" && invoice.status !== "draft" && <Payments invoice={invoice} payments={payments} />}
        </div>
        <div className="stack">
          <Card title={t("identity")}>
            <Facts rows={facts(invoice)} />
          </Card>
          {credit_notes.length > 0 && <Avoirs notes={credit_notes} />}
          {invoice.issued_at && invoice.client_id && invoice.type !== "credit_note" && <Reminders invoiceId={invoice.id} asked />}
          <History id={invoice.id} kind="invoice" />
        </div>
      </div>
    </Page>
  );
}

function facts(one: Invoice): [string, ReactNode][] {
  const rows: [string, ReactNode][] = [
    [t("client"), one.client_name],
    [t("issued_on"), date(one.issue_date)],
    [t("due_on"), date(one.due_at)],
    [t("sent"), dateTime(one.sent_at)],
    [t("sent_to"), one.sent_to?.join(", ")],
    [reminders("last_on"), one.reminded_at && one.reminder_level && `${dateTime(one.reminded_at)} · ${textOf(reminderLevel, one.reminder_level)}`],
    [t("week"), one.week_key ? weekLabel(one.week_key) : ""],
    [t("description"), one.description],
    [t("created"), `${dateTime(one.created_at)} · ${one.created_by}`],
  ];
  if (one.status !== "draft" && one.type !== "credit_note") {
    rows.splice(1, 0, [t("paid_amount"), money(one.paid_amount)], [t("credited_ttc"), money(one.credited_ttc)], [t("due"), money(one.balance_due)]);
  }
  if (one.corrects) rows.splice(1, 0, [t("corrects"), <Link key="corrects" to={`/admin/invoices/${one.corrects.invoice_id}`}>{one.corrects.invoice_number}</Link>]);
  if (one.client_id) {
    rows.push([t("statement"), <Link key="statement" to={`/admin/clients/${one.client_id}/releve`}>{t("open_statement")}</Link>]);
  }
  return rows;
}

/** The lines, their TVA by rate, and the total; an offered unit costs nothing and is told. */
export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  const lines = (invoice.line_items ?? []).map((one, at) => ({ ...one, at }));
  return (
    <Card title={t("lines")}>
      <div className="stack">
        <PlainTable label={t("lines")} rows={lines} rowId={(one) => String(one.at)} columns={lineColumns()} nothing={<p className="muted">–</p>} />
        <table className="mini">
          <tbody>
            <tr>
              <th scope="row">{t("ht")}</th>
              <td className="right">{money(invoice.amount_ht)}</td>
            </tr>
            {(invoice.vat_breakdown ?? []).map((one) => (
              <tr key={one.rate}>
                <th scope="row">{`${t("vat")} ${rate(one.rate)} (${t("base")} ${money(one.base_ht)})`}</th>
                <td className="right">{money(one.vat)}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">{t("ttc")}</th>
              <td className="right"><strong>{money(invoice.amount_ttc)}</strong></td>
            </tr>
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function lineColumns(): Column<Line & { at: number }>[] {
  return [
    { key: "label", label: t("label"), card: "title", render: (one) => one.label },
    { key: "quantity", label: t("quantity"), align: "right", card: "fact", render: (one) => number(one.quantity) },
    { key: "price", label: t("unit_price"), align: "right", card: "fact", render: (one) => money(one.unit_price_ht) },
    { key: "discount", label: t("discount"), align: "right", render: (one) => rate(one.discount_pct) },
    { key: "rate", label: t("rate"), align: "right", render: (one) => rate(one.vat_rate) },
    { key: "total", label: t("ht"), align: "right", card: "fact", render: (one) => money(one.total_ht) },
  ];
}

function Avoirs({ notes }: { notes: Invoice[] }) {
  return (
    <Card title={t("avoirs")}>
      <ul className="plain">
        {notes.map((one) => (
          <li key={one.id}>
            <Link to={`/admin/invoices/${one.id}`}>{numberOf(one)}</Link>
            <span className="grow">{date(one.issue_date)}</span>
            {money(one.amount_ttc)}
          </li>
        ))}
      </ul>
    </Card>
  );
}
