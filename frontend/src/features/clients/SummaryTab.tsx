/** What is known of the client, and whether leads can leave for it today. */
import { useState, type ReactNode } from "react";
import { useRead, useWrite } from "@/api/hooks";
import { useCan, useSession } from "@/app/session";
import { date, dateTime, number, parisDay, phone } from "@/lib/format";
import { french } from "@/lib/typography";
import { History } from "@/features/audit/History";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card, Facts } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { PauseDialog } from "@/ui/PauseDialog";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { deliverable, reasonOf } from "@/words/reasons";
import type { Detail } from "./ClientPage";
import { checks, type Check } from "./checks";
import { sending } from "./ClientsPage";
import { t } from "./words";

export function SummaryTab({ client }: { client: Detail }) {
  return (
    <div className="columns">
      <div className="stack">
        <Ready client={client} />
        <Card title={t("billing")}>
          <Facts rows={billing(client)} />
        </Card>
      </div>
      <div className="stack">
        <Card title={t("contact")}>
          <Facts rows={contact(client)} />
        </Card>
        <Card title={t("sending")}>
          <Facts rows={leaving(client)} />
        </Card>
        <History id={client.id} kind="client" />
        <ButtonLink to={`/admin/deliveries?client_id=${client.id}`}>{t("deliveries")}</ButtonLink>
      </div>
    </div>
  );
}

function contact(client: Detail): [string, ReactNode][] {
  return [
    [t("contact_name"), client.contact_name],
    [t("email"), client.email],
    [t("phone"), client.phone && phone(client.phone)],
    [t("notes"), client.notes],
    [t("created"), date(client.created_at)],
    [t("updated"), dateTime(client.updated_at)],
  ];
}

function leaving(client: Detail): [string, ReactNode][] {
  return [
    [t("mode"), sending(client)],
    [t("delivery_emails"), client.delivery_emails.join(", ")],
    [t("window"), client.return_window_days ? t("days", { count: client.return_window_days }) : t("window_entity")],
    [t("last"), dateTime(client.last_delivery_at)],
    [t("this_week"), number(client.total_leads_this_week)],
    [t("total"), number(client.total_leads_received)],
  ];
}

function billing(client: Detail): [string, ReactNode][] {
  return [
    [t("siren"), client.siren],
    [t("tva_number"), client.tva_number],
    [t("address"), [client.billing_address, `${client.billing_postcode} ${client.billing_city}`.trim()].filter(Boolean).join(", ")],
    [t("billing_email"), client.billing_email || client.email],
    [t("terms"), t("days", { count: client.payment_terms_days })],
  ];
}

function Ready({ client }: { client: Detail }) {
  const can = useCan();
  const orders = useRead("/api/commandes", { query: { client_id: client.id, active_only: true, limit: 1 }, enabled: can("commandes.view") });
  if (orders.error) return <ErrorBlock error={orders.error} retry={() => void orders.refetch()} />;
  const known = orders.data || !can("commandes.view");
  const list = checks(client, orders.data?.total);
  const left = list.filter((one) => !one.ok).length;
  return (
    <Card title={t("ready")} note={known ? (left ? t("ready_no", { count: left }) : t("ready_yes")) : undefined}>
      {known ? (
        <ul className="checklist">
          {list.map((one) => (
            <Line key={one.name} check={one} client={client} />
          ))}
        </ul>
      ) : (
        <Lines count={5} />
      )}
    </Card>
  );
}

const WHERE: Record<Check["name"], { permission: string; to: (id: string) => string }> = {
  active: { permission: "clients.edit", to: (id) => `/admin/clients/${id}/modifier` },
  status: { permission: "clients.crm", to: (id) => `/admin/clients/${id}?onglet=crm` },
  channel: { permission: "clients.edit", to: (id) => `/admin/clients/${id}/modifier` },
  order: { permission: "commandes.create", to: (id) => `/admin/commandes/nouvelle?client=${id}` },
  identity: { permission: "clients.edit", to: (id) => `/admin/clients/${id}/modifier` },
  push: { permission: "clients.view", to: (id) => `/admin/clients/${id}?onglet=push` },
};

function Line({ check, client }: { check: Check; client: Detail }) {
  const can = useCan();
  const where = WHERE[check.name];
  return (
    <li>
      <TonePill tone={check.ok ? "success" : "warning"}>{check.ok ? t("done") : t("todo")}</TonePill>
      <span>{t(`check_${check.name}`)}</span>
      {!check.ok && <span className="note">{whyNot(check.name, client)}</span>}
      <span className="grow" />
      {!check.ok && check.name !== "active" && can(where.permission) && <Link to={where.to(client.id)}>{t("fix")}</Link>}
    </li>
  );
}

function whyNot(name: Check["name"], client: Detail): string {
  if (name === "channel") return reasonOf(deliverable, client.deliverable_code);
  if (name === "identity") return t("missing", { what: french(client.missing_to_invoice.join(", ")) });
  return name === "push" ? client.push_reason : "";
}

/** Reversible: undone from its message. How many leads it releases is said before. */
export function PauseClient({ client }: { client: Detail }) {
  const { now } = useSession();
  const [asking, setAsking] = useState(false);
  const stats = useRead("/api/clients/{client_id}/stats", { path: { client_id: client.id }, enabled: asking });
  const write = useWrite("put", "/api/clients/{client_id}", ["/api/clients", "/api/cockpit", "/api/me"]);
  const set = (active: boolean, until: string | null = null) => write.mutateAsync({ path: { client_id: client.id }, body: { active, paused_until: until } });
  const back = () => void set(client.active, client.paused_until ?? null).catch(toast.failed);
  const pause = async (until: string | null) => {
    await set(false, until);
    toast.done(t("paused"), { label: t("undo"), act: back });
  };
  const resume = async () => {
    const said = await confirm({ title: t("resume_title", { name: client.name }), body: t("resume_body"), action: t("resume") });
    if (!said) return;
    try {
      await set(true);
      toast.done(t("resumed"), { label: t("undo"), act: back });
    } catch (error) {
      toast.failed(error);
    }
  };
  const releases = stats.data?.reserved_leads;
  return (
    <>
      <Button busy={write.isPending} onClick={() => (client.active ? setAsking(true) : void resume())}>
        {t(client.active ? "pause" : "resume")}
      </Button>
      {asking && (
        <PauseDialog
          title={t("pause_title", { name: client.name })}
          body={`${t("pause_body")} ${releases === undefined ? "" : t("pause_releases", { count: releases })}`.trim()}
          action={t("pause")}
          today={parisDay(now)}
          close={() => setAsking(false)}
          pause={pause}
        />
      )}
    </>
  );
}
