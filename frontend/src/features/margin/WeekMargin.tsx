/** What the week leaves once the leads are paid for: the whole, by provider, by product. */
import type { Reading } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { money } from "@/lib/format";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { MarginFigures, marginColumns } from "./figures";
import { t } from "./words";

type Board = Schema<"WeekMargin">;

export function WeekMargin({ reading }: { reading: Reading<Board> }) {
  const { data, error } = reading;
  return (
    <Card title={t("week_title")}>
      {error && <ErrorBlock error={error} retry={() => void reading.refetch()} />}
      {!data && !error && <Lines count={4} />}
      {data && <Shown board={data} />}
    </Card>
  );
}

function Shown({ board }: { board: Board }) {
  const unsold = board.clients.find((one) => one.client_id === null);
  return (
    <div className="stack">
      <MarginFigures of={board.total} />
      <p className="note">{t("week_note")}</p>
      {unsold && <p className="note">{t("unsold", { count: unsold.leads_bought, cost: unsold.cost === null ? t("unsold_unknown") : money(unsold.cost) })}</p>}
      <PlainTable<Schema<"ProviderMargin">>
        label={t("by_provider")}
        rows={board.providers}
        rowId={(one) => one.provider_id ?? ""}
        columns={marginColumns({
          key: "provider", label: t("provider"), card: "title",
          render: (one) => (one.provider_id ? <Link to={`/admin/providers/${one.provider_id}`}>{one.name}</Link> : one.name),
        })}
        nothing={<p className="muted">{t("nothing")}</p>}
      />
      <PlainTable<Schema<"ProduitMargin">>
        label={t("by_produit")}
        rows={board.produits}
        rowId={(one) => one.produit}
        columns={marginColumns({ key: "produit", label: t("produit"), card: "title", render: (one) => one.produit })}
        nothing={null}
      />
    </div>
  );
}
