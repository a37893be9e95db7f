/** Paramètres: one subject at a time, one entity at a time; the address says which (`/admin/settings/calendrier/ZR7`). */
import { useParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { inView } from "@/ui/Tabs";
import { CalendarTab } from "./CalendarTab";
import { FormsTab } from "./FormsTab";
import { LegalTab } from "./LegalTab";
import { PricesTab } from "./PricesTab";
import { CrossingTab, MailTab, ReturnsTab, SourcesTab } from "./RulesTabs";
import { t } from "./words";

export type EntitySettings = Schema<"EntitySettings">;
export interface TabProps {
  settings: EntitySettings;
  overview: Schema<"SettingsOverview">;
  /** Whether the user may change them. */
  manages: boolean;
}
const TABS = ["calendrier", "envois", "echanges", "sources", "formulaires", "retours", "mentions", "prix"] as const;
type Tab = (typeof TABS)[number];
const SHOWN: Record<Exclude<Tab, "prix">, (props: TabProps) => React.ReactNode> = {
  calendrier: CalendarTab, envois: MailTab, echanges: CrossingTab, sources: SourcesTab, formulaires: FormsTab, retours: ReturnsTab, mentions: LegalTab,
};

export default function SettingsPage() {
  const params = useParams();
  const can = useCan();
  const overview = useRead("/api/settings/overview");
  const tab = TABS.find((one) => one === params.tab) ?? "calendrier";
  const { data } = overview;
  const settings = data?.entities.find((one) => one.entity === params.entity) ?? data?.entities[0];
  const tabs = TABS.filter((one) => one !== "prix" || can("intercompany.view"));
  const at = (one: Tab, entity = settings?.entity) => `/admin/settings/${one}${entity ? `/${entity}` : ""}`;
  const manages = can("settings.manage");
  return (
    <Page title={t("title")} intro={t("intro")} narrow="record">
      <nav className="tabs" aria-label={t("tabs")}>
        {tabs.map((one) => (
          <Link key={one === tab ? `${one}-open` : one} to={at(one)} aria-current={one === tab ? "page" : undefined} ref={inView}>
            {t(one)}
          </Link>
        ))}
      </nav>
      {data && data.entities.length > 1 && tab !== "prix" && (
        <nav className="inline" aria-label={t("entity")}>
          {data.entities.map((one) => (
            <Link key={one.entity} to={at(tab, one.entity)} className={`btn ${one === settings ? "btn-default" : "btn-quiet"}`} aria-current={one === settings ? "true" : undefined}>
              <EntityBadge code={one.entity} />
            </Link>
          ))}
        </nav>
      )}
      {!manages && tab !== "prix" && <p className="note">{t("read_only")}</p>}
      {tab === "prix" ? (
        <PricesTab />
      ) : settings && data ? (
        <Shown key={`${tab}-${settings.entity}`} tab={tab} settings={settings} overview={data} manages={manages} />
      ) : overview.error ? (
        <ErrorBlock error={overview.error} retry={() => void overview.refetch()} />
      ) : (
        <Lines count={10} />
      )}
    </Page>
  );
}

function Shown({ tab, ...props }: TabProps & { tab: Exclude<Tab, "prix"> }) {
  const One = SHOWN[tab];
  return <One {...props} />;
}
