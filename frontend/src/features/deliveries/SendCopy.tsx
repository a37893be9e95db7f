/** A copy of a whole lot: the same file, nothing counted twice. */
import { useWrite } from "@/api/hooks";
import { useCan } from "@/app/session";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { SendPreview } from "./SendPreview";
import { t } from "./words";

export function SendCopy({ deliveryId, client }: { deliveryId: string; client: string }) {
  const can = useCan();
  const send = useWrite("post", "/api/deliveries/{delivery_id}/send", ["/api/batches", "/api/outbox"]);
  if (!can("deliveries.resend")) return null;
  const ask = async () => {
    const body = <SendPreview deliveryId={deliveryId} body={t("copy_body")} />;
    if (!(await confirm({ title: t("copy_batch_title", { client }), body, action: t("copy_action") }))) return;
    try {
      await send.mutateAsync({ path: { delivery_id: deliveryId }, body: { force: true } });
      toast.done(t("copy_done"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Button busy={send.isPending} onClick={() => void ask()}>
      {t("copy")}
    </Button>
  );
}
