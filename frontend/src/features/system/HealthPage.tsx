/** Santé: the alarms in words with what to do, each part of the house, the scheduled jobs, the version. */
import type { ReactNode } from "react";
import { useLive } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { dateTime, time } from "@/lib/format";
import { french } from "@/lib/typography";
import { ButtonLink } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { LiveMark } from "@/ui/LiveMark";
import { Card, Facts, Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { alarmOf } from "@/words/alarms";
import { healthStatus } from "@/words/states";
import { JobsCards } from "./JobsCards";
import { t } from "./words";

type Health = Schema<"Health">;
type Module = Schema<"Module">;
const ORDER = ["outbox", "deliveries", "cron", "processes", "reports", "mail", "hold", "alerts", "suppressions", "pushes", "crm", "indexes", "invoices", "intercompany"] as const;
const NAMED = new Set<string>(ORDER);
const ENVS = new Set(["production", "development", "demo", "test"]);

export default function HealthPage() {
  const health = useLive("/api/system/health");
  const { data } = health;
  return (
    <Page title={t("title")} narrow="record" intro={data ? <span className="inline"><Pill of={healthStatus} value={data.status} /> {t("intro")} <LiveMark reading={health} /></span> : t("intro")}>
      {health.error && <ErrorBlock error={health.error} retry={() => void health.refetch()} />}
      {!data && !health.error && <Lines count={10} />}
      {data && <AlarmsCard health={data} />}
      <div className="columns">
        <JobsCards />
        <div className="stack">
          {data && <ModulesCard health={data} />}
          {data && <VersionCard version={data.version} />}
        </div>
      </div>
    </Page>
  );
}

function AlarmsCard({ health }: { health: Health }) {
  const can = useCan();
  const codes = [...new Set(Object.values(health.modules).flatMap((one) => one.alarms ?? []))];
  return (
    <Card title={t("alarms")}>
      {!codes.length && <p>{t("no_alarm")}</p>}
      <ul className="todo">
        {codes.map((code) => {
          const { text, act, to } = alarmOf(code);
          return (
            <li key={code}>
              <span className="grow">
                <strong>{text}</strong>
                <br />
                <span className="note">{act}</span>
              </span>
              {to && can(to[1]) && <ButtonLink to={to[0]}>{t("see")}</ButtonLink>}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function ModulesCard({ health }: { health: Health }) {
  const rank = (name: string) => (NAMED.has(name) ? ORDER.indexOf(name as (typeof ORDER)[number]) : ORDER.length);
  const names = Object.keys(health.modules).sort((one, other) => rank(one) - rank(other));
  return (
    <Card title={t("modules")}>
      <Facts
        rows={names.map((name) => {
          const module = health.modules[name] as Module;
          return [
            NAMED.has(name) ? t(name as (typeof ORDER)[number]) : t("module"),
            <>
              <Pill of={healthStatus} value={module.status} />
              {told(name, module)}
            </>,
          ] as [string, ReactNode];
        })}
      />
    </Card>
  );
}

/** What a part says of itself that a person can use. */
function told(name: string, module: Module): ReactNode {
  const lines: string[] = [];
  if (name === "processes") {
    for (const role of ["worker", "scheduler"] as const) {
      const one = module[role] as { alive: number; heartbeat_at: string | null } | undefined;
      lines.push(french(`${t(role)} : ${one?.alive ? t("alive", { n: one.alive, at: time(one.heartbeat_at, true) }) : t("dead")}`));
    }
  }
  if (name === "indexes") {
    const missing = (module.missing as string[] | undefined) ?? [];
    lines.push(t("confirmed", { count: Number(module.confirmed ?? 0) }));
    if (missing.length) lines.push(t("missing", { names: missing.join(", ") }));
  }
  if (typeof module.error === "string") lines.push(module.error);
  return lines.map((one) => (
    <div key={one} className="note">
      {one}
    </div>
  ));
}

function VersionCard({ version }: { version: Schema<"Version"> }) {
  return (
    <Card title={t("version")}>
      <Facts
        rows={[
          [t("tag"), version.version],
          [t("sha"), version.git_sha && <code>{version.git_sha.slice(0, 12)}</code>],
          [t("built"), Number.isNaN(Date.parse(version.build_date)) ? null : dateTime(version.build_date)],
          [t("env"), t(ENVS.has(version.env) ? (version.env as "production") : "other")],
        ]}
      />
    </Card>
  );
}
