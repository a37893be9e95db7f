import { Popover } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconColumns3 } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { ApiError } from "@/api/errors";
import type { Reading } from "@/api/hooks";
import { number } from "@/lib/format";
import { NoMatch, NotAllowed } from "./Empty";
import { ExportButton, type Taken } from "./ExportButton";
import { ErrorBlock } from "./ErrorBlock";
import { LiveMark } from "./LiveMark";
import { SIZES, type ListState } from "./listState";
import { singleKey, useHidden, useKept } from "./kept";
import { useScrollKept } from "./scroll";
import { t } from "./words";

export interface Column<R> {
  key: string;
  label: string;
  /** What the figure counts, read on the header. */
  tip?: string;
  render: (row: R) => ReactNode;
  align?: "right";
  /** The name the API sorts by. */
  sort?: string;
  /** Starts hidden; the columns menu shows it. */
  extra?: boolean;
  /** Place on a phone's card; a column without one is left out of it. */
  card?: "title" | "pill" | "fact";
}

export interface Selection {
  /** The rows chosen; when all the results are, those set aside. */
  ids: ReadonlySet<string>;
  set: (ids: ReadonlySet<string>) => void;
  /** Offers every result of the filter, whatever the page. */
  all?: { on: boolean; set: (on: boolean) => void };
  /** What can be done with them; shown instead of the bar above. */
  actions: ReactNode;
}

interface Props<R> {
  /** Names the table for assistive tools, and its kept settings. */
  name: string;
  label: string;
  reading: Reading<{ total: number; total_capped?: boolean | null }>;
  rows: R[] | undefined;
  rowId: (row: R) => string;
  rowName: (row: R) => string;
  columns: Column<R>[];
  state: ListState;
  /** When nothing exists at all. */
  nothing: ReactNode;
  permission?: string;
  /** Read again by itself: says how fresh it is. */
  live?: boolean;
  selection?: Selection;
  /** Where the same rows are taken away as a file, and what the list was asked. */
  exported?: Taken;
}

