/** The day's delivery of each entity, in one sentence: what it does, what is wrong with it, and the one thing to do. */
import type { ReactNode } from "react";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { useLaunch } from "@/features/delivery_run/launch";
import { clock, day, number, sentence } from "@/lib/format";
import { Button, ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { Progress } from "@/ui/Figure";
import { Link } from "@/ui/Link";
import { TonePill } from "@/ui/Pill";
import { t } from "./words";

type Band = Schema<"Band">;
const ALARMING: readonly Band["state"][] = ["held", "stopped", "late", "broken", "missed"];
const LAUNCHED: readonly Band["state"][] = ["late", "broken", "missed"];

export function BandLine({ band }: { band: Band }) {
  const can = useCan();
  const { launch, busy } = useLaunch();
  const { entity, state, lots } = band;
  const alarming = ALARMING.includes(state);
  return (
    <section className={alarming ? "band band-danger" : "band"} aria-label={t("band", { entity })}>
      <EntityBadge code={entity} />
      <div className="grow">
        <strong>{headline(band)}</strong>
        {state === "sending" && lots.total > 0 && <Progress label={t("lots")} value={lots.done} of={lots.total} />}
        <div className="note">{second(band)}</div>
      </div>
      <Pills band={band} />
      {state === "held" && can("outbox.view") && <ButtonLink to="/admin/outbox">{t("see_hold")}</ButtonLink>}
      {state === "stopped" && <ButtonLink to={`/admin/outbox?entite=${entity}`}>{t("do_channel_stopped")}</ButtonLink>}
      {LAUNCHED.includes(state) && can("system.manage") && <Button kind="primary" busy={busy} onClick={() => void launch()}>{t("launch")}</Button>}
      {state === "ready" && <ButtonLink to={`/admin/envoi?entite=${entity}`}>{t("who")}</ButtonLink>}
      {state === "sending" && <ButtonLink to={`/admin/batches?entite=${entity}`}>{t("see_lots")}</ButtonLink>}
      {state !== "ready" && !alarming && state !== "sending" && <ButtonLink to={`/admin/envoi?entite=${entity}`}>{t("who")}</ButtonLink>}
      <ButtonLink to={`/admin/envoi?vue=reports&entite=${entity}`} kind="quiet">{t("report")}</ButtonLink>
    </section>
  );
}

function headline(band: Band): string {
  const { lots } = band;
  const at = clock(band.due_at);
  const leads = t("leads", { count: band.sent, clients: t("clients", { count: band.sent_clients }) });
  const said: Record<Band["state"], () => string> = {
    held: () => t("band_held", { reason: band.held_reason }),
    stopped: () => t("band_stopped", { entity: band.entity, reason: band.channel_reason || t("no_reason") }),
    sending: () => (lots.total ? t("band_sending", { count: lots.done, total: number(lots.total) }) : t("band_preparing")),
    late: () => t("band_late", { at, n: number(band.late_min) }),
    closed: () => {
      const reason = (band.closed_reason ?? "").replace(/\.$/, "");
      return band.leaves_at ? t("band_closed", { reason, day: day(band.leaves_at) }) : t("band_shut", { reason });
    },
    broken: () => t("band_broken", { at }),
    missed: () => t("band_missed", { at }),
    done: () => (lots.failed ? t("band_done_failed", { at, end: clock(band.done_at), count: lots.failed, leads }) : t("band_done", { at, end: clock(band.done_at), leads })),
    ready: () => coming(band),
  };
  return said[band.state]();
}

/** What leaves next, and when. */
function coming(band: Band): string {
  if (!band.leaves_at) return t("nothing_opens");
  const at = sentence(band.leaves_at);
  if (!band.waiting) return t("run_none", { at });
  return t("run_ready", { at, count: band.waiting, clients: t("clients", { count: band.clients }) });
}

function second(band: Band): ReactNode {
  if (band.state === "ready") return t("sent_today", { count: band.sent });
  if (band.state === "done") return coming(band);
  return t("waiting_now", { count: band.waiting });
}

/** What went wrong, whatever the day does. */
function Pills({ band }: { band: Band }) {
  const { entity } = band;
  return (
    <>
      {band.channel_state === "down" && (
        <Link to={`/admin/outbox?entite=${entity}`}>
          <TonePill tone="warning">{t("down")}</TonePill>
        </Link>
      )}
      {band.failed > 0 && (
        <Link to={`/admin/deliveries?status=failed&entite=${entity}`}>
          <TonePill tone="danger">{t("failed", { count: band.failed })}</TonePill>
        </Link>
      )}
      {band.uncertain > 0 && (
        <Link to={`/admin/deliveries?status=uncertain&entite=${entity}`}>
          <TonePill tone="danger">{t("uncertain", { count: band.uncertain })}</TonePill>
        </Link>
      )}
    </>
  );
}
