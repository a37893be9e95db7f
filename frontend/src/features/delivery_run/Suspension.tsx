/** Keeping a client out of the day's delivery, and letting it back in: reversible, undone from its message. */
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { dateTime, day } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { t } from "./words";

const TOUCHED = ["/api/delivery-run", "/api/clients", "/api/cockpit"];
type Suspension = Schema<"Suspension">;

export function SuspendButton({ id, name, suspension }: { id: string; name: string; suspension: Suspension | null | undefined }) {
  const can = useCan();
  const suspend = useWrite("post", "/api/clients/{client_id}/suspension", TOUCHED);
  const resume = useWrite("delete", "/api/clients/{client_id}/suspension", TOUCHED);
  if (!can("deliveries.resend")) return null;
  const path = { client_id: id };
  const hold = (reason: string) => suspend.mutateAsync({ path, body: { reason } });
  const stop = async () => {
    const said = await confirm({ title: t("suspend_title", { name }), body: t("suspend_body"), action: t("suspend"), danger: true, note: t("suspend_why") });
    if (!said) return;
    try {
      await hold(said.note.trim());
      toast.done(t("suspended"), { label: t("undo"), act: () => void resume.mutateAsync({ path }).catch(toast.failed) });
    } catch (error) {
      toast.failed(error);
    }
  };
  const back = async () => {
    try {
      await resume.mutateAsync({ path });
      toast.done(t("resumed"), { label: t("undo"), act: () => void hold(suspension?.reason ?? "").catch(toast.failed) });
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Button busy={suspend.isPending || resume.isPending} aria-label={`${t(suspension ? "resume" : "suspend")} : ${name}`} onClick={() => void (suspension ? back() : stop())}>
      {t(suspension ? "resume" : "suspend")}
    </Button>
  );
}

/** Why nothing leaves for a client, since when, by whom. */
export function SuspendedNotice({ suspension, action }: { suspension: Suspension; action?: React.ReactNode }) {
  return (
    <div className="notice notice-warning" role="status">
      <div className="grow">
        <p>
          <strong>{t("suspended_until", { day: day(suspension.through) })}</strong> {t("suspended_by", { who: suspension.by, at: dateTime(suspension.at) })}
        </p>
        {suspension.reason && <p>{t("suspended_why", { reason: suspension.reason })}</p>}
      </div>
      {action}
    </div>
  );
}