/** Server paging and sorting, sticky head and first column, columns and density kept, cards under 640 px. */
export function DataTable<R>(props: Props<R>) {
  const { reading, rows, state } = props;
  const [kept, setHidden] = useHidden(props.name, props.columns.filter((one) => one.extra).map((one) => one.key));
  const hidden = state.hidden ?? kept;
  const [compact, setCompact] = useKept("compact", false);
  const columns = props.columns.filter((one) => !hidden.includes(one.key));
  const table = useScrollKept(rows !== undefined, state.page);
  useArrows(table, !state.fiche);
  if (reading.error && !rows) {
    if (reading.error instanceof ApiError && reading.error.status === 403) return <NotAllowed name={props.permission ?? props.label} />;
    return <ErrorBlock error={reading.error} retry={() => void reading.refetch()} />;
  }
  if (rows && rows.length === 0 && state.page === 1) return state.filtered ? <NoMatch reset={state.reset} /> : <>{props.nothing}</>;
  const stale = reading.isPlaceholderData;
  return (
    <div className="table-block">
      {props.selection && (props.selection.ids.size > 0 || props.selection.all?.on) && <SelectionBar selection={props.selection} total={reading.data?.total ?? 0} capped={!!reading.data?.total_capped} />}
      {reading.error && <ErrorBlock error={reading.error} retry={() => void reading.refetch()} />}
      {/* Focusable, for the keyboard to scroll it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="table-scroll" ref={table} tabIndex={0} role="region" aria-label={props.label}>
        <table className={`table ${compact ? "table-compact" : ""}`} aria-busy={stale || undefined}>
          <Head {...props} columns={columns} />
          <tbody>{rows ? rows.map((row) => <Row key={props.rowId(row)} row={row} {...props} columns={columns} />) : <Waiting columns={columns.length + (props.selection ? 1 : 0)} />}</tbody>
        </table>
      </div>
      <ul className="cards" aria-label={props.label}>
        {rows?.map((row) => (
          <PhoneCard key={props.rowId(row)} row={row} columns={props.columns}>
            {props.selection && <RowCheck selection={props.selection} id={props.rowId(row)} name={props.rowName(row)} />}
          </PhoneCard>
        ))}
      </ul>
      <footer className="table-foot">
        <Pager reading={reading} state={state} shown={rows?.length ?? 0} />
        <span className="grow" />
        {props.live && <LiveMark reading={reading} />}
        {!props.live && reading.isFetching && rows && <span className="note" role="status">{t("updated")}</span>}
        {props.exported && <ExportButton {...props.exported} columns={columns.map((one) => one.key)} />}
        <ColumnsMenu columns={props.columns} hidden={hidden} setHidden={setHidden} compact={compact} setCompact={setCompact} />
      </footer>
    </div>
  );
}

function Head<R>({ columns, rows, rowId, state, selection }: Props<R>) {
  return (
    <thead>
      <tr>
        {selection && (
          <th className="col-check">
            <PageCheck selection={selection} ids={rows?.map(rowId) ?? []} />
          </th>
        )}
        {columns.map((one) => (
          <HeadCell key={one.key} column={one} state={state} />
        ))}
      </tr>
    </thead>
  );
}

/** Descending, ascending, none (the API's own order). */
export function HeadCell<R>({ column, state }: { column: Column<R>; state: Pick<ListState, "sort" | "setSort"> | undefined }) {
  const sort = state && column.sort;
  const way = !sort ? 0 : state.sort === sort ? 1 : state.sort === `-${sort}` ? -1 : 0;
  const next = way === 0 ? sort : way === 1 ? `-${sort}` : undefined;
  const Icon = way === 1 ? IconArrowUp : IconArrowDown;
  return (
    <th
      scope="col"
      className={column.align === "right" ? "right" : ""}
      title={column.tip}
      aria-sort={way === 1 ? "ascending" : way === -1 ? "descending" : undefined}
    >
      {sort ? (
        <button type="button" className="head-sort" onClick={() => state.setSort(next)}>
          {column.label}
          {way !== 0 && <Icon size={14} aria-hidden />}
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}

function Row<R>({ row, rowId, rowName, columns, selection, state }: Props<R> & { row: R }) {
  const id = rowId(row);
  return (
    <tr data-row={id} aria-selected={state.fiche === id || (selection && isChosen(selection, id)) || undefined}>
      {selection && (
        <td className="col-check">
          <RowCheck selection={selection} id={id} name={rowName(row)} />
        </td>
      )}
      {columns.map((one) => (
        <td key={one.key} className={one.align === "right" ? "right" : ""}>
          <div className="cell">{one.render(row)}</div>
        </td>
      ))}
    </tr>
  );
}

function isChosen(selection: Selection, id: string): boolean {
  return selection.ids.has(id) !== (selection.all?.on ?? false);
}

/** Other pages' rows stay as they were chosen. */
function choosePage(selection: Selection, page: string[], on: boolean): void {
  const next = new Set(selection.ids);
  for (const id of page) {
    if (on === (selection.all?.on ?? false)) next.delete(id);
    else next.add(id);
  }
  selection.set(next);
}

export function PageCheck({ selection, ids }: { selection: Selection; ids: string[] }) {
  return (
    <input
      type="checkbox"
      aria-label={t("select_page")}
      checked={ids.length > 0 && ids.every((id) => isChosen(selection, id))}
      onChange={(event) => choosePage(selection, ids, event.target.checked)}
    />
  );
}

export function RowCheck({ selection, id, name }: { selection: Selection; id: string; name: string }) {
  return (
    <label className="check">
      <input
        type="checkbox"
        aria-label={t("select_row", { name })}
        checked={isChosen(selection, id)}
        onChange={(event) => choosePage(selection, [id], event.target.checked)}
      />
    </label>
  );
}

export function PhoneCard<R>({ row, columns, children }: { row: R; columns: Column<R>[]; children?: ReactNode }) {
  const at = (place: Column<R>["card"]) => columns.filter((one) => one.card === place);
  return (
    <li className="phone-card">
      <div className="phone-card-head">
        {children}
        {at("title").map((one) => <strong key={one.key}>{one.render(row)}</strong>)}
        {at("pill").map((one) => <span key={one.key}>{one.render(row)}</span>)}
      </div>
      <dl>
        {at("fact").map((one) => (
          <div key={one.key}>
            <dt>{one.label}</dt>
            <dd>{one.render(row)}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function Waiting({ columns }: { columns: number }) {
  return Array.from({ length: 8 }, (_, row) => (
    <tr key={row}>
      {Array.from({ length: columns }, (_, one) => (
        <td key={one}>
          <span className="skeleton" style={{ height: 12, width: `${80 - ((row * 13 + one * 7) % 40)}%` }} />
        </td>
      ))}
    </tr>
  ));
}

function Pager({ reading, state, shown }: { reading: Props<unknown>["reading"]; state: ListState; shown: number }) {
  const total = reading.data?.total;
  if (total === undefined) return null;
  const from = state.paging.skip + 1;
  const to = state.paging.skip + shown;
  const all = reading.data?.total_capped ? t("more_than", { n: number(total) }) : number(total);
  const last = !reading.data?.total_capped && to >= total;
  return (
    <nav className="pager" aria-label={t("page", { n: state.page })}>
      <span>{t("range", { from: number(from), to: number(to), total: all })}</span>
      <button type="button" className="btn btn-default" disabled={state.page === 1} onClick={() => state.setPage(state.page - 1)}>
        {t("previous")}
      </button>
      <button type="button" className="btn btn-default" disabled={last} onClick={() => state.setPage(state.page + 1)}>
        {t("next")}
      </button>
      <label>
        <span className="sr-only">{t("per_page")}</span>
        <select value={state.size} onChange={(event) => state.setSize(Number(event.target.value))}>
          {SIZES.map((one) => <option key={one}>{one}</option>)}
        </select>
      </label>
    </nav>
  );
}

/** « 12 sélectionnés · Sélectionner les 1 968 résultats », the actions, « Désélectionner » (design.md 12). */
export function SelectionBar({ selection, total, capped }: { selection: Selection; total: number; capped?: boolean }) {
  const { all } = selection;
  const chosen = all?.on ? total - selection.ids.size : selection.ids.size;
  const said = all?.on && capped ? t("selected_all") : t("selected", { count: chosen });
  const offered = all && !all.on && (capped || total > selection.ids.size);
  return (
    <div className="selection-bar" role="region" aria-label={said}>
      <span>{said}</span>
      {offered && (
        <button
          type="button"
          className="btn btn-quiet"
          onClick={() => {
            all.set(true);
            selection.set(new Set());
          }}
        >
          {capped ? t("select_all_capped") : t("select_all", { count: total, n: number(total) })}
        </button>
      )}
      {selection.actions}
      <span className="grow" />
      <button
        type="button"
        className="btn btn-quiet"
        onClick={() => {
          all?.set(false);
          selection.set(new Set());
        }}
      >
        {t("unselect")}
      </button>
    </div>
  );
}

function ColumnsMenu<R>({ columns, hidden, setHidden, compact, setCompact }: {
  columns: Column<R>[]; hidden: string[]; setHidden: (next: string[]) => void; compact: boolean; setCompact: (on: boolean) => void;
}) {
  return (
    <Popover position="top-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <button type="button" className="btn btn-quiet columns-btn">
          <IconColumns3 size={16} stroke={1.75} aria-hidden />
          {t("columns")}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="filter-menu">
        {columns.slice(1).map((one) => (
          <label key={one.key} className="tick">
            <input
              type="checkbox"
              checked={!hidden.includes(one.key)}
              onChange={(event) => setHidden(event.target.checked ? hidden.filter((key) => key !== one.key) : [...hidden, one.key])}
            />
            {one.label}
          </label>
        ))}
        <hr />
        <label className="tick">
          <input type="checkbox" checked={compact} onChange={(event) => setCompact(event.target.checked)} />
          {t("compact")}
        </label>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Up and down arrows go from row to row, from the first one when nothing has the focus; Entrée then opens. */
function useArrows(table: RefObject<HTMLDivElement | null>, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const pressed = (event: KeyboardEvent) => {
      const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };
      const step = steps[event.key];
      const here = document.activeElement;
      if (!step || event.shiftKey || !singleKey(event)) return;
      const rows = [...(table.current?.querySelectorAll<HTMLElement>("tr[data-row]") ?? [])];
      const at = rows.findIndex((row) => row.contains(here));
      if (at < 0 && here !== document.body && here?.id !== "main") return;
      const next = rows[at < 0 ? 0 : at + step]?.querySelector<HTMLElement>("a, td:not(.col-check) button");
      if (!next) return;
      event.preventDefault();
      next.focus();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [table, on]);
}

/** Up and down arrows move between the rows of an open panel; the focus comes back to the row when it closes. */
export function useRowKeys(rows: { id: string }[] | undefined, state: ListState) {
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (state.fiche) last.current = state.fiche;
    else if (last.current) {
      document.querySelector<HTMLElement>(`[data-row="${CSS.escape(last.current)}"] a, [data-row="${CSS.escape(last.current)}"] button`)?.focus();
      last.current = undefined;
    }
  }, [state.fiche]);
  const at = rows?.findIndex((one) => one.id === state.fiche) ?? -1;
  return { previous: at > 0 ? rows?.[at - 1]?.id : undefined, next: at >= 0 ? rows?.[at + 1]?.id : undefined };
}

export function useSelection(): [ReadonlySet<string>, (ids: ReadonlySet<string>) => void] {
  return useState<ReadonlySet<string>>(new Set());
}
