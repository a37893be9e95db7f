/** The reference of a record: one call, facts, timeline. Imitate it. */
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useOpened } from "@/app/opened";
import { useDeciding } from "@/features/deliveries/deciding";
import { dateTime, number, phone as shownPhone } from "@/lib/format";
import { Button } from "@/ui/Button";
import { History } from "@/features/audit/History";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card, Facts, Page, Timeline, type Moment } from "@/ui/Page";
import { Phone } from "@/ui/Phone";
import { Pill, TonePill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { reasonOf, refusal, rejection, why } from "@/words/reasons";
import { deliveryStatus, leadStatus, phoneQuality, sourceType, textOf } from "@/words/states";
import { LeadActions } from "./LeadActions";
import { Mending } from "./Mending";
import { fullName } from "./name";
import { t } from "./words";

type Lead = Schema<"LeadDetail">;
type Delivery = Schema<"LeadDelivery">;

export default function LeadPage() {
  const { id = "" } = useParams();
  const lead = useRead("/api/leads/{lead_id}", { path: { lead_id: id } });
  if (lead.error && !lead.data) {
    return (
      <Page title={t("title")} narrow="record">
        <ErrorBlock error={lead.error} retry={() => void lead.refetch()} />
      </Page>
    );
  }
  if (!lead.data) {
    return (
      <Page title={t("title")} narrow="record">
        <Lines count={10} />
      </Page>
    );
  }
  return <Shown lead={lead.data} />;
}

function Shown({ lead }: { lead: Lead }) {
  useOpened("lead", fullName(lead));
  const current = lead.deliveries.find((one) => one.id === lead.delivery_id && one.client_id);
  const { allowed, refusal: refused, decide, busy } = useDeciding(
    current && { id: current.id, status: current.status, outcome: current.outcome, name: fullName(lead), client: current.client_name ?? "", lastDay: current.last_return_day },
  );
  const reason = reasonOf(why, lead.hold_reason ?? lead.routing_reason);
  return (
    <Page
      title={fullName(lead)}
      narrow="record"
      intro={
        <span className="inline">
          <Pill of={leadStatus} value={lead.status} />
          {lead.is_lb && <TonePill tone="neutral">{t("lb")}</TonePill>}
          <EntityBadge code={lead.entity} />
          {lead.routing_reason === "calendar_closed" ? t("waiting") : reason}
        </span>
      }
      actions={
        <>
          {allowed && (
            <Button refusal={refused.reject} busy={busy.reject} onClick={() => void decide("reject")}>
              {t("reject")}
            </Button>
          )}
          <Mending lead={lead} />
          <LeadActions lead={lead} />
        </>
      }
    >
      <div className="columns">
        <div className="stack">
          <Card title={t("timeline")}>
            <Timeline moments={moments(lead)} shown={dateTime} />
          </Card>
          <Considered lead={lead} />
        </div>
        <div className="stack">
          <Card title={t("identity")}>
            <Facts rows={identity(lead)} />
          </Card>
          <Card title={t("origin")}>
            <Facts rows={origin(lead)} />
          </Card>
          <History id={lead.id} />
        </div>
      </div>
    </Page>
  );
}

function identity(lead: Lead): [string, ReactNode][] {
  return [
    [t("phone"), <Phone key="phone" e164={lead.phone} raw={lead.phone_raw} />],
    [t("quality"), textOf(phoneQuality, lead.phone_quality)],
    [t("email"), lead.email],
    [t("departement"), lead.departement],
    [t("produit"), lead.produit],
    [t("consent"), lead.consent.given ? t("consent_given") : t("consent_missing")],
  ];
}

function origin(lead: Lead): [string, ReactNode][] {
  return [
    [t("kind"), textOf(sourceType, lead.lead_source_type)],
    [t("source"), lead.source],
    [t("provider"), lead.provider_slug],
    [t("campaign"), lead.utm_campaign],
    [t("page"), lead.lp_code],
    [t("form"), lead.form_code],
    [t("locked"), lead.entity_locked ? t("yes") : t("no")],
    [t("received"), dateTime(lead.created_at)],
  ];
}

/** The answer to « pourquoi pas ce client ? »: every commande examined, with its reason (rule 9). */
function Considered({ lead }: { lead: Lead }) {
  const own = lead.considered.filter((one) => one.commande_id && one.reason !== "chosen");
  const others = lead.considered.filter((one) => !one.commande_id);
  const examined = number(own.length + (lead.delivery_client_name ? 1 : 0));
  return (
    <Card title={t("considered")} note={t("considered_note")}>
      {!lead.delivery_client_name && !lead.considered.length && <p className="muted">{t("none_considered")}</p>}
      <details data-tour="why">
        <summary>{t(lead.delivery_client_name ? "why_client" : "why_nobody", { examined, refused: number(own.length) })}</summary>
        <ul className="plain">
          {lead.delivery_client_name && (
            <li>
              <TonePill tone="success">{t("chosen")}</TonePill>
              <span>{lead.delivery_client_name}</span>
            </li>
          )}
          {own.map((one) => (
            <li key={one.commande_id}>
              <TonePill tone="neutral">{reasonOf(refusal, one.reason)}</TonePill>
              <span>{one.client_name}</span>
              <EntityBadge code={one.entity} />
            </li>
          ))}
          {others.map((one) => (
            <li key={one.entity}>{t("others", { entity: one.entity, count: one.commandes ?? 0 })}</li>
          ))}
        </ul>
      </details>
    </Card>
  );
}

/** Newest first. Of the other entity's deliveries: its name, state and dates only. */
function moments(lead: Lead): Moment[] {
  const received: Moment = {
    id: "received",
    at: lead.created_at,
    title: t("ev_received"),
    detail: lead.source ? t("ev_received_from", { source: lead.source }) : shownPhone(lead.phone),
  };
  const notes = lead.notes.map((one, at): Moment => ({
    id: `note-${at}`,
    at: String(one.created_at ?? one.at ?? lead.updated_at),
    title: t("ev_note"),
    detail: String(one.text ?? ""),
  }));
  return [received, ...notes, ...lead.deliveries.flatMap(ofDelivery)].sort((a, b) => b.at.localeCompare(a.at));
}

function ofDelivery(one: Delivery): Moment[] {
  const client = one.client_name ?? one.entity;
  const name = one.client_id ? <Link to={`/admin/deliveries?fiche=${one.id}`}>{one.client_name}</Link> : one.entity;
  const made: Moment = {
    id: `${one.id}-made`,
    at: one.created_at,
    title: one.client_id ? t("ev_assigned", { client }) : t("ev_crossed", { entity: one.entity }),
    detail: <Pill of={deliveryStatus} value={one.status} />,
  };
  const told: Moment[] = [made];
  if (one.last_sent_at) {
    told.push({
      id: `${one.id}-sent`,
      at: one.last_sent_at,
      title: one.client_id ? t("ev_sent", { client }) : t("ev_sent_crossed", { entity: one.entity }),
      detail: one.sent_to?.length ? t("ev_to", { to: one.sent_to.join(", ") }) : name,
    });
  }
  const ended = (one as { rejected_at?: string; removed_at?: string }).rejected_at ?? (one as { removed_at?: string }).removed_at;
  if (one.outcome === "rejected" || one.outcome === "removed") {
    told.push({
      id: `${one.id}-${one.outcome}`,
      at: ended ?? one.last_sent_at ?? one.created_at,
      title: one.outcome === "rejected" ? t("ev_rejected", { client }) : t("ev_removed"),
      detail: reasonOf(rejection, one.rejection_reason ?? one.removal_reason),
    });
  }
  return told;
}
