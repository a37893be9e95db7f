/** The best and the worst sources of the week, with what they sent: opened on a click. */
import type { Schema } from "@/api/types";
import { share, sourceName } from "@/features/quality/share";
import { delta, number } from "@/lib/format";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { t } from "./words";

type Ranking = Schema<"Ranking">;

export function SourcesCard({ ranking }: { ranking: Ranking | null | undefined }) {
  const { best = [], worst = [], unranked = 0, at_least: least = 0 } = ranking ?? {};
  return (
    <Card title={t("sources")} note={unranked ? t("unranked", { count: unranked, n: least }) : undefined}>
      {!best.length && <p className="muted">{t("no_sources")}</p>}
      {best.length > 0 && <Side title={t("best")} rows={best} />}
      {worst.length > 0 && <Side title={t("worst")} rows={worst} />}
    </Card>
  );
}

function Side({ title, rows }: { title: string; rows: Ranking["best"] }) {
  return (
    // Focusable, for the keyboard to scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="mini-scroll" tabIndex={0} role="region" aria-label={title}>
      <table className="mini mini-fixed">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col" className="right">{t("n_received")}</th>
            <th scope="col" className="right">{t("leads_assigned")}</th>
            <th scope="col" className="right">{t("n_rejected")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={`${one.provider_id ?? ""}|${one.source_key}`}>
              <td>
                <Link to={`/admin/monitoring?fiche=${encodeURIComponent(`${one.provider_id ?? ""}|${one.source_key}`)}`}>{sourceName(one.source)}</Link>
              </td>
              <td className="right" title={t("compared")}>{`${number(one.total)} (${one.before ? delta(one.total, one.before) : t("fresh")})`}</td>
              <td className="right">{share(one.delivered, one.total)}</td>
              <td className="right">{share(one.refused, one.sold)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
