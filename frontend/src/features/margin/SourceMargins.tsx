/** What the leads of each source, received in the period, cost and have brought so far. */
import { useRead } from "@/api/hooks";
import type { Query, Schema } from "@/api/types";
import { number } from "@/lib/format";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { MarginFigures, marginColumns } from "./figures";
import { t } from "./words";

export function SourceMargins(query: NonNullable<Query<"get", "/api/margin/sources">>) {
  const read = useRead("/api/margin/sources", { query });
  const { data } = read;
  if (read.error && !data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  if (!data) return <Lines count={8} />;
  const cut = data.sources_total > data.sources.length;
  return (
    <Card title={t("title")} note={cut ? t("cut", { n: number(data.sources.length), total: number(data.sources_total) }) : undefined}>
      <div className="stack">
        <MarginFigures of={data.total} />
        <p className="note">{t("source_note")}</p>
        <PlainTable<Schema<"SourceMargin">>
          label={t("title")}
          rows={data.sources}
          rowId={(one) => `${one.provider_id ?? ""}|${one.source_key}`}
          columns={marginColumns({
            key: "source", label: t("source"), card: "title",
            render: (one) => (one.provider_id ? <Link to={`/admin/providers/${one.provider_id}`}>{one.source}</Link> : one.source || t("none")),
          })}
          nothing={<p className="muted">{t("nothing")}</p>}
        />
      </div>
    </Card>
  );
}
