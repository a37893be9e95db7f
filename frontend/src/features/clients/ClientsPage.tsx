/** Who buys: found by name or address, inactive ones included when asked. */
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { t as imports } from "@/features/imports/words";
import { BulkActions, useChosen } from "@/features/bulk/Bulk";
import { date, dateTime, number } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { sortedBy, useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { deliverable } from "@/words/reasons";
import { reasonOf } from "@/words/reasons";
import { clientStatus } from "@/words/states";
import { t } from "./words";

export type Client = Schema<"ClientAnswer">;
const NAMES = ["inactifs"] as const;
const SORTS = ["name", "created_at", "last_delivery_at"] as const;

export default function ClientsPage() {
  const state = useListState(NAMES);
  const can = useCan();
  const query = { ...state.paging, search: state.search || undefined, sort: sortedBy(state.sort, SORTS), active_only: !state.filters.inactifs };
  const clients = useRead("/api/clients", { query });
  const chosen = useChosen(state);
  const create = can("clients.create") && <ButtonLink to="/admin/clients/nouveau" kind="primary">{t("create")}</ButtonLink>;
  return (
    <Page title={t("title")} intro={t("intro")} actions={create && <><ButtonLink to="/admin/import?quoi=clients">{imports("link")}</ButtonLink>{create}</>}>
      <FilterBar state={state} search={t("search")} views={{ list: "clients" }} filters={[{ name: "inactifs", label: t("shown"), options: [{ value: "1", label: t("inactive_too") }] }]} />
      <DataTable<Client>
        name="clients"
        label={t("title")}
        reading={clients}
        rows={clients.data?.clients}
        rowId={(one) => one.id}
        rowName={(one) => one.name}
        columns={columns()}
        state={state}
        exported={{ path: "/api/clients/export", query }}
        nothing={<NothingYet action={create}>{t("nothing")}</NothingYet>}
        {...(can("clients.edit") ? { selection: { ...chosen, actions: <BulkActions keys={["clients_off", "clients_on"]} selection={chosen} query={query} /> } } : {})}
      />
    </Page>
  );
}

function columns(): Column<Client>[] {
  return [
    { key: "name", label: t("name"), sort: "name", card: "title", render: (one) => <Link to={`/admin/clients/${one.id}`}>{one.name}</Link> },
    { key: "deliverable", label: t("deliverable"), card: "pill", render: (one) => <Deliverable client={one} /> },
    { key: "status", label: t("status"), render: (one) => <Pill of={clientStatus} value={one.client_status as never} /> },
    { key: "entity", label: t("entity"), card: "fact", render: (one) => <EntityBadge code={one.entity} /> },
    { key: "week", label: t("this_week"), tip: t("received_tip"), align: "right", card: "fact", render: (one) => number(one.total_leads_this_week) },
    { key: "total", label: t("ever"), tip: t("received_tip"), align: "right", render: (one) => number(one.total_leads_received) },
    { key: "email", label: t("email"), render: (one) => one.delivery_emails[0] ?? one.email },
    { key: "mode", label: t("mode"), render: (one) => sending(one, "every_day") },
    { key: "last", label: t("last"), sort: "last_delivery_at", render: (one) => dateTime(one.last_delivery_at) },
    { key: "contact", label: t("contact_name"), extra: true, render: (one) => one.contact_name || "–" },
  ];
}

/** How its leads leave. */
export function sending(client: Client, daily: "daily" | "every_day" = "daily"): string {
  return client.auto_send_enabled ? t(client.delivery_mode === "instant" ? "instant" : daily) : t("by_hand");
}

/** Whether anything can leave for the client, else why not. */
export function Deliverable({ client }: { client: Client }) {
  if (!client.active) return <TonePill tone="neutral">{client.paused_until ? t("inactive_until", { day: date(client.paused_until) }) : t("inactive")}</TonePill>;
  if (client.has_valid_channel) return <TonePill tone="success">{t("deliverable_yes")}</TonePill>;
  return <TonePill tone="warning">{reasonOf(deliverable, client.deliverable_code)}</TonePill>;
}
