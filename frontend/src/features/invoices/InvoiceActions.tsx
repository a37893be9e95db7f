/** What can be done with a document, by its state and the person's rights. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { address } from "@/api/client";
import { useWrite } from "@/api/hooks";
import { RemindButton } from "@/features/reminders/RemindButton";
import { useHref } from "@/app/scope";
import { useCan } from "@/app/session";
import { money } from "@/lib/format";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { AskDialog } from "@/ui/AskDialog";
import { toast } from "@/ui/toasts";
import { AvoirDialog, TOUCHES } from "./AvoirDialog";
import { PayDialog } from "./Payments";
import { canCredit, canPay, isFree, type Invoice } from "./rules";
import { t } from "./words";

export function InvoiceActions({ invoice }: { invoice: Invoice }) {
  const can = useCan();
  const [open, setOpen] = useState<"pay" | "avoir" | "send">();
  const close = () => setOpen(undefined);
  const draft = invoice.status === "draft";
  return (
    <>
      <Documents invoice={invoice} />
      {can("billing.manage") && isFree(invoice) && <FreeDraft invoice={invoice} />}
      {can("billing.close") && canCredit(invoice) && <Button onClick={() => setOpen("avoir")}>{t("avoir")}</Button>}
      {can("billing.close") && invoice.status !== "void" && (
        <Button onClick={() => setOpen("send")}>{draft ? t("issue_send") : t("send")}</Button>
      )}
      {invoice.overdue && invoice.client_id && <RemindButton clientId={invoice.client_id} clientName={invoice.client_name} invoiceId={invoice.id} />}
      {can("billing.close") && draft && <Issue invoice={invoice} />}
      {can("billing.manage") && canPay(invoice) && (
        <Button kind="primary" onClick={() => setOpen("pay")}>
          {t("pay")}
        </Button>
      )}
      {open === "pay" && <PayDialog invoice={invoice} close={close} />}
      {open === "avoir" && <AvoirDialog invoice={invoice} deliveries={[]} close={close} />}
      {open === "send" && <SendDialog invoice={invoice} close={close} />}
    </>
  );
}

/** The document as it is, or as it would be: seen in a tab, or kept. */
export function Documents({ invoice }: { invoice: Invoice }) {
  const href = address(`/api/invoices/${encodeURIComponent(invoice.id)}/pdf`, { entity: invoice.entity });
  return (
    <>
      <a className="btn btn-default" href={href} target="_blank" rel="noreferrer">
        {t("pdf")}
      </a>
      <a className="btn btn-default" href={href} download={`${invoice.invoice_number ?? t("draft")}.pdf`}>
        {t("download")}
      </a>
    </>
  );
}

function Issue({ invoice }: { invoice: Invoice }) {
  const issue = useWrite("post", "/api/invoices/{invoice_id}/issue", TOUCHES);
  const ask = async () => {
    const said = await confirm({
      title: t("issue_title", { client: invoice.client_name }),
      body: t("issue_body", { ttc: money(invoice.amount_ttc) }),
      action: t("issue_action"),
    });
    if (!said) return;
    try {
      const told = await issue.mutateAsync({ path: { invoice_id: invoice.id } });
      toast.done(t("issued", { number: told.invoice.invoice_number ?? "" }));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Button kind="primary" busy={issue.isPending} onClick={() => void ask()}>
      {t("issue")}
    </Button>
  );
}

function FreeDraft({ invoice }: { invoice: Invoice }) {
  const remove = useWrite("delete", "/api/invoices/{invoice_id}", ["/api/invoices/overdue", "/api/billing", "/api/me"]);
  const navigate = useNavigate();
  const href = useHref();
  const ask = async () => {
    const said = await confirm({ title: t("delete_title"), body: t("delete_body"), action: t("delete_action"), danger: true });
    if (!said) return;
    try {
      await remove.mutateAsync({ path: { invoice_id: invoice.id } });
      toast.done(t("deleted"));
      await navigate(href("/admin/invoices"), { replace: true });
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <>
      <ButtonLink to={`/admin/invoices/${invoice.id}/modifier`}>{t("edit")}</ButtonLink>
      <Button busy={remove.isPending} onClick={() => void ask()}>
        {t("delete")}
      </Button>
    </>
  );
}

function SendDialog({ invoice, close }: { invoice: Invoice; close: () => void }) {
  const send = useWrite("post", "/api/invoices/{invoice_id}/send", TOUCHES);
  const [to, setTo] = useState("");
  const draft = invoice.status === "draft";
  const names = { number: invoice.invoice_number ?? "", client: invoice.client_name };
  const save = async () => {
    const given = to.split(/[,;\s]+/).filter(Boolean);
    const told = await send.mutateAsync({ path: { invoice_id: invoice.id }, body: { to: given } });
    toast.done(t("sent_done", { number: told.invoice_number, to: told.sent_to.join(", ") }));
  };
  return (
    <AskDialog title={draft ? t("issue_send_title", names) : t("send_title", names)} action={draft ? t("issue_send_action") : t("send_action")} close={close} save={save}>
      {(fields) => (
        <>
          {draft && <p>{t("issue_body_send", { ttc: money(invoice.amount_ttc) })}</p>}
          <p>{t("send_body")}</p>
          <TextInput label={t("send_to")} description={t("send_help")} value={to} onChange={(event) => setTo(event.currentTarget.value)} error={fields.to} />
        </>
      )}
    </AskDialog>
  );
}
