/** The reference of a list with a side panel: `?fiche=id` opens it, ↑ ↓ move, Échap closes. Imitate it. */
import { useLive } from "@/api/hooks";
import { useCan } from "@/app/session";
import { BulkActions, useChosen } from "@/features/bulk/Bulk";
import type { Query, Schema } from "@/api/types";
import { t as rejects } from "@/features/bulk/rejects";
import { date, dateTime } from "@/lib/format";
import { isDay, isWeek, weekLabel } from "@/lib/weeks";
import { ButtonLink } from "@/ui/Button";
import { DataTable, useRowKeys, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { useListState, type ListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { deliveryStatus, optionsOf, outcome, produit } from "@/words/states";
import { DeliveryPanel } from "./DeliveryPanel";
import { t } from "./words";

export type Delivery = Schema<"DeliveryShown">;
type Asked = Query<"get", "/api/deliveries">;
const NAMES = ["status", "outcome", "produit", "week", "sent_week", "sent_day", "rejected_from", "rejected_to", "client_id", "commande_id", "lead_id"] as const;

export default function DeliveriesPage() {
  const state = useListState(NAMES);
  const { filters } = state;
  const query: Asked = {
    ...state.paging,
    status: filters.status as Asked["status"],
    outcome: filters.outcome as Asked["outcome"],
    produit: filters.produit as Asked["produit"],
    week: filters.week?.find(isWeek),
    sent_week: filters.sent_week?.find(isWeek),
    sent_day: filters.sent_day?.find(isDay),
    rejected_from: filters.rejected_from?.find(isMoment),
    rejected_to: filters.rejected_to?.find(isMoment),
    client_id: filters.client_id?.[0],
    commande_id: filters.commande_id?.[0],
    lead_id: filters.lead_id?.[0],
    search: state.search || undefined,
    sort: state.sort === "created_at" ? "created_at" : undefined,
  };
  const deliveries = useLive("/api/deliveries", { query });
  const rows = deliveries.data?.deliveries;
  const chosen = useChosen(state);
  const oneClient = filters.client_id?.[0];
  const can = useCan();
  const keys = useRowKeys(rows, state);
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      actions={oneClient && can("deliveries.outcome") && <ButtonLink to={`/admin/clients/${oneClient}/rejets`}>{rejects("link")}</ButtonLink>}
    >
      <FilterBar state={state} filters={filterList()} search={t("search")} views={{ list: "deliveries", known: knownViews() }} />
      <div className={state.fiche ? "with-panel" : ""}>
        <DataTable<Delivery>
          name="deliveries"
          label={t("title")}
          reading={deliveries}
          rows={rows}
          rowId={(one) => one.id}
          rowName={contactName}
          columns={columns(state)}
          state={state}
          live
          exported={{ path: "/api/deliveries/export", query }}
          nothing={<NothingYet>{t("nothing")}</NothingYet>}
          {...(can("deliveries.resend") || can("deliveries.outcome")
            ? { selection: { ...chosen, actions: <BulkActions keys={["send", "copy", "reject", "remove"]} selection={chosen} query={query} /> } }
            : {})}
        />
        {state.fiche && (
          <DeliveryPanel id={state.fiche} known={rows?.find((one) => one.id === state.fiche)} {...keys} open={state.openFiche} />
        )}
      </div>
    </Page>
  );
}

export function contactName(one: Delivery): string {
  return `${one.contact.prenom} ${one.contact.nom}`.trim();
}

function knownViews() {
  return [
    { label: t("view_to_send"), filters: { status: ["pending_csv", "ready_to_send"] } },
    { label: t("view_failed"), filters: { status: ["failed", "uncertain"] } },
  ];
}

/** From the address: anything may stand there. */
function isMoment(text: string): boolean {
  return !Number.isNaN(Date.parse(text)) && text.includes("T");
}

function moment(text: string): string {
  return isMoment(text) ? dateTime(text) : text;
}

function filterList(): Filter[] {
  const week = (key: string) => (isWeek(key) ? weekLabel(key) : key);
  return [
    { name: "status", label: t("status"), options: optionsOf(deliveryStatus) },
    { name: "outcome", label: t("outcome"), options: optionsOf(outcome) },
    { name: "produit", label: t("produit"), options: optionsOf(produit) },
    { name: "week", label: t("week"), shown: week, hidden: true },
    { name: "sent_week", label: t("sent_week"), shown: week, hidden: true },
    { name: "sent_day", label: t("sent_day"), shown: (one) => (isDay(one) ? date(one) : one), hidden: true },
    { name: "rejected_from", label: t("rejected_from"), shown: moment, hidden: true },
    { name: "rejected_to", label: t("rejected_to"), shown: moment, hidden: true },
    { name: "client_id", label: t("client_filter"), named: "client", hidden: true },
    { name: "commande_id", label: t("commande_filter"), named: "commande", hidden: true },
    { name: "lead_id", label: t("lead_filter"), named: "lead", hidden: true },
  ];
}

function columns(state: ListState): Column<Delivery>[] {
  return [
    {
      key: "contact",
      label: t("contact"),
      card: "title",
      render: (one) => (
        <button type="button" className="link" onClick={() => state.openFiche(one.id)}>
          {contactName(one)}
        </button>
      ),
    },
    { key: "status", label: t("status"), card: "pill", render: (one) => <Pill of={deliveryStatus} value={one.status} /> },
    { key: "client", label: t("client"), card: "fact", render: (one) => one.client_name },
    { key: "outcome", label: t("outcome"), render: (one) => (one.status === "sent" ? <Pill of={outcome} value={one.outcome} /> : <span className="muted">–</span>) },
    { key: "produit", label: t("produit"), render: (one) => one.produit },
    { key: "departement", label: t("departement"), render: (one) => one.contact.departement },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "created", label: t("created"), sort: "created_at", render: (one) => dateTime(one.created_at) },
    { key: "sent", label: t("sent"), card: "fact", render: (one) => dateTime(one.last_sent_at) },
    { key: "to", label: t("to"), extra: true, render: (one) => one.sent_to?.join(", ") || "–" },
    { key: "attempts", label: t("attempts"), extra: true, align: "right", render: (one) => one.send_attempts },
    { key: "error", label: t("error"), extra: true, render: (one) => one.last_error || "–" },
  ];
}
