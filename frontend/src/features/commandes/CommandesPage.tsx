/** Weekly orders, the paused ones included when asked, for the week of the page. */
import { useRead } from "@/api/hooks";
import { useCan, useSession } from "@/app/session";
import { t as imports } from "@/features/imports/words";
import { BulkActions, useChosen } from "@/features/bulk/Bulk";
import { number, percent } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { Progress } from "@/ui/Figure";
import { FilterBar } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { sortedBy, useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { useWeek, WeekNav } from "@/ui/WeekNav";
import { optionsOf, produit } from "@/words/states";
import { ActivePill, areasText, quotaText, type Commande } from "./parts";
import { t } from "./words";

const NAMES = ["produit", "reste", "pause", "client_id"] as const;
const SORTS = ["priorite", "created_at", "quota_semaine"] as const;
const AREAS_SHOWN = 3;
const FEW = 4;

function places(text: string | undefined): number | undefined {
  return text && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

export default function CommandesPage() {
  const state = useListState(NAMES);
  const can = useCan();
  const current = useSession().week;
  const { week, asked, setWeek } = useWeek(current);
  const { filters } = state;
  const query = { ...state.paging, produit: filters.produit?.[0] as never, active_only: !filters.pause, client_id: filters.client_id?.[0], week: asked, search: state.search || undefined, sort: sortedBy(state.sort, SORTS), left: places(filters.reste?.[0]) };
  const commandes = useRead("/api/commandes", { query });
  const chosen = useChosen(state, week);
  const create = can("commandes.create") && <ButtonLink to="/admin/commandes/nouvelle" kind="primary">{t("create")}</ButtonLink>;
  return (
    <Page title={t("title")} intro={t("intro")} actions={create && <><ButtonLink to="/admin/import?quoi=commandes">{imports("link")}</ButtonLink>{create}</>}>
      <WeekNav week={week} current={current} onChange={setWeek} />
      <FilterBar
        state={state}
        search={t("search")}
        views={{ list: "commandes", known: [{ label: t("view_low"), filters: { reste: [String(FEW)] } }] }}
        filters={[
          { name: "produit", label: t("produit"), options: optionsOf(produit) },
          { name: "reste", label: t("remaining"), options: [{ value: String(FEW), label: t("few_left", { n: FEW }) }], single: true, shown: (n) => t("few_left", { n }) },
          { name: "pause", label: t("shown"), options: [{ value: "1", label: t("paused_too") }] },
          { name: "client_id", label: t("client_filter"), named: "client", hidden: true },
        ]}
      />
      <DataTable<Commande>
        name="commandes"
        label={t("title")}
        reading={commandes}
        rows={commandes.data?.commandes}
        rowId={(one) => one.id}
        rowName={(one) => one.client_name}
        columns={columns()}
        state={state}
        exported={{ path: "/api/commandes/export", query }}
        nothing={<NothingYet action={create}>{t("nothing")}</NothingYet>}
        {...(can("commandes.activate_pause")
          ? { selection: { ...chosen, actions: <BulkActions keys={["commandes_off", "commandes_on"]} selection={chosen} query={query} /> } }
          : {})}
      />
    </Page>
  );
}

function columns(): Column<Commande>[] {
  return [
    { key: "client", label: t("client"), card: "title", render: (one) => <Link to={`/admin/commandes/${one.id}`}>{one.client_name}</Link> },
    { key: "status", label: t("status"), card: "pill", render: (one) => <ActivePill commande={one} /> },
    { key: "produit", label: t("produit"), card: "fact", render: (one) => one.produit },
    { key: "areas", label: t("departements"), card: "fact", render: (one) => <span title={areasText(one.departements)}>{areasText(one.departements, AREAS_SHOWN)}</span> },
    { key: "reserved", label: t("reserved"), tip: t("reserved_tip"), align: "right", card: "fact", render: (one) => <Taken commande={one} /> },
    { key: "quota", label: t("quota"), sort: "quota_semaine", align: "right", render: (one) => quotaText(one) },
    { key: "remaining", label: t("remaining"), tip: t("remaining_tip"), align: "right", card: "fact", render: (one) => (one.unlimited ? t("unlimited") : number(one.quota_remaining)) },
    { key: "sent", label: t("sent"), tip: t("sent_tip"), align: "right", render: (one) => number(one.leads_delivered_this_week) },
    { key: "lb", label: t("lb_target"), align: "right", render: (one) => percent(Number(one.lb_target_pct), 0) },
    { key: "priority", label: t("priority"), sort: "priorite", align: "right", render: (one) => number(one.priorite) },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
  ];
}

function Taken({ commande }: { commande: Commande }) {
  return (
    <>
      {number(commande.reserved)}
      {!commande.unlimited && <Progress label={t("reserved")} value={commande.reserved} of={commande.quota_semaine} />}
    </>
  );
}
