/** The hold: nothing leaves, of both entities, until a person says so. */
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { whoOf } from "@/features/audit/events";
import { dateTime } from "@/lib/format";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { TOUCHED } from "./ChannelsCard";
import { t } from "./words";

export function HoldBanner({ hold }: { hold: Schema<"HoldState"> }) {
  const can = useCan();
  const release = useWrite("delete", "/api/system/hold", TOUCHED);
  const go = async () => {
    if (!(await confirm({ title: t("release_title"), body: t("release_body"), action: t("release_action"), danger: true }))) return;
    try {
      await release.mutateAsync({});
      toast.done(t("released"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <div className="notice notice-warning" role="status">
      <div className="grow">
        <p>
          <strong>{t("held", { reason: hold.reason })}</strong>
        </p>
        <p>
          {t("held_by", { at: dateTime(hold.since), by: whoOf(hold.by) })} {t("held_help")}
        </p>
      </div>
      <ButtonLink to="/admin/outbox?state=pending">{t("held_look")}</ButtonLink>
      {can("system.manage") && (
        <Button kind="primary" busy={release.isPending} onClick={() => void go()}>
          {t("release")}
        </Button>
      )}
    </div>
  );
}

export function HoldButton() {
  const can = useCan();
  const hold = useWrite("post", "/api/system/hold", TOUCHED);
  if (!can("system.manage")) return null;
  const go = async () => {
    const said = await confirm({
      title: t("hold_title"), body: t("hold_body"), action: t("hold_action"), danger: true, note: t("hold_reason"), noteNeeded: true,
    });
    if (!said) return;
    try {
      await hold.mutateAsync({ body: { reason: said.note.trim() } });
      toast.done(t("holding"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Button busy={hold.isPending} onClick={() => void go()}>
      {t("hold")}
    </Button>
  );
}
