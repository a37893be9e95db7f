/** What is done to a lead by hand: correct it, submit it again. */
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { leadStatus, textOf } from "@/words/states";
import { fullName } from "./name";
import { t } from "./words";

export const LEAD_TOUCHES = ["/api/leads", "/api/deliveries", "/api/commandes", "/api/cockpit", "/api/me", "/api/monitoring"];

/** Why it is what it is for good; the server decides. */
export function closed(lead: Pick<Schema<"LeadShown">, "status">): string | undefined {
  if (lead.status === "livre") return t("closed_livre");
  return lead.status === "test" || lead.status === "replaced_by_lb" ? t("closed_rest") : undefined;
}

export function Mending({ lead }: { lead: Schema<"LeadDetail"> }) {
  const can = useCan();
  const resubmit = useWrite("post", "/api/leads/{lead_id}/resubmit", LEAD_TOUCHES);
  if (!can("leads.edit_status")) return null;
  const refusal = closed(lead);
  const again = async () => {
    const said = await confirm({ title: t("resubmit_title", { name: fullName(lead) }), body: t("resubmit_body"), action: t("resubmit") });
    if (!said) return;
    try {
      const { status } = await resubmit.mutateAsync({ path: { lead_id: lead.id } });
      toast.done(t("resubmitted", { status: textOf(leadStatus, status) }));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <>
      {refusal ? <Button refusal={refusal}>{t("correct")}</Button> : <ButtonLink to={`/admin/leads/${lead.id}/corriger`}>{t("correct")}</ButtonLink>}
      {lead.status === "invalid" && (
        <Button busy={resubmit.isPending} onClick={() => void again()}>
          {t("resubmit")}
        </Button>
      )}
    </>
  );
}
