/** The Cockpit (design.md 30-36): one call, one block each; a block refused or failed says so, and never shows zero. */
import type { ReactNode } from "react";
import { useLive } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useSession } from "@/app/session";
import { SentByDay } from "@/features/deliveries/SentByDay";
import { date, day, money, number, percent, time, weekday } from "@/lib/format";
import { monday, parisInstant, shiftWeek } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FigureTile, Progress, Stat } from "@/ui/Figure";
import { Link } from "@/ui/Link";
import { Card, Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { useWeek, WeekNav } from "@/ui/WeekNav";
import { t as ui } from "@/ui/words";
import { leadStatus, textOf } from "@/words/states";
import { BandLine } from "./Bands";
import { SourcesCard } from "./SourcesCard";
import { TodoList } from "./TodoList";
import { t } from "./words";

type Cockpit = Schema<"Cockpit">;
type Block = Cockpit["failed"] extends (infer B)[] | undefined ? B : never;
const FEW = 30;

export default function CockpitPage() {
  const session = useSession();
  const { week, asked, setWeek } = useWeek(session.week);
  const cockpit = useLive("/api/cockpit", { query: { week: asked } });
  const { data } = cockpit;
  return (
    <Page
      title={t("title")}
      intro={
        <span className="inline">
          <span className="capital">{day(session.now)}</span>
          {data && (
            <span role="status" className="note">
              {cockpit.isError ? `○ ${t("stale", { at: time(data.now) })}` : `● ${t("live", { at: time(data.now, true) })}`}
            </span>
          )}
          {cockpit.isError && data && (
            <Button kind="quiet" onClick={() => void cockpit.refetch()}>
              {t("refresh")}
            </Button>
          )}
        </span>
      }
      actions={<WeekNav week={week} current={session.week} onChange={setWeek} />}
    >
      {data ? <Blocks data={data} retry={() => void cockpit.refetch()} /> : cockpit.error ? <ErrorBlock error={cockpit.error} retry={() => void cockpit.refetch()} /> : <Lines count={12} height={20} />}
    </Page>
  );
}

function Blocks({ data, retry }: { data: Cockpit; retry: () => void }) {
  const block = (name: Block, shown: ReactNode) =>
    data.failed?.includes(name) ? <Unavailable retry={retry} /> : data.hidden?.includes(name) ? null : shown;
  const previous = Number(shiftWeek(data.week, -1).slice(6));
  const compared = comparedWith(data);
  return (
    <div className="grid">
      <div className="span-12">{block("bands", data.bands?.map((one) => <BandLine key={one.entity} band={one} />))}</div>
      <div className="span-8">{block("todo", <TodoList rows={data.todo ?? []} />)}</div>
      <div className="span-4">{block("orders", <OrdersCard rows={data.orders ?? []} />)}</div>
      <div className="span-12">
        {block(
          "tiles",
          <div className="figures">
            {data.tiles?.map((one) => (one.name === "lb_stock" ? null : (
              <FigureTile
                key={one.name}
                label={t(one.name)}
                value={one.now}
                before={one.before}
                compared={one.name === "rejected" ? t("compared_7d") : compared}
                {...(one.before_whole != null ? { third: t("whole", { week: previous, n: number(one.before_whole) }) } : {})}
                to={tileLink(one.name, data)}
              />
            )))}
            <Worth data={data} previous={previous} />
            {data.tiles?.filter((one) => one.name === "lb_stock").map((one) => (
              <FigureTile key={one.name} label={t(one.name)} value={one.now} to={tileLink(one.name, data)} />
            ))}
          </div>,
        )}
      </div>
      <div className="span-7">
        {block(
          "sent_by_day",
          <Card>
            <SentByDay title={t("by_day")} days={data.sent_by_day ?? []} />
          </Card>,
        )}
      </div>
      <div className="span-5">{block("top_clients", <TopCard rows={data.top_clients ?? []} />)}</div>
      <div className="span-6">{block("sources", <SourcesCard ranking={data.sources} />)}</div>
      <div className="span-6">{block("waiting", <WaitingCard rows={data.waiting ?? []} />)}</div>
    </div>
  );
}

/** What the week is worth; for who does not see amounts, the share of the leads that found a buyer. */
function Worth({ data, previous }: { data: Cockpit; previous: number }) {
  const { revenue } = data;
  if (revenue) {
    const change = Number(revenue.now) - Number(revenue.before);
    const told = `${change > 0 ? "▲ +" : change < 0 ? "▼ " : "= "}${change ? money(change) : ""} ${comparedWith(data)}`;
    return (
      <Link to={`/admin/facturation?semaine=${data.week}`} className="figure">
        <span className="figure-label">{t("revenue")}</span>
        <span className="figure-value">{money(revenue.now)}</span>
        <span className="note">{told}</span>
        {revenue.before_whole != null && <span className="note">{t("whole", { week: previous, n: money(revenue.before_whole) })}</span>}
      </Link>
    );
  }
  if (data.failed?.includes("revenue")) return <Stat label={t("revenue")} value="–" note={ui("unavailable")} />;
  const count = (name: Schema<"Tile">["name"]) => data.tiles?.find((one) => one.name === name)?.now ?? 0;
  const [n, of] = [count("leads_assigned"), count("leads_received")];
  return <Stat label={t("rate")} value={of < FEW ? t("few", { n: number(n), of: number(of) }) : percent(n / of)} />;
}

/** « jeudi dernier, même heure » this week; a past week is compared whole. */
function comparedWith(data: Cockpit): string {
  return data.week === data.current_week ? t("compared_at", { day: weekday(data.now) }) : t("compared");
}

function tileLink(name: Schema<"Tile">["name"], { week, current_week, now }: Cockpit): string {
  const from = new Date(Date.parse(now) - 7 * 86_400_000).toISOString();
  const links: Record<typeof name, string> = {
    leads_received: `/admin/leads?week=${week}`,
    leads_assigned: `/admin/deliveries?week=${week}`,
    sent: `/admin/deliveries?status=sent&sent_week=${week}`,
    rejected: week === current_week ? `/admin/deliveries?outcome=rejected&rejected_from=${from}` : `/admin/deliveries?outcome=rejected&rejected_from=${parisInstant(`${monday(week)}T00:00`)}&rejected_to=${parisInstant(`${monday(shiftWeek(week, 1))}T00:00`)}`,
    lb_stock: "/admin/leads?status=lb",
  };
  return links[name];
}

function Unavailable({ retry }: { retry: () => void }) {
  return (
    <Card>
      <p className="inline">
        {ui("unavailable")}
        <Button kind="quiet" onClick={retry}>
          {ui("retry")}
        </Button>
      </p>
    </Card>
  );
}

function OrdersCard({ rows }: { rows: Schema<"Orders">[] }) {
  return (
    <Card title={t("orders")} note={t("orders_note")}>
      {!rows.length && <p className="muted">{t("no_orders")}</p>}
      <ul className="plain">
        {rows.map((one) => (
          <li key={one.produit} className="order">
            <span>{one.produit}</span>
            {one.quota > 0 ? <Progress label={one.produit} value={one.taken} of={one.quota} /> : <span />}
            <span className="tnum">{one.quota > 0 ? `${number(one.taken)} / ${number(one.quota)}` : number(one.unlimited_taken)}</span>
            {one.unlimited > 0 && (
              <span className="note">
                {t("unlimited", { count: one.unlimited })}
                {one.quota > 0 && one.unlimited_taken > 0 && ` · ${t("unlimited_taken", { count: one.unlimited_taken })}`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function TopCard({ rows }: { rows: Schema<"TopClient">[] }) {
  return (
    <Card title={t("top")}>
      {!rows.length && <p className="muted">{t("no_top")}</p>}
      {rows.length > 0 && (
        <table className="mini">
          <thead>
            <tr>
              <th>{t("client")}</th>
              <th className="right">{t("n_sent")}</th>
              <th className="right">{t("n_rejected")}</th>
              <th className="right">{t("n_billable")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.client_id}>
                <td>
                  <Link to={`/admin/deliveries?client_id=${one.client_id}`}>{one.client_name}</Link>
                </td>
                <td className="right">{number(one.sent)}</td>
                <td className="right">{number(one.rejected)}</td>
                <td className="right">{number(one.billable)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function WaitingCard({ rows }: { rows: Schema<"Waiting">[] }) {
  return (
    <Card title={t("waiting")}>
      {!rows.length && <p className="muted">{t("nothing_waiting")}</p>}
      {rows.length > 0 && (
        // Focusable, for the keyboard to scroll it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("waiting")}>
          <table className="mini">
            <thead>
              <tr>
                <th>{t("cause")}</th>
                <th>{t("produit")}</th>
                <th className="right">{t("count")}</th>
                <th>{t("oldest")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={`${one.entity}-${one.status}-${one.produit}`}>
                  <td>
                    <span className="inline">
                      <Link to={`/admin/leads?status=${one.status}${one.produit ? `&produit=${one.produit}` : ""}`} aria-label={textOf(leadStatus, one.status)}>
                        <Pill of={leadStatus} value={one.status} />
                      </Link>
                      {one.entity && <EntityBadge code={one.entity} />}
                    </span>
                  </td>
                  <td>{one.produit ?? "–"}</td>
                  <td className="right">{number(one.count)}</td>
                  <td>{date(one.oldest)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
