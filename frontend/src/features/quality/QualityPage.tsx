/** Qualité des sources (ui.md A6.15): one call; every figure is defined on the page and leads to its leads. */
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { dateTime, number, percent } from "@/lib/format";
import { Button } from "@/ui/Button";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FigureTile, Stat } from "@/ui/Figure";
import { Card, Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { Views } from "@/ui/Views";
import { t as ui } from "@/ui/words";
import { useCan } from "@/app/session";
import { SourceMargins } from "@/features/margin/SourceMargins";
import { optionsOf, produit as produits } from "@/words/states";
import { Between } from "./Between";
import { Copies } from "./Copies";
import { leadsOf } from "./links";
import { Refusals } from "./Refusals";
import { Phones, Scores, Unsold } from "./Sources";
import { t } from "./words";

export type Data = Schema<"Intelligence">;
type Section = NonNullable<Data["hidden"]>[number];
export type Shown = (name: Section, block: ReactNode) => ReactNode;

const RANGES = ["24h", "7d", "30d", "90d"] as const;
const VIEWS = ["sources", "margin", "refusals", "copies", "between"] as const;

export default function QualityPage() {
  const [params, setParams] = useSearchParams();
  const range = RANGES.find((one) => one === params.get("periode")) ?? "7d";
  const product = (["PV", "PAC", "ITE"] as const).find((one) => one === params.get("produit")) ?? "ALL";
  const view = VIEWS.find((one) => one === params.get("vue")) ?? "sources";
  const read = useRead("/api/monitoring/intelligence", { query: { range, product } });
  const set = (name: string, value: string | undefined) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { preventScrollReset: true },
    );
  const { data } = read;
  const can = useCan();
  const open = (one: (typeof VIEWS)[number]) => (one === "between" ? !data?.hidden?.includes("cannibalization") : one !== "margin" || can("billing.view"));
  const views = VIEWS.filter(open);
  return (
    <Page title={t("title")} intro={t("intro")}>
      <div className="bar">
        <label className="inline">
          {t("period")}
          <select value={range} onChange={(event) => set("periode", event.target.value)}>
            {RANGES.map((one) => <option key={one} value={one}>{t(`range_${one}`)}</option>)}
          </select>
        </label>
        <label className="inline">
          {t("produit")}
          <select value={product} onChange={(event) => set("produit", event.target.value === "ALL" ? undefined : event.target.value)}>
            <option value="ALL">{t("all")}</option>
            {optionsOf(produits).map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
          </select>
        </label>
        {data && <span className="note">{t("until", { from: dateTime(data.since), to: dateTime(data.until) })}</span>}
      </div>
      {read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {!data && !read.error && <Lines count={12} height={20} />}
      {data && (
        <>
          <Figures data={data} />
          <Views label={t("view")} view={view} views={views.map((one) => ({ value: one, label: t(`view_${one}`) }))} choose={(one) => set("vue", one === "sources" ? undefined : one)} />
          <Sections data={data} view={view} retry={() => void read.refetch()} />
          <Definitions />
        </>
      )}
    </Page>
  );
}

function Sections({ data, view, retry }: { data: Data; view: (typeof VIEWS)[number]; retry: () => void }) {
  const shown: Shown = (name, block) => (data._errors?.includes(name) ? <Failed retry={retry} /> : block);
  if (view === "refusals") return <>{shown("client_rejections", <Refusals data={data} />)}</>;
  if (view === "margin") return <SourceMargins range={data.range} product={data.product as "ALL"} />;
  if (view === "copies") return <Copies data={data} shown={shown} />;
  if (view === "between") return <Between data={data} shown={shown} />;
  return (
    <div className="stack">
      {shown("source_scores", data.source_scores?.length ? <Scores data={data} /> : <NothingYet>{t("nothing")}</NothingYet>)}
      <div className="grid">
        <div className="span-6">{shown("phone_quality", <Phones rows={data.phone_quality ?? []} />)}</div>
        <div className="span-6">{shown("rejections_by_source", <Unsold data={data} />)}</div>
      </div>
    </div>
  );
}

/** The seven figures. */
function Figures({ data }: { data: Data }) {
  const { kpis, lb_stats: lb } = data;
  if (!kpis) return null;
  const rate = (value: string) => percent(Number(value) / 100);
  return (
    <div className="figures figures-dense">
      <FigureTile label={t("total")} tip={t("tip_total")} value={kpis.total_leads} before={kpis.total_before} compared={t("compared")} to={leadsOf(data)} />
      <FigureTile label={t("delivered")} tip={t("tip_delivered")} value={kpis.delivered} to={leadsOf(data, { status: ["routed", "livre"] })} />
      <FigureTile label={t("valid")} tip={t("tip_valid")} value={kpis.valid_total} to={leadsOf(data, { phone_quality: "valid" })} />
      <Stat label={t("deliverability")} tip={t("tip_deliverability")} value={rate(kpis.real_deliverability_rate)} />
      <Stat label={t("clean")} tip={t("tip_clean")} value={rate(kpis.clean_rate)} />
      <Stat label={t("yield")} tip={t("tip_yield")} value={rate(kpis.economic_yield)} />
      {lb && (
        <FigureTile
          label={t("lb")}
          tip={t("tip_lb")}
          value={lb.lb_stock_available}
          third={t("lb_usage", { n: number(lb.lb_replaced_count), of: number(lb.suspicious_total) })}
          to={`/admin/leads?status=lb${data.product === "ALL" ? "" : `&produit=${data.product}`}`}
        />
      )}
    </div>
  );
}

function Failed({ retry }: { retry: () => void }) {
  return (
    <Card>
      <p className="inline">
        {ui("unavailable")}
        <Button kind="quiet" onClick={retry}>{ui("retry")}</Button>
      </p>
    </Card>
  );
}

const DEFINED = ["total", "delivered", "valid", "deliverability", "clean", "yield", "dup", "invalid", "unsold", "refused", "trust", "toxic", "lb"] as const;

/** The same words as the tooltips, for who has no mouse. */
function Definitions() {
  return (
    <details className="card">
      <summary>{t("definitions")}</summary>
      <dl className="facts">
        {DEFINED.map((one) => (
          <div key={one}>
            <dt>{t(one)}</dt>
            <dd>{t(`tip_${one}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
