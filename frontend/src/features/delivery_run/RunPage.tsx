/** « Qui recevra quoi ? »: the next delivery before it happens, the reports of the last ones, the coming days. */
import { useLive } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { DaysCard } from "@/features/parametres/CalendarTab";
import { day } from "@/lib/format";
import { Button } from "@/ui/Button";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { useView, Views } from "@/ui/Views";
import { ClientsTable } from "./ClientsTable";
import { useLaunch } from "./launch";
import { Reports } from "./Reports";
import { t } from "./words";

const VIEWS = ["ahead", "reports", "calendar"] as const;

export default function RunPage() {
  const can = useCan();
  const { busy, launch } = useLaunch();
  const [view, choose] = useView(VIEWS);
  const actions = can("system.manage") && (
    <Button kind="primary" busy={busy} onClick={() => void launch()}>
      {t("launch")}
    </Button>
  );
  return (
    <Page title={t("title")} intro={t("intro")} actions={actions}>
      <Views label={t("views")} views={VIEWS.map((value) => ({ value, label: t(value) }))} view={view} choose={choose} />
      {view === "reports" ? <Reports /> : <Ahead calendar={view === "calendar"} />}
    </Page>
  );
}

function Ahead({ calendar }: { calendar: boolean }) {
  const can = useCan();
  const read = useLive("/api/delivery-run/preview");
  if (!read.data) return read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={12} />;
  const manages = can("settings.manage");
  return (
    <>
      {read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {calendar && !manages && <p className="note">{t("read_only")}</p>}
      {read.data.entities.map((one) =>
        calendar ? (
          <section key={one.entity} className="stack" aria-label={one.entity}>
            <EntityBadge code={one.entity} />
            <DaysCard entity={one.entity} calendar={one.calendar} manages={manages} />
          </section>
        ) : (
          <Entity key={one.entity} one={one} clients={read.data.clients.filter((each) => each.entity === one.entity)} />
        ),
      )}
    </>
  );
}

function Entity({ one, clients }: { one: Schema<"EntityPlanned">; clients: Schema<"ClientPlanned">[] }) {
  const notes = [
    one.closed_reason && t("closed_today", { reason: one.closed_reason }),
    one.held > 0 && t("held", { count: one.held }),
    one.waiting > 0 && t("waiting", { count: one.waiting }),
  ].filter(Boolean);
  return (
    <section className="stack" aria-label={one.entity}>
      <div className="band">
        <EntityBadge code={one.entity} />
        <div className="grow">
          <strong>{next(one)}</strong>
          {notes.length > 0 && <div className="note">{notes.join(" ")}</div>}
        </div>
      </div>
      <ClientsTable entity={one.entity} clients={clients} nothing={<NothingYet>{t("nothing")}</NothingYet>} />
    </section>
  );
}

function next(one: Schema<"EntityPlanned">): string {
  if (!one.day) return t("never");
  const at = t("hour", { day: day(one.day) });
  return one.leads ? t("next", { at, count: one.leads, clients: t("clients", { count: one.clients }) }) : t("next_none", { at });
}
