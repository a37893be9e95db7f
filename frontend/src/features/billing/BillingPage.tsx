/** Facturation: the week client by client, what is missing before it can be closed, and the month. */
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useRead } from "@/api/hooks";
import { BulkActions, useChosen } from "@/features/bulk/Bulk";
import { Gain, type Margin } from "@/features/margin/figures";
import { WeekMargin } from "@/features/margin/WeekMargin";
import { t as margins } from "@/features/margin/words";
import { useCan, useSession } from "@/app/session";
import { money, number } from "@/lib/format";
import { parisDay } from "@/lib/weeks";
import { Button, IconButton } from "@/ui/Button";
import { useRowKeys, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Stat } from "@/ui/Figure";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { Views, useView } from "@/ui/Views";
import { useWeek, WeekNav } from "@/ui/WeekNav";
import { weekState } from "@/words/states";
import { CloseDialog, useIssue, type Closing } from "./CloseDialog";
import { MonthView } from "./MonthView";
import { ProductTables } from "./ProductTables";
import { clientRows, isMonth, shiftMonth, type ClientRow } from "./rules";
import { t } from "./words";
import { WeekPanel } from "./WeekPanel";

const VIEWS = ["semaine", "mois"] as const;
const NO_FILTER: string[] = [];

export default function BillingPage() {
  const session = useSession();
  const [view, choose] = useView(VIEWS);
  const { week, setWeek } = useWeek(session.week);
  const [params, setParams] = useSearchParams();
  const asked = params.get("mois") ?? "";
  const month = isMonth(asked) ? asked : parisDay(new Date(session.now)).slice(0, 7);
  const setMonth = (next: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.set("mois", next);
      return after;
    });
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      actions={view === "mois" ? <MonthNav month={month} onChange={setMonth} /> : <WeekNav week={week} current={session.week} onChange={setWeek} />}
    >
      <Views label={t("views")} view={view} choose={choose} views={[{ value: "semaine", label: t("week") }, { value: "mois", label: t("month") }]} />
      {view === "mois" ? <MonthView month={month} /> : <WeekView week={week} />}
    </Page>
  );
}

