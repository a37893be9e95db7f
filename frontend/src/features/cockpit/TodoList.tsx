import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan, useSession } from "@/app/session";
import { dateTime, money } from "@/lib/format";
import { RemindButton } from "@/features/reminders/RemindButton";
import { Button, ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { Card } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { toast } from "@/ui/toasts";
import { t as ui } from "@/ui/words";
import { leadStatus, textOf, type Tone } from "@/words/states";
import { t } from "./words";

type Todo = Schema<"Todo">;
const SHOWN = 6;
const TONES: Record<Todo["kind"], Tone> = {
  uncertain: "danger",
  channel_stopped: "danger",
  failed: "danger",
  dead: "danger",
  client_undeliverable: "warning",
  ready_by_hand: "warning",
  price_missing: "warning",
  leads_waiting: "warning",
  prepaid_low: "warning",
  invoices_overdue: "warning",
  provider_silent: "warning",
  low_quota: "info",
};

/** What waits for a person, what cannot wait first; who takes care of each line is seen by the team. */
export function TodoList({ rows }: { rows: Todo[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <Card title={`${t("todo")} (${rows.length})`}>
      {!rows.length && <p className="muted">{t("empty_todo")}</p>}
      <ul className="todo">
        {shown.map((one) => (
          <Line key={one.key} one={one} />
        ))}
      </ul>
      {rows.length > SHOWN && !all && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          {`${ui("more")} (${rows.length - SHOWN})`}
        </Button>
      )}
    </Card>
  );
}

function Line({ one }: { one: Todo }) {
  const amount = one.amount ? money(one.amount) : "";
  const cause = one.status ? textOf(leadStatus, one.status) : "";
  return (
    <li>
      <TonePill tone={TONES[one.kind]}>{String(one.count)}</TonePill>
      <EntityBadge code={one.entity} />
      <div className="grow">
        <div>{t(`todo_${one.kind}` as "todo_failed", { count: one.count, cause, amount })}</div>
        {!!one.names?.length && one.kind !== "channel_stopped" && <div className="note">{one.names.join(", ")}</div>}
        {one.claim && <div className="note">{t("claimed", { name: one.claim.name, at: dateTime(one.claim.at) })}</div>}
      </div>
      <ClaimButton one={one} />
      <Act one={one} />
    </li>
  );
}

/** Done here when one dialog is enough; else where it is done. */
function Act({ one }: { one: Todo }) {
  const can = useCan();
  if (one.kind === "invoices_overdue" && one.client_id && can("billing.close")) {
    return <RemindButton clientId={one.client_id} clientName={one.names?.[0] ?? ""} />;
  }
  return <ButtonLink to={link(one)}>{t(`do_${one.kind}`)}</ButtonLink>;
}

/** Reversible: the same button gives the line back. */
function ClaimButton({ one }: { one: Todo }) {
  const can = useCan();
  const { user } = useSession();
  const take = useWrite("post", "/api/cockpit/claims", ["/api/cockpit"]);
  const give = useWrite("delete", "/api/cockpit/claims", ["/api/cockpit"]);
  if (!can("leads.add_note")) return null;
  const mine = one.claim?.by === user.email;
  const key = one.key ?? "";
  const act = () => void (mine ? give.mutateAsync({ query: { key } }) : take.mutateAsync({ body: { key } })).catch(toast.failed);
  return (
    <Button kind="quiet" busy={take.isPending || give.isPending} onClick={act}>
      {t(mine ? "release" : "claim")}
    </Button>
  );
}

/** To exactly the rows counted, where what is missing is done. */
function link(one: Todo): string {
  const entity = one.entity ? `&entite=${one.entity}` : "";
  const client = `/admin/clients/${one.client_id}`;
  const links: Record<Todo["kind"], string> = {
    uncertain: `/admin/deliveries?status=uncertain${entity}`,
    channel_stopped: `/admin/outbox?state=pending${entity}`,
    failed: `/admin/deliveries?status=failed${entity}`,
    dead: `/admin/outbox?state=dead${entity}`,
    client_undeliverable: client,
    ready_by_hand: `/admin/deliveries?status=ready_to_send${entity}`,
    price_missing: `${client}?onglet=pricing`,
    leads_waiting: `/admin/leads?status=${one.status}${entity}`,
    low_quota: `/admin/commandes?reste=5${entity}`,
    prepaid_low: `${client}?onglet=prepaid`,
    invoices_overdue: `/admin/invoices?vue=impayees${entity}`,
    provider_silent: `/admin/leads?provider_id=${one.target}${entity}`,
  };
  return links[one.kind];
}
