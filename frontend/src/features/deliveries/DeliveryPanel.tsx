import type { ReactNode } from "react";
import { useRead, useWrite } from "@/api/hooks";
import { useCan } from "@/app/session";
import { date, dateTime } from "@/lib/format";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Facts } from "@/ui/Page";
import { Phone } from "@/ui/Phone";
import { Pill } from "@/ui/Pill";
import { SidePanel } from "@/ui/SidePanel";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { reasonOf, rejection, REJECTIONS, REMOVALS, why } from "@/words/reasons";
import { deliveryStatus, outcome } from "@/words/states";
import { contactName, type Delivery } from "./DeliveriesPage";
import { t } from "./words";

interface Props {
  id: string;
  /** The row of the list, shown at once; read alone when the link leads to another page's row. */
  known: Delivery | undefined;
  previous: string | undefined;
  next: string | undefined;
  open: (id: string | undefined) => void;
}

export function DeliveryPanel({ id, known, ...keys }: Props) {
  const read = useRead("/api/deliveries/{delivery_id}", { path: { delivery_id: id }, enabled: !known });
  const delivery = known ?? read.data;
  return (
    <SidePanel title={delivery ? contactName(delivery) : t("title")} {...keys}>
      {delivery ? <Shown delivery={delivery} /> : read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={8} />}
    </SidePanel>
  );
}

function Shown({ delivery }: { delivery: Delivery }) {
  return (
    <div className="stack">
      <span className="inline">
        <Pill of={deliveryStatus} value={delivery.status} />
        {delivery.status === "sent" && <Pill of={outcome} value={delivery.outcome} />}
        <EntityBadge code={delivery.entity} />
      </span>
      <Actions delivery={delivery} />
      <Facts rows={facts(delivery)} />
      <ButtonLink to={`/admin/leads/${delivery.lead_id}`}>{t("lead_page")}</ButtonLink>
    </div>
  );
}

function facts(one: Delivery): [string, ReactNode][] {
  const decided = one.rejected_by ?? one.removed_by;
  const rows: [string, ReactNode][] = [
    [t("client"), one.client_name],
    [t("phone"), <Phone key="phone" e164={one.contact.phone} />],
    [t("departement"), one.contact.departement],
    [t("produit"), one.produit],
    [t("due"), date(one.due_day)],
    [t("sent"), dateTime(one.last_sent_at)],
    [t("to"), one.sent_to?.join(", ")],
    [t("attempts"), one.send_attempts],
    [t("billable"), one.billable ? t("yes") : t("no")],
  ];
  if (decided) rows.push([t("reason"), reasonOf(rejection, one.rejection_reason ?? one.removal_reason)], [t("by"), decided]);
  if (one.cancel_reason) rows.push([t("cancelled"), reasonOf(why, one.cancel_reason)]);
  if (one.last_error) rows.push([t("last_error"), one.last_error]);
  return rows;
}

/** The reference of an action: permission, why not, confirmation with the object, one call, what the server said. */
function Actions({ delivery }: { delivery: Delivery }) {
  const can = useCan();
  const touches = ["/api/deliveries", "/api/leads", "/api/cockpit", "/api/me"];
  const reject = useWrite("post", "/api/deliveries/{delivery_id}/reject-leads", touches);
  const remove = useWrite("post", "/api/deliveries/{delivery_id}/remove-lead", touches);
  if (!can("deliveries.outcome")) return null;
  const refusal = delivery.status !== "sent" ? t("not_sent") : delivery.outcome !== "accepted" ? t("already") : undefined;
  const decide = async (kind: "reject" | "remove") => {
    const names = { name: contactName(delivery), client: delivery.client_name };
    const codes = kind === "reject" ? REJECTIONS : REMOVALS;
    const said = await confirm({
      title: t(`${kind}_title`, names),
      body: t(`${kind}_body`),
      action: t(`${kind}_action`),
      danger: true,
      reasons: codes.map((value) => ({ value, label: reasonOf(rejection, value) })),
      note: t("note"),
    });
    if (!said) return;
    const call = { path: { delivery_id: delivery.id }, body: { reason: said.reason, reason_detail: said.note, force: false } };
    try {
      await (kind === "reject" ? reject.mutateAsync(call) : remove.mutateAsync({ ...call, body: { reason: said.reason, reason_detail: said.note } }));
      toast.done(t(kind === "reject" ? "rejected" : "removed"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <div className="inline">
      <Button refusal={refusal} busy={reject.isPending} onClick={() => void decide("reject")}>
        {t("reject")}
      </Button>
      <Button refusal={refusal} busy={remove.isPending} onClick={() => void decide("remove")}>
        {t("remove")}
      </Button>
    </div>
  );
}
