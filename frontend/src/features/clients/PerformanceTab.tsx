import { useSearchParams } from "react-router";
import { useRead } from "@/api/hooks";
import { SentByDay } from "@/features/deliveries/SentByDay";
import { date, number, percent } from "@/lib/format";
import { isWeek, weekLabel } from "@/lib/weeks";
import { Chart } from "@/ui/Chart";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { NothingYet } from "@/ui/Empty";
import { Card } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import type { Detail } from "./ClientPage";
import { t } from "./words";

const GROUPS = ["day", "week", "month"] as const;

export function PerformanceTab({ client }: { client: Detail }) {
  const [params, setParams] = useSearchParams();
  const group = GROUPS.find((one) => one === params.get("par")) ?? "day";
  const read = useRead("/api/clients/{client_id}/summary", { path: { client_id: client.id }, query: { group_by: group } });
  const choose = (next: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.set("par", next);
      return after;
    });
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  return (
    <div className="stack">
      {read.data && <Trends summary={read.data} />}
      <Card
        title={t("tab_performance")}
        note={read.data ? `${t("last_30")} ${t("next_day", { day: read.data.next_delivery_day ?? t("none") })}` : t("last_30")}
        actions={
          <select aria-label={t("group")} value={group} onChange={(event) => choose(event.target.value)}>
            {GROUPS.map((one) => (
              <option key={one} value={one}>{t(`by_${one}`)}</option>
            ))}
          </select>
        }
      >
        {!read.data ? <Lines count={8} /> : read.data.periods.length ? <Periods summary={read.data} /> : <NothingYet>{t("no_period")}</NothingYet>}
      </Card>
    </div>
  );
}

type Summary = NonNullable<ReturnType<typeof useRead<"/api/clients/{client_id}/summary">>["data"]>;

function Trends({ summary }: { summary: Summary }) {
  const { weeks, days, client_id: id } = summary;
  return (
    <div className="grid">
      <div className="span-6">
        <Card>
          <Chart
            title={t("weeks")}
            each={t("week_of")}
            shape="lines"
            series={[t("sent"), t("billable"), t("rejected")]}
            points={weeks.map((one, at) => ({
              label: `S${one.week.slice(-2)}`,
              full: weekLabel(one.week),
              values: [one.sent, one.billable, one.rejected],
              running: at === weeks.length - 1,
              to: `/admin/deliveries?status=sent&sent_week=${one.week}&client_id=${id}`,
            }))}
          />
        </Card>
      </div>
      <div className="span-6">
        <Card>
          <SentByDay title={t("days_sent")} days={days} of={`&client_id=${id}`} />
        </Card>
      </div>
    </div>
  );
}

function Periods({ summary }: { summary: Summary }) {
  const rows = [...summary.periods].reverse();
  return (
    // Focusable, for the keyboard to scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("tab_performance")}>
      <table className="mini">
        <thead>
          <tr>
            <th scope="col">{t("period")}</th>
            {(["sent", "billable", "rejected", "removed", "failed", "rate"] as const).map((one) => (
              <th key={one} scope="col" className="right">{t(one)}</th>
            ))}
            <th scope="col">{t("produits")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.period}>
              <td>{periodName(one.period)}</td>
              <Figures line={one} />
              <td>{Object.entries(one.by_produit).map(([produit, n]) => `${produit} ${number(n)}`).join(", ")}</td>
            </tr>
          ))}
          <tr>
            <td>{t("of_period")}</td>
            <Figures line={summary.totals} />
            <td />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

type Outcomes = Pick<Summary["totals"], "sent" | "billable" | "rejected" | "removed" | "failed" | "reject_rate">;

function Figures({ line }: { line: Outcomes }) {
  return (
    <>
      {[line.sent, line.billable, line.rejected, line.removed, line.failed].map((one, at) => (
        <td key={at} className="right">{number(one)}</td>
      ))}
      <td className="right">{percent(Number(line.reject_rate) / 100)}</td>
    </>
  );
}

/** A day, an ISO week or a month, as the API keys them. */
function periodName(key: string): string {
  if (isWeek(key)) return weekLabel(key);
  const [year, month] = key.split("-");
  return key.length === 7 ? `${month}/${year}` : date(key);
}
