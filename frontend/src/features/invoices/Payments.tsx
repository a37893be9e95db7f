import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan, useSession } from "@/app/session";
import { date, money } from "@/lib/format";
import { parisDay } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { AskDialog } from "@/ui/AskDialog";
import { Card } from "@/ui/Page";
import { toast } from "@/ui/toasts";
import { optionsOf, paymentMethod, textOf } from "@/words/states";
import { TOUCHES } from "./AvoirDialog";
import { amountTyped, canPay, type Invoice } from "./rules";
import { t } from "./words";

type Payment = Schema<"Payment">;

/** Money received, in the order it was noted; a mistake is undone by a contrary line. */
export function Payments({ invoice, payments }: { invoice: Invoice; payments: Payment[] }) {
  const can = useCan();
  const undone = new Set(payments.map((one) => one.undoes));
  const undo = useWrite("post", "/api/invoices/{invoice_id}/payments/{payment_id}/undo", TOUCHES);
  const ask = async (one: Payment) => {
    const said = await confirm({
      title: t("undo_title", { amount: money(one.amount), date: date(one.paid_on) }),
      body: t("undo_body"),
      action: t("undo_action"),
      danger: true,
    });
    if (!said) return;
    try {
      await undo.mutateAsync({ path: { invoice_id: invoice.id, payment_id: one.id } });
      toast.done(t("payment_undone"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Card title={t("payments")}>
      {payments.length === 0 && <p className="muted">{t("no_payment")}</p>}
      <ul className="plain">
        {payments.map((one) => (
          <li key={one.id}>
            <span>{date(one.paid_on)}</span>
            <span className="grow">
              {one.undoes ? t("undone") : textOf(paymentMethod, one.method as keyof typeof paymentMethod)} {one.reference}
              {one.note && <span className="note"> {one.note}</span>}
            </span>
            <strong>{money(one.amount)}</strong>
            {can("billing.manage") && !one.undoes && !undone.has(one.id) && (
              <Button busy={undo.isPending} onClick={() => void ask(one)}>
                {t("undo")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function PayDialog({ invoice, close }: { invoice: Invoice; close: () => void }) {
  const pay = useWrite("post", "/api/invoices/{invoice_id}/payments", TOUCHES);
  const { now } = useSession();
  const [amount, setAmount] = useState(canPay(invoice) ? invoice.balance_due.replace(".", ",") : "");
  const [on, setOn] = useState(parisDay(new Date(now)));
  const [method, setMethod] = useState<keyof typeof paymentMethod>("virement");
  const [reference, setReference] = useState("");
  const typed = amountTyped(amount);
  const save = async () => {
    if (!typed) return;
    await pay.mutateAsync({ path: { invoice_id: invoice.id }, body: { amount: typed, paid_on: on, method, reference, note: "" } });
    toast.done(t("paid"));
  };
  return (
    <AskDialog
      title={t("pay_title", { number: invoice.invoice_number ?? "" })}
      action={t("pay_action")}
      close={close}
      save={save}
      wrong={typed && Number(typed) > 0 && on ? undefined : t("amount_needed")}
    >
      {(fields) => (
        <>
          <TextInput label={t("amount")} inputMode="decimal" value={amount} onChange={(event) => setAmount(event.currentTarget.value)} error={fields.amount} />
          <TextInput type="date" label={t("paid_on")} value={on} onChange={(event) => setOn(event.currentTarget.value)} error={fields.paid_on} />
          <Select label={t("method")} data={optionsOf(paymentMethod)} value={method} onChange={(value) => value && setMethod(value as keyof typeof paymentMethod)} allowDeselect={false} />
          <TextInput label={t("reference")} value={reference} onChange={(event) => setReference(event.currentTarget.value)} error={fields.reference} />
        </>
      )}
    </AskDialog>
  );
}
