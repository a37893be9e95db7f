/** One order: what it takes, how far its week is, and what can be done. Two calls. */
import { useState, type ReactNode } from "react";
import { useParams } from "react-router";
import { useRead, useWrite, type Reading } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useOpened } from "@/app/opened";
import { useCan, useSession } from "@/app/session";
import { dateTime, number, parisDay, percent } from "@/lib/format";
import { weekLabel } from "@/lib/weeks";
import { Button, ButtonLink } from "@/ui/Button";
import { Chart } from "@/ui/Chart";
import { confirm } from "@/ui/confirm";
import { History } from "@/features/audit/History";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Progress } from "@/ui/Figure";
import { Link } from "@/ui/Link";
import { Card, Facts, Page } from "@/ui/Page";
import { PauseDialog } from "@/ui/PauseDialog";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { ActivePill, areasText, quotaText, type Commande } from "./parts";
import { t } from "./words";

export default function CommandePage() {
  const { id = "" } = useParams();
  const read = useRead("/api/commandes/{commande_id}", { path: { commande_id: id } });
  if (read.data) return <Shown commande={read.data.commande} />;
  return (
    <Page title={t("one")} narrow="record">
      {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={10} />}
    </Page>
  );
}

function Shown({ commande }: { commande: Commande }) {
  const can = useCan();
  useOpened("commande", `${commande.client_name}, ${commande.produit}`);
  const stats = useRead("/api/commandes/{commande_id}/stats", { path: { commande_id: commande.id } });
  return (
    <Page
      title={t("page_title", { client: commande.client_name, produit: commande.produit })}
      narrow="record"
      intro={
        <span className="inline">
          <ActivePill commande={commande} />
          <EntityBadge code={commande.entity} />
        </span>
      }
      actions={
        <>
          {can("commandes.activate_pause") && <Toggle commande={commande} releases={stats.data?.reserved_leads} />}
          {can("commandes.create") && <ButtonLink to={`/admin/commandes/nouvelle?copie=${commande.id}`}>{t("duplicate")}</ButtonLink>}
          {(can("commandes.edit_quota") || can("commandes.edit_lb_target")) && <ButtonLink to={`/admin/commandes/${commande.id}/modifier`}>{t("edit")}</ButtonLink>}
        </>
      }
    >
      <div className="columns">
        <div className="stack">
          <Card title={t("progress")} note={weekLabel(commande.week)}>
            <div className="stack">
              <Facts rows={week(commande)} />
              {!commande.unlimited && <Progress label={t("reserved")} value={commande.reserved} of={commande.quota_semaine} />}
            </div>
          </Card>
          <Weeks read={stats} id={commande.id} />
        </div>
        <div className="stack">
          <Card title={t("configuration")}>
            <Facts rows={facts(commande)} />
          </Card>
          <History id={commande.id} kind="commande" />
          <ButtonLink to={`/admin/deliveries?commande_id=${commande.id}`}>{t("deliveries")}</ButtonLink>
          {can("billing.view") && <ButtonLink to={`/admin/clients/${commande.client_id}?onglet=pricing`}>{t("price_link")}</ButtonLink>}
        </div>
      </div>
    </Page>
  );
}

function week(one: Commande): [string, ReactNode][] {
  return [
    [t("reserved"), `${number(one.reserved)} / ${quotaText(one)}`],
    [t("remaining"), one.unlimited ? t("unlimited") : number(one.quota_remaining)],
    [t("sent"), number(one.leads_delivered_this_week)],
    [t("lb_sent"), number(one.lb_delivered_this_week)],
  ];
}

function facts(one: Commande): [string, ReactNode][] {
  return [
    [t("client"), <Link key="client" to={`/admin/clients/${one.client_id}`}>{one.client_name}</Link>],
    [t("produit"), one.produit],
    [t("departements"), areasText(one.departements)],
    [t("quota"), quotaText(one)],
    [t("lb_target"), percent(Number(one.lb_target_pct), 0)],
    [t("priority"), number(one.priorite)],
    [t("auto_renew"), t(one.auto_renew ? "yes" : "no")],
    [t("notes"), one.notes],
    [t("created"), dateTime(one.created_at)],
    [t("updated"), dateTime(one.updated_at)],
  ];
}

function Weeks({ read, id }: { read: Reading<Schema<"CommandeStats">>; id: string }) {
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Lines count={4} />;
  const { weeks, total_delivered } = read.data;
  const limited = weeks.some((one) => one.quota !== null);
  return (
    <Card>
      <Chart
        title={t("weeks")}
        each={t("week")}
        series={limited ? [t("sent"), t("quota")] : [t("sent")]}
        points={weeks.map((one, at) => ({
          label: `S${one.week.slice(-2)}`,
          full: weekLabel(one.week),
          values: limited ? [one.delivered, one.quota] : [one.delivered],
          running: at === weeks.length - 1,
          to: `/admin/deliveries?status=sent&outcome=accepted&commande_id=${id}&sent_week=${one.week}`,
        }))}
      />
      <p className="note">{t("total", { n: number(total_delivered) })}</p>
    </Card>
  );
}

/** A pause frees what is reserved: how many is said before, and again once done. */
function Toggle({ commande, releases }: { commande: Commande; releases: number | undefined }) {
  const { now } = useSession();
  const [asking, setAsking] = useState(false);
  const write = useWrite("put", "/api/commandes/{commande_id}", ["/api/commandes", "/api/cockpit", "/api/me", "/api/departements"]);
  const set = (active: boolean, until: string | null = null) => write.mutateAsync({ path: { commande_id: commande.id }, body: { active, paused_until: until } });
  const names = { produit: commande.produit, client: commande.client_name };
  const back = () => void set(commande.active, commande.paused_until ?? null).catch(toast.failed);
  const pause = async (until: string | null) => {
    const saved = await set(false, until);
    toast.done(t("paused_done", { count: saved.reserved_leads ?? 0 }), { label: t("undo"), act: back });
  };
  const resume = async () => {
    const said = await confirm({ title: t("resume_title", names), body: t("resume_body"), action: t("resume") });
    if (!said) return;
    try {
      await set(true);
      toast.done(t("resumed_done"), { label: t("undo"), act: back });
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <>
      <Button busy={write.isPending || (commande.active && releases === undefined)} onClick={() => (commande.active ? setAsking(true) : void resume())}>
        {t(commande.active ? "pause" : "resume")}
      </Button>
      {asking && (
        <PauseDialog title={t("pause_title", names)} body={t("pause_body", { count: releases ?? 0 })} action={t("pause")} today={parisDay(now)} close={() => setAsking(false)} pause={pause} />
      )}
    </>
  );
}
