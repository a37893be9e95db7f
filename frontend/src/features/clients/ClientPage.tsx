/** One client, in parts: two calls at most for each, the record's included. */
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useOpened } from "@/app/opened";
import { useCan } from "@/app/session";
import { t as rejects } from "@/features/bulk/rejects";
import { ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { Tabs, useTab } from "@/ui/Tabs";
import { clientStatus } from "@/words/states";
import { SuspendButton, SuspendedNotice } from "@/features/delivery_run/Suspension";
import { RemindButton } from "@/features/reminders/RemindButton";
import { Reminders } from "@/features/reminders/Reminders";
import { ActivityTab } from "./ActivityTab";
import { Deliverable } from "./ClientsPage";
import { CrmTab } from "./CrmTab";
import { OffersTab } from "./OffersTab";
import { OrdersTab } from "./OrdersTab";
import { PerformanceTab } from "./PerformanceTab";
import { PrepaidTab } from "./PrepaidTab";
import { PricingTab } from "./PricingTab";
import { PushTab } from "./PushTab";
import { PauseClient, SummaryTab } from "./SummaryTab";
import { t } from "./words";

export type Detail = Schema<"ClientDetail">;

const PARTS: Record<string, { permission?: string; show: (client: Detail) => ReactNode }> = {
  summary: { show: (client) => <SummaryTab client={client} /> },
  performance: { show: (client) => <PerformanceTab client={client} /> },
  pricing: { permission: "billing.view", show: (client) => <PricingTab client={client} /> },
  prepaid: { permission: "billing.view", show: (client) => <PrepaidTab client={client} /> },
  orders: { permission: "commandes.view", show: (client) => <OrdersTab client={client} /> },
  offers: { permission: "billing.view", show: (client) => <OffersTab client={client} /> },
  reminders: {
    permission: "billing.view",
    show: (client) => <Reminders clientId={client.id} actions={<RemindButton clientId={client.id} clientName={client.name} />} />,
  },
  crm: { show: (client) => <CrmTab key={client.id} client={client} /> },
  push: { show: (client) => <PushTab client={client} /> },
  activity: { show: (client) => <ActivityTab client={client} /> },
};

export default function ClientPage() {
  const { id = "" } = useParams();
  const read = useRead("/api/clients/{client_id}", { path: { client_id: id } });
  if (read.data) return <Shown client={read.data.client} />;
  return (
    <Page title={t("one")} narrow="record">
      {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={10} />}
    </Page>
  );
}

function Shown({ client }: { client: Detail }) {
  const can = useCan();
  const tabs = Object.entries(PARTS)
    .filter(([, part]) => can(part.permission))
    .map(([key]) => ({ key, label: t(`tab_${key}` as Parameters<typeof t>[0]) }));
  const open = useTab(tabs);
  useOpened("client", client.name);
  return (
    <Page
      title={client.name}
      narrow="record"
      intro={
        <span className="inline">
          <Deliverable client={client} />
          <Pill of={clientStatus} value={client.client_status as never} />
          <EntityBadge code={client.entity} />
          {client.tags.join(", ")}
        </span>
      }
      actions={
        <>
          {!client.suspension && <SuspendButton id={client.id} name={client.name} suspension={null} />}
          {can("deliveries.outcome") && <ButtonLink to={`/admin/clients/${client.id}/rejets`}>{rejects("link")}</ButtonLink>}
          {can("clients.edit") && (
            <>
              <PauseClient client={client} />
              <ButtonLink to={`/admin/clients/${client.id}/modifier`}>{t("edit")}</ButtonLink>
            </>
          )}
        </>
      }
    >
      {client.suspension && (
        <SuspendedNotice suspension={client.suspension} action={<SuspendButton id={client.id} name={client.name} suspension={client.suspension} />} />
      )}
      <Tabs label={t("parts")} base={`/admin/clients/${client.id}`} tabs={tabs} open={open} />
      {PARTS[open]?.show(client)}
    </Page>
  );
}
