/** Relevé: what a client received, was billed and paid between two days; the period is in the address. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useSession } from "@/app/session";
import { stateOf } from "@/features/invoices/rules";
import { date, money, number } from "@/lib/format";
import { parisDay } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Stat } from "@/ui/Figure";
import { Link } from "@/ui/Link";
import { Card, Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { t as ui } from "@/ui/words";
import { invoiceState, invoiceType, paymentMethod, textOf } from "@/words/states";
import { monthDays } from "./rules";
import { t } from "./words";

type Document = Schema<"StatementInvoice">;
type Payment = Schema<"Payment">;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export default function StatementPage() {
  const { id = "" } = useParams();
  const { now } = useSession();
  const [params, setParams] = useSearchParams();
  const [start, end] = monthDays(parisDay(new Date(now)).slice(0, 7));
  const asked = [params.get("du") ?? "", params.get("au") ?? ""] as const;
  const [first, last] = DAY.test(asked[0]) && DAY.test(asked[1]) ? asked : [start, end];
  const read = useRead("/api/clients/{client_id}/statement", { path: { client_id: id }, query: { first, last } });
  const choose = (du: string, au: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.set("du", du);
      after.set("au", au);
      return after;
    });
  const shown = read.data;
  return (
    <Page title={t("statement_title")} intro={shown ? `${shown.client_name} · ${t("statement_intro")}` : t("statement_intro")} narrow="record">
      <Period key={`${first}:${last}`} first={first} last={last} choose={choose} />
      {read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {!shown ? !read.error && <Lines count={10} /> : <Shown statement={shown} />}
    </Page>
  );
}

function Period({ first, last, choose }: { first: string; last: string; choose: (first: string, last: string) => void }) {
  const [from, setFrom] = useState(first);
  const [to, setTo] = useState(last);
  const wrong = from && to && from <= to ? undefined : t("bad_period");
  return (
    <form
      className="bar period"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) choose(from, to);
      }}
    >
      <TextInput type="date" label={t("from")} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      <TextInput type="date" label={t("to")} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      <Button type="submit" refusal={wrong}>
        {ui("more")}
      </Button>
    </form>
  );
}

function Shown({ statement }: { statement: Schema<"Statement"> }) {
  return (
    <>
      <div className="figures">
        <Stat label={t("units_sent")} value={number(statement.units_billable)} note={`${t("ht")} ${money(statement.net_ht)}`} />
        <Stat label={t("invoiced_ttc")} value={money(statement.invoiced_ttc)} />
        <Stat label={t("credited_ttc")} value={money(statement.credited_ttc)} />
        <Stat label={t("paid")} value={money(statement.paid)} />
        <Stat label={t("due")} value={money(statement.balance)} />
      </div>
      <Card title={t("documents")}>
        <PlainTable<Document>
          label={t("documents")}
          rows={statement.invoices}
          rowId={(one) => one.id}
          columns={documents()}
          nothing={<p className="muted">{t("no_document")}</p>}
        />
      </Card>
      <Card title={t("payments")}>
        <PlainTable<Payment>
          label={t("payments")}
          rows={statement.payments}
          rowId={(one) => one.id}
          columns={payments()}
          nothing={<p className="muted">{t("no_payment")}</p>}
        />
      </Card>
    </>
  );
}

function documents(): Column<Document>[] {
  return [
    { key: "number", label: t("number"), card: "title", render: (one) => <Link to={`/admin/invoices/${one.id}`}>{one.invoice_number}</Link> },
    { key: "type", label: t("type"), card: "fact", render: (one) => textOf(invoiceType, one.type) },
    { key: "status", label: t("document_state"), card: "pill", render: (one) => <Pill of={invoiceState} value={stateOf(one)} /> },
    { key: "issued", label: t("issued_on"), render: (one) => date(one.issue_date) },
    { key: "due", label: t("due_on"), render: (one) => date(one.due_at) },
    { key: "ht", label: t("ht"), align: "right", render: (one) => money(one.amount_ht) },
    { key: "ttc", label: t("ttc"), align: "right", card: "fact", render: (one) => money(one.amount_ttc) },
    { key: "left", label: t("still_due"), align: "right", card: "fact", render: (one) => (one.type === "credit_note" ? "–" : money(one.balance_due)) },
  ];
}

function payments(): Column<Payment>[] {
  return [
    { key: "on", label: t("paid_on"), card: "title", render: (one) => <Link to={`/admin/invoices/${one.invoice_id}`}>{date(one.paid_on)}</Link> },
    { key: "method", label: t("method"), card: "fact", render: (one) => textOf(paymentMethod, one.method as keyof typeof paymentMethod) },
    { key: "reference", label: t("reference"), card: "fact", render: (one) => one.reference || "–" },
    { key: "amount", label: t("amount"), align: "right", card: "pill", render: (one) => money(one.amount) },
  ];
}
