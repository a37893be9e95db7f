/** One lead supplier: who it is, what its leads cost and leave. */
import { useParams } from "react-router";
import { useRead } from "@/api/hooks";
import { useCan } from "@/app/session";
import { ProviderBooks } from "@/features/margin/ProviderBooks";
import { History } from "@/features/audit/History";
import { date, number } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card, Facts, Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { State } from "./ProvidersPage";
import { t } from "./words";

export default function ProviderPage() {
  const { id = "" } = useParams();
  const can = useCan();
  const read = useRead("/api/providers/{provider_id}", { path: { provider_id: id } });
  const provider = read.data?.provider;
  if (!provider) {
    return (
      <Page title={t("one")} narrow="record">
        {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={8} />}
      </Page>
    );
  }
  return (
    <Page
      title={provider.name}
      narrow="record"
      intro={<span className="inline"><State provider={provider} /><EntityBadge code={provider.entity} /></span>}
      actions={<ButtonLink to={`/admin/leads?provider_id=${provider.id}`}>{t("see_leads")}</ButtonLink>}
    >
      <div className="stack">
        {can("billing.view") && <ProviderBooks providerId={provider.id} />}
        <Card title={t("one")}>
          <Facts
            rows={[
              [t("slug"), provider.slug],
              [t("leads"), number(provider.total_leads)],
              [t("key"), t("key_prefix", { prefix: provider.api_key_prefix })],
              [t("rotated"), date(provider.key_rotated_at)],
              [t("email"), provider.contact_email],
              [t("notes"), provider.notes],
              [t("created"), date(provider.created_at)],
            ]}
          />
        </Card>
        <History id={provider.id} kind="provider" />
      </div>
    </Page>
  );
}
