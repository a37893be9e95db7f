import type { ReactNode } from "react";
import { useRead } from "@/api/hooks";
import { date, dateTime } from "@/lib/format";
import { Button, ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Facts } from "@/ui/Page";
import { Phone } from "@/ui/Phone";
import { Pill } from "@/ui/Pill";
import { SidePanel } from "@/ui/SidePanel";
import { Lines } from "@/ui/Skeletons";
import { reasonOf, rejection, why } from "@/words/reasons";
import { deliveryStatus, outcome } from "@/words/states";
import { contactName, type Delivery } from "./DeliveriesPage";
import { useDeciding } from "./deciding";
import { Sending } from "./Sending";
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
      <Sending delivery={delivery} />
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
    [t("last_return_day"), date(one.last_return_day)],
    [t("to"), one.sent_to?.join(", ")],
    [t("attempts"), one.send_attempts],
    [t("billable"), one.billable ? t("yes") : t("no")],
  ];
  if (decided) rows.push([t("reason"), reasonOf(rejection, one.rejection_reason ?? one.removal_reason)], [t("by"), decided]);
  if (one.cancel_reason) rows.push([t("cancelled"), reasonOf(why, one.cancel_reason)]);
  if (one.last_error) rows.push([t("last_error"), one.last_error]);
  return rows;
}

/** The reference of an action: permission, why not, confirmation with the object, one call, what the server said (`deciding.ts`). */
function Actions({ delivery }: { delivery: Delivery }) {
  const { id, status, outcome: decided } = delivery;
  const { allowed, refusal, decide, busy } = useDeciding({ id, status, outcome: decided, name: contactName(delivery), client: delivery.client_name, lastDay: delivery.last_return_day });
  if (!allowed) return null;
  return (
    <div className="inline">
      <Button refusal={refusal.reject} busy={busy.reject} onClick={() => void decide("reject")}>
        {t("reject")}
      </Button>
      <Button refusal={refusal.remove} busy={busy.remove} onClick={() => void decide("remove")}>
        {t("remove")}
      </Button>
    </div>
  );
}
