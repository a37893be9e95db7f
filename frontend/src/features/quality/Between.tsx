import { number, percent } from "@/lib/format";
import { Stat } from "@/ui/Figure";
import { Card } from "@/ui/Page";
import type { Data, Shown } from "./QualityPage";
import { t } from "./words";

const rate = (value: string) => percent(Number(value) / 100);

/** What the two companies share: for who looks at both. */
export function Between({ data, shown }: { data: Data; shown: Shown }) {
  const { cannibalization: one, overlap_stats: overlap } = data;
  return (
    <div className="stack">
      {shown(
        "cannibalization",
        one && (
          <Card title={t("cannibalization")}>
            <div className="figures">
              <Stat label={t("crossed")} value={number(one.cross_entity_duplicate_count)} />
              <Stat label={t("unique")} value={number(one.total_unique_phones)} />
              <Stat label={t("share")} tip={t("tip_crossed")} value={rate(one.cannibalization_index)} />
              {Object.entries(one.first_source_distribution).map(([entity, n]) => (
                <Stat key={entity} label={t("first", { entity })} tip={t("tip_first")} value={number(n)} />
              ))}
            </div>
          </Card>
        ),
      )}
      {shown(
        "overlap_stats",
        overlap && (
          <Card title={t("overlap")}>
            <div className="figures">
              <Stat label={t("shared")} tip={t("tip_shared")} value={number(overlap.shared_clients_count)} note={t("of_clients", { rate: rate(overlap.shared_clients_rate) })} />
              <Stat label={t("shared_deliveries")} value={number(overlap.shared_client_deliveries_30d_count)} note={t("of_deliveries", { rate: rate(overlap.shared_client_deliveries_30d_rate) })} />
              <Stat label={t("unavoided")} tip={t("tip_unavoided")} value={number(overlap.overlap_fallback_deliveries_30d_count)} note={t("of_shared", { rate: rate(overlap.overlap_fallback_deliveries_30d_rate) })} />
            </div>
          </Card>
        ),
      )}
    </div>
  );
}
