/** One source opened: what it sent, day by day or week by week, against the period before. */
import { useState } from "react";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { date, day, number, shortDay } from "@/lib/format";
import { weekLabel, weekOfDay } from "@/lib/weeks";
import { Chart } from "@/ui/Chart";
import type { ChartPoint } from "@/ui/charting";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Facts } from "@/ui/Page";
import { SidePanel } from "@/ui/SidePanel";
import { Lines } from "@/ui/Skeletons";
import { Views } from "@/ui/Views";
import { daysOf, leadsOf, ofSource } from "./links";
import type { Data } from "./QualityPage";
import { share, sourceName } from "./share";
import { t } from "./words";

type Score = Schema<"SourceScore">;
type History = Schema<"SourceHistory">;
const MEASURES = ["received", "valid", "sold", "refused"] as const;
type Measure = (typeof MEASURES)[number];

interface Props {
  data: Data;
  score: Score;
  previous: string | undefined;
  next: string | undefined;
  open: (id: string | undefined) => void;
}

export function SourcePanel({ data, score, ...keys }: Props) {
  const read = useRead("/api/monitoring/source", {
    query: { provider_id: score.provider_id ?? undefined, source_key: score.source_key, range: data.range, product: data.product as "ALL" },
  });
  return (
    <SidePanel title={sourceName(score.source)} {...keys}>
      <div className="stack">
        {read.error && !read.data && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
        {!read.data && !read.error && <Lines count={8} />}
        {read.data && <Drawn history={read.data} score={score} />}
        <Facts
          rows={[
            [t("total"), <Link key="total" to={leadsOf(data, ofSource(score))}>{number(score.total)}</Link>],
            [t("before"), number(score.before)],
            [t("deliverability"), share(score.delivered, score.total)],
            [t("dup"), share(score.duplicate_count, score.total)],
            [t("invalid"), share(score.invalid_count, score.total)],
            [t("refused"), share(score.refused, score.sold)],
          ]}
        />
        <Link to={leadsOf(data, ofSource(score))} className="btn btn-default">{t("see")}</Link>
      </div>
    </SidePanel>
  );
}

function Drawn({ history, score }: { history: History; score: Score }) {
  const [measure, setMeasure] = useState<Measure>("received");
  const week = history.unit === "week";
  return (
    <>
      <Views label={t("measure")} view={measure} views={MEASURES.map((one) => ({ value: one, label: t(`of_${one}`) }))} choose={setMeasure} />
      <Chart
        title={t(week ? "by_week" : "by_day", { what: t(`of_${measure}`) })}
        each={t(week ? "week" : "day")}
        series={[t("this_period"), t("period_before")]}
        compares
        points={history.points.map((one) => point(one, measure, history, score))}
      />
    </>
  );
}

function point(one: Schema<"SourcePoint">, measure: Measure, history: History, score: Score): ChartPoint {
  const week = history.unit === "week";
  const running = one.before_so_far !== null;
  return {
    label: week ? `S${weekOfDay(one.start).slice(-2)}` : history.points.length > 7 ? date(one.start).slice(0, 5) : shortDay(one.start),
    full: week ? weekLabel(weekOfDay(one.start)) : day(one.start),
    values: [one.now[measure], one.before[measure]],
    running,
    // Only what was received has a figure at the same hour.
    soFar: measure === "received" ? one.before_so_far : null,
    to: daysOf(one.start, one.end, history.product, ofSource(score)),
  };
}
