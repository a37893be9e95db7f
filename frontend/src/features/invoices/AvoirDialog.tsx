import { NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import { AskDialog } from "@/ui/AskDialog";
import { toast } from "@/ui/toasts";
import type { Invoice } from "./rules";
import { t } from "./words";

export const TOUCHES = ["/api/invoices", "/api/billing", "/api/clients", "/api/cockpit", "/api/me"];

/** An avoir on the units chosen, or on everything that is left; on an acompte, on units not used. */
export function AvoirDialog({ invoice, deliveries, close }: { invoice: Invoice; deliveries: string[]; close: () => void }) {
  const credit = useWrite("post", "/api/invoices/{invoice_id}/credit-note", TOUCHES);
  const [reason, setReason] = useState("");
  const [units, setUnits] = useState<string | number>("");
  const prepaid = invoice.type === "prepayment";
  const save = async () => {
    const body = { delivery_ids: deliveries, units: prepaid && units !== "" ? Math.trunc(Number(units)) : null, reason };
    const told = await credit.mutateAsync({ path: { invoice_id: invoice.id }, body });
    toast.done(t("avoir_done", { number: told.invoice.invoice_number ?? "" }));
  };
  return (
    <AskDialog
      title={t("avoir_title", { number: invoice.invoice_number ?? "" })}
      action={t("avoir_action")}
      danger
      close={close}
      save={save}
      wrong={reason.trim() ? undefined : t("reason_needed")}
    >
      {(fields) => (
        <>
          {!prepaid && <p>{deliveries.length ? t("chosen", { count: deliveries.length }) : t("avoir_all")}</p>}
          {prepaid && <NumberInput label={t("avoir_units")} value={units} onChange={setUnits} min={1} allowDecimal={false} error={fields.units} hideControls />}
          <Textarea label={t("reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} error={fields.reason} />
          <p className="note">{t("avoir_effect")}</p>
        </>
      )}
    </AskDialog>
  );
}
