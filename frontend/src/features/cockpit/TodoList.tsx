import { useState } from "react";
import type { Schema } from "@/api/types";
import { Button, ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { Card } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { t as ui } from "@/ui/words";
import { leadStatus, textOf, type Tone } from "@/words/states";
import { t } from "./words";

type Todo = Schema<"Todo">;
const SHOWN = 6;
const TONES: Record<Todo["kind"], Tone> = {
  uncertain: "danger",
  channel_stopped: "danger",
  failed: "danger",
  client_undeliverable: "warning",
  ready_by_hand: "warning",
  leads_waiting: "warning",
  low_quota: "info",
};

/** What waits for a person, what cannot wait first. */
export function TodoList({ rows }: { rows: Todo[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <Card title={`${t("todo")} (${rows.length})`}>
      {!rows.length && <p className="muted">{t("empty_todo")}</p>}
      <ul className="todo">
        {shown.map((one) => (
          <li key={`${one.kind}-${one.entity}-${one.status}-${one.client_id}`}>
            <TonePill tone={TONES[one.kind]}>{String(one.count)}</TonePill>
            <EntityBadge code={one.entity} />
            <div className="grow">
              <div>{t(`todo_${one.kind}` as "todo_failed", { count: one.count, cause: one.status ? textOf(leadStatus, one.status) : "" })}</div>
              {!!one.names?.length && one.kind !== "channel_stopped" && <div className="note">{one.names.join(", ")}</div>}
            </div>
            {link(one) && <ButtonLink to={link(one)}>{t("see")}</ButtonLink>}
          </li>
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

/** To exactly the rows counted. The pages of clients, commandes and outbox add theirs here. */
function link(one: Todo): string {
  const entity = one.entity ? `&entite=${one.entity}` : "";
  const links: Partial<Record<Todo["kind"], string>> = {
    uncertain: `/admin/deliveries?status=uncertain${entity}`,
    failed: `/admin/deliveries?status=failed${entity}`,
    ready_by_hand: `/admin/deliveries?status=ready_to_send${entity}`,
    leads_waiting: `/admin/leads?status=${one.status}${entity}`,
    low_quota: `/admin/commandes?reste=5${entity}`,
  };
  return links[one.kind] ?? "";
}
