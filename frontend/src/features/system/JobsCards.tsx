/** The scheduled jobs, their last runs, and « Lancer maintenant ». */
import { useLive } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useActions } from "@/app/actions";
import { useCan } from "@/app/session";
import { whoOf } from "@/features/audit/events";
import { DAILY, useLaunch } from "@/features/delivery_run/launch";
import { dateTime, number, sentence } from "@/lib/format";
import { Button } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { slotState } from "@/words/states";
import { useRun } from "./running";
import { t } from "./words";

const RUNS = 20;

export function JobsCards() {
  const cron = useLive("/api/system/cron", { query: { limit: RUNS } });
  if (!cron.data) return cron.error ? <ErrorBlock error={cron.error} retry={() => void cron.refetch()} /> : <Lines count={10} />;
  const { jobs, runs } = cron.data;
  const names = new Map(jobs.map((one) => [one.job, one.text]));
  return (
    <div className="stack">
      {cron.error && <ErrorBlock error={cron.error} retry={() => void cron.refetch()} />}
      <Card title={t("jobs")} note={t("jobs_note")}>
        <ul className="todo">
          {jobs.map((one) => (
            <JobRow key={one.job} job={one} />
          ))}
        </ul>
      </Card>
      <Card title={t("runs")}>
        {!runs.length && <p className="muted">{t("no_run")}</p>}
        <ul className="todo">
          {runs.map((one) => (
            <li key={one.id}>
              <Pill of={slotState} value={one.state} />
              <span className="grow">
                {names.get(one.job) ?? t("module")}
                <span className="note"> {runNote(one)}</span>
                {one.error && <div className="note">{one.error}</div>}
              </span>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}

function runNote(one: Schema<"SlotLine">): string {
  const who = one.requested_by ? t("by", { who: whoOf(one.requested_by) }) : t("machine");
  const took = one.duration_s === null ? "" : t("took", { s: number(one.duration_s, 1) });
  return [dateTime(one.run_at ?? one.due_at), took, who].filter(Boolean).join(" · ");
}

function JobRow({ job }: { job: Schema<"JobLine"> }) {
  const can = useCan();
  const { ask, busy } = useRun();
  const mine = { key: `run-${job.job}`, label: t("run_job", { job: job.text }), permission: "system.manage", run: () => void ask(job.job, job.text) };
  const { launch, busy: launching } = useLaunch();
  const daily = job.job === DAILY; // the frame offers it everywhere
  useActions(daily ? [] : [mine]);
  return (
    <li>
      {job.last && <Pill of={slotState} value={job.last.state} />}
      <span className="grow">
        <strong>{job.text}</strong>
        <br />
        <span className="note capital">
          {[job.schedule, t("next", { at: sentence(job.next_at) }), job.last && t("last", { at: dateTime(job.last.run_at ?? job.last.due_at) })].filter(Boolean).join(" · ")}
        </span>
      </span>
      {can("system.manage") && (
        <Button busy={busy || launching} onClick={() => void (daily ? launch() : ask(job.job, job.text))}>
          {t("run")}
        </Button>
      )}
    </li>
  );
}
