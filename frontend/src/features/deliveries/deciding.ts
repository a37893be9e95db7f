/** Rejecting and removing a delivery, from its panel, its lead's page or the palette: the same confirmation, the same call. */
import { useWrite } from "@/api/hooks";
import { useActions } from "@/app/actions";
import { useCan, useSession } from "@/app/session";
import { day, parisDay } from "@/lib/format";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { reasonOf, rejection, REJECTIONS, REMOVALS } from "@/words/reasons";
import { t } from "./words";

export interface Decidable {
  id: string;
  status: string;
  outcome: string | null;
  /** The lead's person, and the buyer. */
  name: string;
  client: string;
  /** Until when the client may refuse it; none before it is sent. */
  lastDay: string | null | undefined;
}
type Verdict = "reject" | "remove";

const TOUCHES = ["/api/deliveries", "/api/leads", "/api/cockpit", "/api/me"];

/** Also offers both in the palette. `delivery`: none when there is nothing to decide here. */
export function useDeciding(delivery: Decidable | undefined) {
  const can = useCan();
  const reject = useWrite("post", "/api/deliveries/{delivery_id}/reject-leads", TOUCHES);
  const remove = useWrite("post", "/api/deliveries/{delivery_id}/remove-lead", TOUCHES);
  const send = (id: string, verdict: Verdict, reason: string, reason_detail: string) =>
    verdict === "reject"
      ? reject.mutateAsync({ path: { delivery_id: id }, body: { reason, reason_detail, force: false } })
      : remove.mutateAsync({ path: { delivery_id: id }, body: { reason, reason_detail } });
  const decide = async (verdict: Verdict) => {
    if (!delivery) return;
    const names = { name: delivery.name, client: delivery.client };
    const codes = verdict === "reject" ? REJECTIONS : REMOVALS;
    const said = await confirm({
      title: t(`${verdict}_title`, names),
      body: t(`${verdict}_body`),
      action: t(`${verdict}_action`),
      danger: true,
      reasons: codes.map((value) => ({ value, label: reasonOf(rejection, value) })),
      note: t("note"),
    });
    if (!said) return;
    try {
      await send(delivery.id, verdict, said.reason, said.note);
      toast.done(t(verdict === "reject" ? "rejected" : "removed"));
    } catch (error) {
      toast.failed(error);
    }
  };
  const { now } = useSession();
  const refusal = !delivery ? undefined : delivery.status !== "sent" ? t("not_sent") : delivery.outcome !== "accepted" ? t("already") : undefined;
  const allowed = can("deliveries.outcome") && delivery !== undefined;
  // Only a rejection has an end; taking back has none (rule 16).
  const over = refusal === undefined && !!delivery?.lastDay && delivery.lastDay < parisDay(now) ? t("window_over", { day: day(delivery.lastDay) }) : undefined;
  const refused = { reject: refusal ?? over, remove: refusal };
  useActions(
    (["reject", "remove"] as const)
      .filter(() => allowed)
      .map((verdict) => ({ key: verdict, label: t(`${verdict}_action`), refusal: refused[verdict], run: () => void decide(verdict) })),
  );
  return { allowed, refusal: refused, decide, busy: { reject: reject.isPending, remove: remove.isPending } };
}
