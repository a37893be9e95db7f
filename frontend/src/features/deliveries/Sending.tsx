/** Send now, send a copy, take back, read the file: only what the state allows is offered (backend/dispatch). */
import { address } from "@/api/client";
import { useWrite } from "@/api/hooks";
import { useCan } from "@/app/session";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { SendPreview } from "./SendPreview";
import { contactName, type Delivery } from "./DeliveriesPage";
import { t } from "./words";

const TOUCHED = ["/api/deliveries", "/api/leads", "/api/batches", "/api/outbox", "/api/cockpit", "/api/me"];
type Verb = "send" | "again" | "copy" | "cancel";

export function allowed(status: Delivery["status"]): Verb[] {
  if (status === "sent") return ["copy"];
  if (status === "failed") return ["again", "cancel"];
  return status === "pending_csv" || status === "ready_to_send" ? ["send", "cancel"] : [];
}

export function Sending({ delivery }: { delivery: Delivery }) {
  const can = useCan();
  const send = useWrite("post", "/api/deliveries/{delivery_id}/send", TOUCHED);
  const cancel = useWrite("post", "/api/deliveries/{delivery_id}/cancel", TOUCHED);
  const act = async (verb: Verb) => {
    const names = { name: contactName(delivery), client: delivery.client_name };
    const said = await confirm({ title: t(`${verb}_title`, names), body: verb === "cancel" ? t("cancel_body") : <SendPreview deliveryId={delivery.id} body={t(`${verb}_body`)} />, action: t(`${verb}_action`), danger: verb === "cancel" });
    if (!said) return;
    const path = { delivery_id: delivery.id };
    try {
      await (verb === "cancel" ? cancel.mutateAsync({ path }) : send.mutateAsync({ path, body: { force: verb === "copy" } }));
      toast.done(t(`${verb}_done`));
    } catch (error) {
      toast.failed(error);
    }
  };
  const file = address(`/api/deliveries/${encodeURIComponent(delivery.id)}/download`);
  return (
    <div className="inline">
      {can("deliveries.resend") &&
        allowed(delivery.status).map((verb) => (
          <Button key={verb} busy={send.isPending || cancel.isPending} onClick={() => void act(verb)}>
            {t(verb)}
          </Button>
        ))}
      <a className="btn btn-quiet" href={file} download>
        {t("download")}
      </a>
    </div>
  );
}
