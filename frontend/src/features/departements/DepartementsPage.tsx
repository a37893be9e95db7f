/** Coverage: the tile grid of France and its list; a tile or a row opens who serves it. */
import { useSearchParams } from "react-router";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan, useSession } from "@/app/session";
import { number } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card, Page } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { SidePanel } from "@/ui/SidePanel";
import { Lines } from "@/ui/Skeletons";
import { useWeek, WeekNav } from "@/ui/WeekNav";
import { coverage, optionsOf, produit as produits, textOf } from "@/words/states";
import { busiest, volumeStep } from "./grid";
import { t } from "./words";

type Line = Schema<"AreaLine">;
type Produit = "PV" | "PAC" | "ITE";
type Set = (name: string, value: string | undefined) => void;

export default function DepartementsPage() {
  const [params, setParams] = useSearchParams();
  const current = useSession().week;
  const { week, asked, setWeek } = useWeek(current);
  const set: Set = (name, value) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { preventScrollReset: true },
    );
  const product = (["PV", "PAC", "ITE"] as const).find((one) => one === params.get("produit")) ?? "PV";
  const read = useRead("/api/departements/overview", { query: { product, week: asked } });
  const fiche = params.get("fiche") ?? undefined;
  const status = params.get("etat") ?? undefined;
  const lines = read.data?.departements;
  const shown = lines?.filter((one) => !status || one.status === status);
  const at = shown?.findIndex((one) => one.departement === fiche) ?? -1;
  return (
    <Page title={t("title")} intro={t("intro")}>
      <div className="bar">
        <WeekNav week={week} current={current} onChange={setWeek} />
        <label className="inline">
          {t("produit")}
          <select value={product} onChange={(event) => set("produit", event.target.value)}>
            {optionsOf(produits).map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
          </select>
        </label>
      </div>
      {read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {!lines && !read.error && <Lines count={10} />}
      {read.data && <Counts counts={read.data.counts} chosen={status} set={set} />}
      <div className={fiche ? "with-panel" : ""}>
        {shown && (
          <div className="stack">
            <Grid lines={shown} byVolume={params.get("carte") === "volume"} set={set} />
            <List lines={shown} set={set} fiche={fiche} />
          </div>
        )}
        {fiche && lines && (
          <Panel key={fiche} line={lines.find((one) => one.departement === fiche)} code={fiche} product={product} week={asked} previous={shown?.[at - 1]?.departement} next={at >= 0 ? shown?.[at + 1]?.departement : undefined} set={set} />
        )}
      </div>
    </Page>
  );
}

function Counts({ counts, chosen, set }: { counts: Record<string, number | undefined>; chosen: string | undefined; set: Set }) {
  const all = optionsOf(coverage);
  return (
    <div className="bar" role="group" aria-label={t("status")}>
      <button type="button" className="chip" aria-pressed={!chosen} onClick={() => set("etat", undefined)}>{t("all")}</button>
      {all.map((one) => (
        <button key={one.value} type="button" className="chip" aria-pressed={chosen === one.value} onClick={() => set("etat", chosen === one.value ? undefined : one.value)}>
          {one.label} <strong>{number(counts[one.value] ?? 0)}</strong>
        </button>
      ))}
    </div>
  );
}

const MARK: Record<Line["status"], string> = { on_remaining: "✓", saturated: "▲", no_order: "–", inactive_blocked: "‖" };

function Grid({ lines, byVolume, set }: { lines: Line[]; byVolume: boolean; set: Set }) {
  const most = busiest(lines);
  const choose = (
    <label className="inline note">
      {t("show")}
      <select value={byVolume ? "volume" : ""} onChange={(event) => set("carte", event.target.value || undefined)}>
        <option value="">{t("by_status")}</option>
        <option value="volume">{t("by_volume")}</option>
      </select>
    </label>
  );
  return (
    <Card title={t("map")} actions={choose}>
      {lines.length === 0 && <p className="muted">{t("nothing")}</p>}
      <ul className="france">
        {lines.map((one) => {
          const name = t("tile", { code: one.departement, name: one.name, status: textOf(coverage, one.status), n: number(one.received) });
          return (
            <li key={one.departement}>
              <button type="button" className={`tile ${byVolume ? `tile-v${volumeStep(one.received, most)}` : `tile-${one.status}`}`} aria-label={name} title={name} onClick={() => set("fiche", one.departement)}>
                <span>{one.departement}</span>
                <span aria-hidden>{byVolume ? number(one.received) : MARK[one.status]}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function places(line: Line): string {
  return line.unlimited ? t("unlimited") : number(line.remaining);
}

function names(line: Line): string {
  if (!line.clients) return t("no_client");
  const shown = line.client_names.join(", ");
  const left = line.clients - line.client_names.length;
  return left > 0 ? t("more", { names: shown, count: left }) : shown;
}

function List({ lines, set, fiche }: { lines: Line[]; set: Set; fiche: string | undefined }) {
  const open = (one: Line) => <button type="button" className="link" onClick={() => set("fiche", one.departement)}>{one.departement} {one.name}</button>;
  return (
    <div className="table-block">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={t("list")}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t("departement")}</th>
              <th scope="col">{t("status")}</th>
              {(["received", "before", "billable", "non_billable"] as const).map((one) => <th key={one} scope="col" className="right">{t(one)}</th>)}
              <th scope="col" className="right" title={t("remaining_tip")}>{t("remaining")}</th>
              <th scope="col">{t("clients")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((one) => (
              <tr key={one.departement} aria-selected={fiche === one.departement || undefined}>
                <td><div className="cell">{open(one)}</div></td>
                <td><Pill of={coverage} value={one.status} /></td>
                <td className="right">{number(one.received)}</td>
                <td className="right">{number(one.received_before)}</td>
                <td className="right">{number(one.billable)}</td>
                <td className="right">{number(one.non_billable)}</td>
                <td className="right">{places(one)}</td>
                <td><div className="cell">{names(one)}</div></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="cards" aria-label={t("list")}>
        {lines.map((one) => (
          <li key={one.departement} className="phone-card">
            <div className="phone-card-head"><strong>{open(one)}</strong><Pill of={coverage} value={one.status} /></div>
            <dl>
              <div><dt>{t("received")}</dt><dd>{number(one.received)}</dd></div>
              <div><dt>{t("remaining")}</dt><dd>{places(one)}</dd></div>
            </dl>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Panel({ line, code, product, week, previous, next, set }: {
  line: Line | undefined; code: string; product: Produit; week: string | undefined; previous: string | undefined; next: string | undefined; set: Set;
}) {
  const can = useCan();
  const read = useRead("/api/departements/{departement}/detail", { path: { departement: code }, query: { product, week } });
  return (
    <SidePanel title={`${code} ${line?.name ?? ""}`} previous={previous} next={next} open={(id) => set("fiche", id)}>
      <div className="stack">
        {line && <span className="inline"><Pill of={coverage} value={line.status} /> {names(line)}</span>}
        {read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
        {!read.data && !read.error && <Lines count={4} />}
        {read.data?.orders.length === 0 && (
          <NothingYet action={can("commandes.create") && <ButtonLink to="/admin/commandes/nouvelle">{t("create")}</ButtonLink>}>{t("no_order")}</NothingYet>
        )}
        {!!read.data?.orders.length && (
          <section>
            <h3 className="note">{t("orders")}</h3>
            <ul className="checklist">
              {read.data.orders.map((one) => (
                <li key={one.commande_id}>
                  <Link to={`/admin/commandes/${one.commande_id}`}>{one.client_name}</Link>
                  <EntityBadge code={one.entity} />
                  <span className="grow" />
                  <TonePill tone={one.active ? "success" : "warning"}>{t(one.active ? "open" : "paused")}</TonePill>
                  <span title={t("priority")}>{number(one.reserved)} / {one.quota ? number(one.quota) : t("unlimited")}</span>
                </li>
              ))}
            </ul>
            <p className="note">{t("shared")}</p>
          </section>
        )}
      </div>
    </SidePanel>
  );
}
