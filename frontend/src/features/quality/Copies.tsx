import type { Schema } from "@/api/types";
import { number } from "@/lib/format";
import { Chart } from "@/ui/Chart";
import type { Column } from "@/ui/DataTable";
import { EntityBadge } from "@/ui/EntityBadge";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { PlainTable } from "@/ui/PlainTable";
import { leadsOf, ofSource } from "./links";
import type { Data, Shown } from "./QualityPage";
import { share, sourceName } from "./share";
import { t } from "./words";

const GAPS = ["lt_1h", "1h_24h", "1d_7d", "gt_7d", "unknown"] as const;

export function Copies({ data, shown }: { data: Data; shown: Shown }) {
  const gaps = data.duplicate_time_buckets;
  const offenders = Object.entries(data.duplicate_offenders_by_entity ?? {});
  return (
    <div className="grid">
      <div className="span-6">{shown("duplicate_by_source", <BySource data={data} />)}</div>
      <div className="span-6">
        {shown(
          "duplicate_time_buckets",
          <Card>
            <Chart title={t("gaps")} series={[t("dup")]} each={t("gap")} points={GAPS.map((one) => ({ label: t(`short_${one}`), full: t(`gap_${one}`), values: [gaps?.[one] ?? 0] }))} />
            <p className="note">{t("tip_gap")}</p>
          </Card>,
        )}
      </div>
      <div className="span-6">{shown("duplicate_offenders_by_entity", <Offenders rows={offenders} />)}</div>
      <div className="span-6">{shown("duplicate_cross_matrix", <Conflicts data={data} />)}</div>
    </div>
  );
}

function BySource({ data }: { data: Data }) {
  const kinds = new Map((data.source_scores ?? []).map((one) => [`${one.provider_id ?? ""}|${one.source_key}`, one.kinds]));
  const id = (one: Schema<"Duplicates">) => `${one.provider_id ?? ""}|${one.source_key}`;
  const columns: Column<Schema<"Duplicates">>[] = [
    { key: "source", label: t("source"), card: "title", render: (one) => sourceName(one.source) },
    { key: "total", label: t("total"), align: "right", card: "fact", render: (one) => number(one.total_leads) },
    {
      key: "count",
      label: t("dup"),
      tip: t("tip_dup"),
      align: "right",
      card: "fact",
      render: (one) => <Link to={leadsOf(data, { ...ofSource({ ...one, kinds: kinds.get(id(one)) ?? [] }), status: "duplicate" })}>{number(one.duplicate_count)}</Link>,
    },
    { key: "rate", label: t("share"), align: "right", card: "fact", render: (one) => share(one.duplicate_count, one.total_leads) },
  ];
  return (
    <Card title={t("dup")}>
      <PlainTable label={t("dup")} rows={data.duplicate_by_source ?? []} rowId={id} columns={columns} nothing={<p className="muted">{t("nothing")}</p>} />
    </Card>
  );
}

function Offenders({ rows }: { rows: [string, Schema<"Offenders">][] }) {
  const columns: Column<[string, Schema<"Offenders">]>[] = [
    { key: "entity", label: t("entity"), card: "title", render: ([entity]) => <EntityBadge code={entity} /> },
    { key: "count", label: t("dup"), tip: t("tip_dup"), align: "right", card: "fact", render: ([, one]) => share(one.duplicate_count, one.total_leads) },
    { key: "lp", label: t("against_lp"), align: "right", card: "fact", render: ([, one]) => number(one.against_internal_lp) },
    { key: "provider", label: t("against_provider"), align: "right", card: "fact", render: ([, one]) => number(one.against_provider) },
    { key: "other", label: t("against_sister"), align: "right", card: "fact", render: ([, one]) => number(one.against_other_entity) },
  ];
  return (
    <Card title={t("offenders")}>
      <PlainTable label={t("offenders")} rows={rows} rowId={([entity]) => entity} columns={columns} nothing={<p className="muted">{t("nothing")}</p>} />
    </Card>
  );
}

function Conflicts({ data }: { data: Data }) {
  const rows = data.duplicate_cross_matrix ?? [];
  const columns: Column<Schema<"Conflict">>[] = [
    { key: "a", label: t("source_a"), card: "title", render: (one) => <span className="inline">{sourceName(one.source_a)} <EntityBadge code={one.entity_a} /></span> },
    { key: "b", label: t("source_b"), card: "fact", render: (one) => <span className="inline">{sourceName(one.source_b)} <EntityBadge code={one.entity_b} /></span> },
    { key: "n", label: t("shared_numbers"), tip: t("tip_conflict"), align: "right", card: "fact", render: (one) => number(one.conflict_count) },
  ];
  const left = data.duplicate_cross_total > rows.length;
  return (
    <Card title={t("conflicts")} note={left ? t("cut", { n: number(rows.length), total: number(data.duplicate_cross_total) }) : undefined}>
      <PlainTable label={t("conflicts")} rows={rows} rowId={(one) => `${one.source_a}|${one.entity_a}|${one.source_b}|${one.entity_b}`} columns={columns} nothing={<p className="muted">{t("no_conflict")}</p>} />
    </Card>
  );
}
