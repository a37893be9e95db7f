import type { Schema } from "@/api/types";
import { number } from "@/lib/format";
import type { Column } from "@/ui/DataTable";
import { EntityBadge } from "@/ui/EntityBadge";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { reasonOf, rejection } from "@/words/reasons";
import { outcome } from "@/words/states";
import type { Data } from "./QualityPage";
import { sourceName } from "./share";
import { t } from "./words";

type Row = Schema<"Refusal">;

/** What each client refuses of each source, and where. */
export function Refusals({ data }: { data: Data }) {
  const rows = data.client_rejections ?? [];
  const left = data.client_rejections_total > rows.length;
  return (
    <Card title={t("refusals")} note={left ? t("cut", { n: number(rows.length), total: number(data.client_rejections_total) }) : t("refusals_note")}>
      <PlainTable label={t("refusals")} rows={rows} rowId={key} columns={COLUMNS()} nothing={<p className="muted">{t("no_refusal")}</p>} />
    </Card>
  );
}

function key(one: Row): string {
  return [one.provider_id, one.source_key, one.client_id ?? one.entity, one.departement, one.outcome, one.reason].join("|");
}

function COLUMNS(): Column<Row>[] {
  return [
    { key: "source", label: t("source"), card: "title", render: (one) => sourceName(one.source) },
    {
      key: "client",
      label: t("client"),
      card: "fact",
      render: (one) => (one.client_id ? <Link to={`/admin/clients/${one.client_id}`}>{one.client_name}</Link> : t("other_client", { entity: one.entity })),
    },
    { key: "departement", label: t("departement"), card: "fact", render: (one) => one.departement },
    { key: "reason", label: t("reason"), card: "fact", render: (one) => reasonOf(rejection, one.reason) },
    { key: "outcome", label: t("outcome"), card: "pill", render: (one) => <Pill of={outcome} value={one.outcome} /> },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "count", label: t("count"), align: "right", card: "fact", render: (one) => number(one.count) },
  ];
}
