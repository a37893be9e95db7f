/** A margin as people read it: an unknown price is said, never counted as nothing. */
import type { Schema } from "@/api/types";
import { money, number } from "@/lib/format";
import type { Column } from "@/ui/DataTable";
import { Stat } from "@/ui/Figure";
import { TonePill } from "@/ui/Pill";
import { t } from "./words";

export type Margin = Schema<"Margin">;

export function Cost({ of }: { of: Margin }) {
  return of.cost === null ? <TonePill tone="warning">{t("unknown")}</TonePill> : <>{money(of.cost)}</>;
}

export function Gain({ of }: { of: Margin }) {
  if (of.margin === null) return <TonePill tone="warning">{t("unknown")}</TonePill>;
  return (
    <span className="inline">
      {of.partial && <span title={t("partial", { count: of.leads_unknown })}><TonePill tone="warning">{t("partial_short")}</TonePill></span>}
      {money(of.margin)}
    </span>
  );
}

export function MarginFigures({ of }: { of: Margin }) {
  const missing = of.partial ? t("partial", { count: of.leads_unknown }) : "";
  return (
    <div className="figures">
      <Stat label={t("revenue")} value={money(of.revenue)} note={of.unpriced > 0 ? t("unpriced", { count: of.unpriced }) : `${t("units")} ${number(of.units)}`} />
      <Stat label={t("cost")} value={of.cost === null ? t("unknown") : money(of.cost)} note={`${t("bought")} ${number(of.leads_bought)}`} />
      <Stat label={t("margin")} value={of.margin === null ? t("unknown") : money(of.margin)} {...(missing ? { note: missing } : {})} />
    </div>
  );
}

export function marginColumns<R extends Margin>(first: Column<R>): Column<R>[] {
  return [
    first,
    { key: "units", label: t("units"), align: "right", render: (one) => number(one.units) },
    { key: "bought", label: t("bought"), align: "right", card: "fact", render: (one) => number(one.leads_bought) },
    { key: "revenue", label: t("revenue"), align: "right", card: "fact", render: (one) => money(one.revenue) },
    { key: "cost", label: t("cost"), align: "right", card: "fact", render: (one) => <Cost of={one} /> },
    { key: "margin", label: t("margin"), align: "right", card: "fact", render: (one) => <Gain of={one} /> },
  ];
}
