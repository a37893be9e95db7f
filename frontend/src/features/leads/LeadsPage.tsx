/** The reference of a list: filters in the address, `useRead`, columns, `DataTable`. Imitate it. */
import { useRead } from "@/api/hooks";
import type { Query, Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { date, dateTime, phone } from "@/lib/format";
import { isDay, isWeek, weekLabel } from "@/lib/weeks";
import { ButtonLink } from "@/ui/Button";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { leadStatus, optionsOf, phoneQuality, produit, sourceType } from "@/words/states";
import { fullName } from "./name";
import { t } from "./words";

type Lead = Schema<"LeadShown">;
type Asked = Query<"get", "/api/leads/list">;
const NAMES = ["status", "produit", "departement", "week", "source", "client_id", "provider_id", "from", "to", "origin", "phone_quality", "without_source"] as const;

export default function LeadsPage() {
  const can = useCan();
  const state = useListState(NAMES);
  const { filters } = state;
  const query: Asked = {
    ...state.paging,
    status: filters.status as Asked["status"],
    produit: filters.produit as Asked["produit"],
    departement: filters.departement,
    week: filters.week?.find(isWeek),
    source: filters.source?.[0],
    client_id: filters.client_id?.[0],
    provider_id: filters.provider_id?.[0],
    from: filters.from?.[0],
    to: filters.to?.[0],
    origin: filters.origin as Asked["origin"],
    phone_quality: filters.phone_quality as Asked["phone_quality"],
    without_source: filters.without_source?.[0] === "true" || undefined,
    search: state.search || undefined,
    sort: state.sort === "created_at" ? "created_at" : undefined,
  };
  const leads = useRead("/api/leads/list", { query });
  return (
    <Page title={t("title")} intro={t("intro")} actions={
        can("leads.edit_status") && (
          <>
            <ButtonLink to="/admin/leads/essai">{t("bench")}</ButtonLink>
            <ButtonLink kind="primary" to="/admin/leads/nouveau">{t("enter")}</ButtonLink>
          </>
        )
      }>
      <FilterBar state={state} filters={filterList()} search={t("search")} views={{ list: "leads", known: [{ label: t("view_suspects"), filters: { phone_quality: ["suspicious"] } }] }} />
      <DataTable<Lead>
        name="leads"
        label={t("title")}
        reading={leads}
        rows={leads.data?.leads}
        rowId={(one) => one.id}
        rowName={fullName}
        columns={columns()}
        state={state}
        exported={{ path: "/api/leads/export", query }}
        nothing={<NothingYet>{t("nothing")}</NothingYet>}
      />
    </Page>
  );
}

/** From the address: anything may stand there. */
function moment(text: string): string {
  if (isDay(text)) return date(text);
  return Number.isNaN(Date.parse(text)) ? text : dateTime(text);
}

function filterList(): Filter[] {
  return [
    { name: "status", label: t("status"), options: optionsOf(leadStatus) },
    { name: "produit", label: t("produit"), options: optionsOf(produit) },
    { name: "departement", label: t("departement") },
    { name: "source", label: t("source") },
    { name: "phone_quality", label: t("quality"), options: optionsOf(phoneQuality) },
    { name: "origin", label: t("kind"), options: optionsOf(sourceType) },
    { name: "from", label: t("from"), shown: moment, hidden: true },
    { name: "to", label: t("to"), shown: moment, hidden: true },
    { name: "without_source", label: t("source"), shown: () => t("no_source"), hidden: true },
    { name: "week", label: t("week"), shown: (key) => (isWeek(key) ? weekLabel(key) : key), hidden: true },
    { name: "client_id", label: t("client_filter"), named: "client", hidden: true },
    { name: "provider_id", label: t("provider_filter"), named: "provider", hidden: true },
  ];
}

function columns(): Column<Lead>[] {
  return [
    { key: "contact", label: t("contact"), card: "title", render: (one) => <Link to={`/admin/leads/${one.id}`}>{fullName(one)}</Link> },
    { key: "status", label: t("status"), card: "pill", render: (one) => <Pill of={leadStatus} value={one.status} /> },
    { key: "phone", label: t("phone"), card: "fact", render: (one) => phone(one.phone) },
    { key: "departement", label: t("departement"), render: (one) => one.departement || "–" },
    { key: "produit", label: t("produit"), render: (one) => one.produit ?? "–" },
    { key: "client", label: t("client"), card: "fact", render: (one) => <Buyer lead={one} /> },
    { key: "source", label: t("source"), render: (one) => one.source || one.lp_code || one.provider_slug || "–" },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "created", label: t("received"), sort: "created_at", card: "fact", render: (one) => dateTime(one.created_at) },
    { key: "email", label: t("email"), extra: true, render: (one) => one.email || "–" },
  ];
}

/** The buyer, or « Cédé à MDL » when the other entity sold it (ui.md, correction 2). */
function Buyer({ lead }: { lead: Lead }) {
  if (lead.delivery_client_name) return <>{lead.delivery_client_name}</>;
  if (lead.delivery_entity && lead.delivery_entity !== lead.entity) return <>{t("ev_crossed", { entity: lead.delivery_entity })}</>;
  return <span className="muted">–</span>;
}