function MonthNav({ month, onChange }: { month: string; onChange: (month: string) => void }) {
  const told = new Intl.DateTimeFormat("fr-FR", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-15T12:00:00Z`));
  return (
    <div className="week-nav">
      <IconButton label={t("previous_month")} icon={<IconChevronLeft size={16} />} onClick={() => onChange(shiftMonth(month, -1))} />
      <span className="week-label capital">{told}</span>
      <IconButton label={t("next_month")} icon={<IconChevronRight size={16} />} onClick={() => onChange(shiftMonth(month, 1))} />
    </div>
  );
}

function WeekView({ week }: { week: string }) {
  const can = useCan();
  const board = useRead("/api/billing/week", { query: { week_key: week } });
  const margin = useRead("/api/margin/week", { query: { week_key: week } });
  const state = useListState(NO_FILTER);
  const [closing, setClosing] = useState<Closing>();
  const picked = useChosen(state, week);
  const rows = board.data && clientRows(board.data);
  const keys = useRowKeys(rows, state);
  if (board.error && !board.data) return <ErrorBlock error={board.error} retry={() => void board.refetch()} />;
  if (!board.data || !rows) return <Lines count={12} />;
  const gains = new Map(margin.data?.clients.map((one) => [one.client_id, one]));
  const chosen = rows.find((one) => one.id === state.fiche);
  const left = rows.filter((one) => one.state === "open").length;
  const refusal = !board.data.over ? t("not_over") : left === 0 ? t("all_closed") : undefined;
  return (
    <div className="stack" aria-busy={board.isPlaceholderData || undefined}>
      {board.error && <ErrorBlock error={board.error} retry={() => void board.refetch()} />}
      <div className="bar">
        <TonePill tone={board.data.over ? "neutral" : "info"}>{board.data.over ? t("over") : t("preview")}</TonePill>
        <span className="grow" />
        {can("billing.close") && (
          <Button kind="primary" refusal={refusal} onClick={() => setClosing({ week })}>
            {t("close_all")}
          </Button>
        )}
      </div>
      <Figures activity={board.data.summary} totals={board.data.totals} />
      <div className={chosen ? "with-panel" : ""}>
        <div className="stack">
          <PlainTable<ClientRow>
            label={t("by_client")}
            rows={rows}
            rowId={(one) => one.id}
            chosen={state.fiche}
            columns={columns(state.openFiche, (one) => <RowAction row={one} over={board.data.over} close={() => setClosing({ week, client: one })} />, gains)}
            nothing={<NothingYet>{t("nothing")}</NothingYet>}
            rowName={(one) => one.client_name}
            {...(can("billing.close") && board.data.over
              ? { selection: { ...picked, actions: <BulkActions keys={["close"]} selection={picked} query={{}} path={{ week_key: week }} /> } }
              : {})}
          />
          <WeekMargin reading={margin} />
          <ProductTables weekly={board.data.weekly_invoice} prepaid={board.data.prepaid} />
        </div>
        {chosen && (
          <WeekPanel row={chosen} week={week} over={board.data.over} close={() => setClosing({ week, client: chosen })} {...keys} open={state.openFiche} />
        )}
      </div>
      {closing && <CloseDialog {...closing} done={() => setClosing(undefined)} />}
    </div>
  );
}

export function Figures({ activity, totals }: {
  activity: { leads_produced: number; units_delivered: number; units_billable: number; units_non_billable: number };
  totals: { net_ht: string; vat: string; ttc: string; units_leads: number; units_lb: number; units_free: number };
}) {
  return (
    <div className="figures">
      <Stat label={t("produced")} value={number(activity.leads_produced)} />
      <Stat label={t("delivered")} value={number(activity.units_delivered)} note={`${t("not_billable")} ${number(activity.units_non_billable)}`} />
      <Stat label={t("billable")} value={number(activity.units_billable)} note={`${t("leads")} ${number(totals.units_leads)} · ${t("lb")} ${number(totals.units_lb)}`} />
      <Stat label={t("free")} value={number(totals.units_free)} />
      <Stat label={t("net")} value={money(totals.net_ht)} note={`${t("vat")} ${money(totals.vat)}`} />
      <Stat label={t("gross")} value={money(totals.ttc)} />
    </div>
  );
}

/** What the row waits for: closing, then issuing. */
function RowAction({ row, over, close }: { row: ClientRow; over: boolean; close: () => void }) {
  const can = useCan();
  const { issue, busy } = useIssue();
  if (!can("billing.close")) return <span className="muted">–</span>;
  if (row.state === "open") {
    return (
      <Button refusal={over ? undefined : t("not_over")} onClick={close}>
        {t("close")}
      </Button>
    );
  }
  if (row.invoice_id && row.invoice_status === "draft") {
    return (
      <Button busy={busy} onClick={() => void issue(row)}>
        {t("issue")}
      </Button>
    );
  }
  return <span className="muted">–</span>;
}

export function InvoiceLink({ id, label }: { id: string | null | undefined; label: string | null | undefined }) {
  if (!id) return <span className="muted">–</span>;
  return <Link to={`/admin/invoices/${id}`}>{label ?? t("draft")}</Link>;
}

/** Nothing while the margins are on their way, or for a client that they do not know. */
function shown(one: Margin | undefined): ReactNode {
  return one ? <Gain of={one} /> : <span className="muted">–</span>;
}

function columns(open: (id: string) => void, action: (row: ClientRow) => ReactNode, gains: Map<string | null, Margin>): Column<ClientRow>[] {
  return [
    {
      key: "client", label: t("client"), card: "title",
      render: (one) => (
        <button type="button" className="link" onClick={() => open(one.id)}>
          {one.client_name}
        </button>
      ),
    },
    { key: "state", label: t("state"), card: "pill", render: (one) => <Pill of={weekState} value={one.state} /> },
    {
      key: "prices", label: t("prices"), card: "fact",
      render: (one) => (one.unpriced > 0 ? <TonePill tone="warning">{t("unpriced_short", { n: number(one.unpriced) })}</TonePill> : t("complete")),
    },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "units", label: t("units"), tip: t("units_tip"), align: "right", card: "fact", render: (one) => number(one.billable) },
    { key: "free", label: t("free"), align: "right", render: (one) => number(one.free) },
    { key: "ht", label: t("ht"), align: "right", card: "fact", render: (one) => money(one.ht) },
    { key: "vat", label: t("vat"), align: "right", render: (one) => money(one.vat) },
    { key: "ttc", label: t("ttc"), align: "right", render: (one) => money(one.ttc) },
    { key: "margin", label: margins("margin"), align: "right", card: "fact", render: (one) => shown(gains.get(one.id)) },
    { key: "invoice", label: t("invoice"), card: "fact", render: (one) => <InvoiceLink id={one.invoice_id} label={one.invoice_number} /> },
    { key: "action", label: t("action"), card: "fact", render: action },
  ];
}
