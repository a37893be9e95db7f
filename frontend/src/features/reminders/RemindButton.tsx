import { lazy, Suspense, useState } from "react";
import { useCan } from "@/app/session";
import { Button } from "@/ui/Button";
import { t } from "./words";

/** Fetched when it is asked for: the pages that offer it stay light. */
const RemindDialog = lazy(() => import("./RemindDialog"));

export function RemindButton({ clientId, clientName, invoiceId }: { clientId: string; clientName: string; invoiceId?: string }) {
  const can = useCan();
  const [open, setOpen] = useState(false);
  if (!can("billing.close")) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("remind")}</Button>
      {open && (
        <Suspense>
          <RemindDialog clientId={clientId} clientName={clientName} {...(invoiceId ? { invoiceId } : {})} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
