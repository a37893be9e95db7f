import type { Schema } from "@/api/types";
import { number, percent } from "@/lib/format";
import { useRowKeys, type Column } from "@/ui/DataTable";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Card } from "@/ui/Page";
import { PlainTable } from "@/ui/PlainTable";
import { leadStatus, sourceType, textOf } from "@/words/states";
import { leadsOf, ofSource } from "./links";
import type { Data } from "./QualityPage";
import { share, sourceName } from "./share";
import { SourcePanel } from "./SourcePanel";
import { t } from "./words";

type Score = Schema<"SourceScore">;
const NONE: readonly string[] = [];

const SORTS: Record<string, (one: Score) => number> = {
  total: (one) => one.total,
  before: (one) => one.before,
  delivered: (one) => Number(one.deliverability_rate),
  dup: (one) => Number(one.duplicate_rate),
  invalid: (one) => Number(one.invalid_rate),
  unsold: (one) => Number(one.rejection_rate),
  refused: (one) => Number(one.refused_rate),
  trust: (one) => Number(one.trust_score),
  toxic: (one) => Number(one.toxicity_score),
};

/** The API sends them all, or says how many it left out: sorted here. */
export function sorted(rows: readonly Score[], sort: string | undefined): Score[] {
  const by = SORTS[sort?.replace("-", "") ?? ""];
  if (!by) return [...rows];
  const way = sort?.startsWith("-") ? -1 : 1;
  return [...rows].sort((a, b) => way * (by(a) - by(b)) || b.total - a.total);
}

function idOf(one: Pick<Score, "provider_id" | "source_key">): string {
  return `${one.provider_id ?? ""}|${one.source_key}`;
}

export function Scores({ data }: { data: Data }) {
  const state = useListState(NONE);
  const rows = sorted(data.source_scores ?? [], state.sort);
  const opened = rows.find((one) => idOf(one) === state.fiche);
  const keys = useRowKeys(rows.map((one) => ({ id: idOf(one) })), state);
  return (
    <div className={opened ? "with-panel" : ""}>
      <Card title={t("scores")} note={data.sources_total > rows.length ? t("cut", { n: number(rows.length), total: number(data.sources_total) }) : t("scores_note", { count: rows.length })}>
        <PlainTable label={t("scores")} rows={rows} rowId={idOf} columns={columns(data, state.openFiche)} nothing={null} state={state} chosen={state.fiche} />
      </Card>
      {opened && <SourcePanel key={state.fiche} data={data} score={opened} {...keys} open={state.openFiche} />}
    </div>
  );
}

function columns(data: Data, open: (id: string) => void): Column<Score>[] {
  const to = (one: Score, wanted: Record<string, string | string[]>, text: string) => <Link to={leadsOf(data, { ...ofSource(one), ...wanted })}>{text}</Link>;
  return [
    { key: "source", label: t("source"), card: "title", render: (one) => <button type="button" className="link" onClick={() => open(idOf(one))}>{sourceName(one.source)}</button> },
    { key: "kinds", label: t("kinds"), card: "fact", render: (one) => one.kinds.map((kind) => textOf(sourceType, kind)).join(", ") },
    { key: "total", label: t("total"), tip: t("tip_total"), align: "right", sort: "total", card: "fact", render: (one) => to(one, {}, number(one.total)) },
    { key: "before", label: t("before"), tip: t("tip_before"), align: "right", sort: "before", render: (one) => number(one.before) },
    { key: "delivered", label: t("deliverability"), tip: t("tip_deliverability"), align: "right", sort: "delivered", card: "fact", render: (one) => to(one, { status: ["routed", "livre"] }, share(one.delivered, one.total)) },
    { key: "dup", label: t("dup"), tip: t("tip_dup"), align: "right", sort: "dup", render: (one) => to(one, { status: "duplicate" }, share(one.duplicate_count, one.total)) },
    { key: "invalid", label: t("invalid"), tip: t("tip_invalid"), align: "right", sort: "invalid", render: (one) => to(one, { phone_quality: "invalid" }, share(one.invalid_count, one.total)) },
    { key: "unsold", label: t("unsold"), tip: t("tip_unsold"), align: "right", sort: "unsold", render: (one) => share(one.unsold_count, one.total) },
    { key: "refused", label: t("refused"), tip: t("tip_refused"), align: "right", sort: "refused", card: "fact", render: (one) => share(one.refused, one.sold) },
    { key: "trust", label: t("trust"), tip: t("tip_trust"), align: "right", sort: "trust", card: "fact", render: (one) => number(Number(one.trust_score), 1) },
    { key: "toxic", label: t("toxic"), tip: t("tip_toxic"), align: "right", sort: "toxic", card: "fact", render: (one) => number(Number(one.toxicity_score), 1) },
  ];
}

export function Phones({ rows }: { rows: Schema<"PhoneQuality">[] }) {
  const columns: Column<Schema<"PhoneQuality">>[] = [
    { key: "kind", label: t("kind"), card: "title", render: (one) => textOf(sourceType, one.source_type) },
    { key: "total", label: t("total"), align: "right", card: "fact", render: (one) => number(one.total_leads) },
    { key: "valid", label: t("of_valid"), tip: t("tip_valid"), align: "right", card: "fact", render: (one) => share(one.valid_count, one.total_leads) },
    { key: "suspicious", label: t("suspicious"), align: "right", card: "fact", render: (one) => share(one.suspicious_count, one.total_leads) },
    { key: "invalid", label: t("unusable"), tip: t("tip_invalid"), align: "right", card: "fact", render: (one) => share(one.invalid_count, one.total_leads) },
    { key: "trend", label: t("trend"), tip: t("compared"), align: "right", render: (one) => (one.trend_pct == null ? "–" : percent(Number(one.trend_pct) / 100)) },
  ];
  return (
    <Card title={t("phones")}>
      <PlainTable label={t("phones")} rows={rows} rowId={(one) => one.source_type} columns={columns} nothing={<p className="muted">{t("nothing")}</p>} />
    </Card>
  );
}

export function Unsold({ data }: { data: Data }) {
  const rows = data.rejections_by_source ?? [];
  const kinds = new Map((data.source_scores ?? []).map((one) => [`${one.provider_id ?? ""}|${one.source_key}`, one.kinds]));
  const columns: Column<Schema<"Unsold">>[] = [
    { key: "source", label: t("source"), card: "title", render: (one) => sourceName(one.source) },
    { key: "total", label: t("count"), align: "right", card: "pill", render: (one) => number(one.total_rejected) },
    {
      key: "reasons",
      label: t("reasons"),
      card: "fact",
      render: (one) => (
        <span className="inline">
          {Object.entries(one.by_reason).map(([status, n]) => (
            <Link key={status} to={leadsOf(data, { ...ofSource({ ...one, kinds: kinds.get(`${one.provider_id ?? ""}|${one.source_key}`) ?? [] }), status })}>
              {`${textOf(leadStatus, status as keyof typeof leadStatus)} ${number(n)}`}
            </Link>
          ))}
        </span>
      ),
    },
  ];
  return (
    <Card title={t("unsold_title")}>
      <PlainTable label={t("unsold_title")} rows={rows} rowId={(one) => `${one.provider_id ?? ""}|${one.source_key}`} columns={columns} nothing={<p className="muted">{t("no_unsold")}</p>} />
    </Card>
  );
}
