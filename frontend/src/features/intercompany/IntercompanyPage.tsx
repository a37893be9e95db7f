/** Intersociétés: who owes whom, what was transferred, its invoices and its prices. */
import { useState } from "react";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { money, number } from "@/lib/format";
import { french } from "@/lib/typography";
import { Button } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card, Page } from "@/ui/Page";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { Views, useView } from "@/ui/Views";
import { GenerateDialog } from "./GenerateDialog";
import { Between } from "./Between";
import { Prices } from "./Prices";
import { direction } from "./rules";
import { Transfers } from "./Transfers";
import { t } from "./words";

const VIEWS = ["transferts", "factures", "prix"] as const;

export default function IntercompanyPage() {
  const can = useCan();
  const [view, choose] = useView(VIEWS);
  const [generating, setGenerating] = useState(false);
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      actions={can("intercompany.manage") && <Button onClick={() => setGenerating(true)}>{t("generate")}</Button>}
    >
      <Settlement />
      <Views
        label={t("views")}
        view={view}
        choose={choose}
        views={[
          { value: "transferts", label: t("transfers") },
          { value: "factures", label: t("invoices") },
          { value: "prix", label: t("prices") },
        ]}
      />
      {view === "transferts" ? <Transfers /> : view === "factures" ? <Between /> : <Prices />}
      {generating && <GenerateDialog close={() => setGenerating(false)} />}
    </Page>
  );
}

type Direction = Schema<"Direction">;

/** Both directions side by side, and the one payment that settles them. */
function Settlement() {
  const netting = useRead("/api/intercompany/netting");
  if (netting.error && !netting.data) return <ErrorBlock error={netting.error} retry={() => void netting.refetch()} />;
  return (
    <Card title={t("settlement")} note={netting.data && french(netting.data.settlement)}>
      {netting.data ? (
        <PlainTable<Direction>
          label={t("settlement")}
          rows={netting.data.directions}
          rowId={(one) => `${one.from_entity}:${one.to_entity}`}
          columns={columns()}
          nothing={<NothingYet>{t("no_direction")}</NothingYet>}
        />
      ) : (
        <Lines count={3} />
      )}
    </Card>
  );
}

function columns(): Column<Direction>[] {
  return [
    { key: "direction", label: t("direction"), card: "title", render: (one) => direction(one.from_entity, one.to_entity) },
    { key: "pending", label: t("pending"), align: "right", render: (one) => number(one.units_pending) },
    { key: "ht", label: t("pending_ht"), align: "right", card: "fact", render: (one) => money(one.pending_ht) },
    {
      key: "errors", label: t("errors"), align: "right", card: "fact",
      render: (one) => (one.units_error ? <Link to="/admin/intercompany?status=error">{number(one.units_error)}</Link> : number(0)),
    },
    { key: "invoiced", label: t("invoiced"), align: "right", render: (one) => money(one.invoiced_ttc) },
    { key: "credited", label: t("credited"), align: "right", render: (one) => money(one.credited_ttc) },
    { key: "paid", label: t("paid"), align: "right", render: (one) => money(one.paid) },
    { key: "net", label: t("net"), align: "right", card: "fact", render: (one) => money(one.net_ttc) },
  ];
}
