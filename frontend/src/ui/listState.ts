/** The state of a list lives in the address: shared, kept by « back », read again after a reload (ui.md F7). */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export const SIZES = [25, 50, 100] as const;

export interface ListState {
  /** Values chosen by filter name; absent: no condition. */
  filters: Record<string, string[]>;
  search: string;
  sort: string | undefined;
  page: number;
  size: number;
  /** The row shown in the side panel. */
  fiche: string | undefined;
  filtered: boolean;
  /** Columns that the view on screen hides; undefined: those of the person. */
  hidden: string[] | undefined;
  /** `limit` and `skip` for the API. */
  paging: { limit: number; skip: number };
  setFilter: (name: string, values: string[]) => void;
  setSearch: (text: string) => void;
  setSort: (sort: string | undefined) => void;
  setPage: (page: number) => void;
  setSize: (size: number) => void;
  openFiche: (id: string | undefined) => void;
  reset: () => void;
  /** Show a view: its filters, search, order and columns replace what is on screen. */
  show: (view: Shown) => void;
}

/** What a view keeps of a list. */
export interface Shown {
  filters: Record<string, string[]>;
  search?: string;
  sort?: string;
  hidden?: string[] | null;
}

/** `names`: the filters this list knows; any other parameter of the address is left alone. */
export function useListState(names: readonly string[]): ListState {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (change: (next: URLSearchParams) => void, replace = false) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          change(next);
          return next;
        },
        { replace, preventScrollReset: true },
      ),
    [setParams],
  );
  return useMemo(() => {
    const filters: Record<string, string[]> = {};
    for (const name of names) {
      const values = params.getAll(name).filter(Boolean);
      if (values.length) filters[name] = values;
    }
    const size = SIZES.find((one) => String(one) === params.get("taille")) ?? 50;
    const page = Math.max(1, Math.trunc(Number(params.get("page") ?? 1)) || 1);
    const search = params.get("q") ?? "";
    const first = (next: URLSearchParams) => next.delete("page");
    return {
      filters,
      search,
      size,
      page,
      sort: params.get("tri") ?? undefined,
      fiche: params.get("fiche") ?? undefined,
      hidden: params.has("masquees") ? (params.get("masquees") ?? "").split(",").filter(Boolean) : undefined,
      filtered: search !== "" || Object.keys(filters).length > 0,
      paging: { limit: size, skip: (page - 1) * size },
      setFilter: (name, values) =>
        change((next) => {
          next.delete(name);
          values.forEach((value) => next.append(name, value));
          first(next);
        }),
      setSearch: (text) =>
        change((next) => {
          if (text) next.set("q", text);
          else next.delete("q");
          first(next);
        }, true),
      setSort: (sort) =>
        change((next) => {
          if (sort) next.set("tri", sort);
          else next.delete("tri");
          first(next);
        }),
      setPage: (to) => change((next) => (to === 1 ? next.delete("page") : next.set("page", String(to)))),
      setSize: (to) =>
        change((next) => {
          next.set("taille", String(to));
          first(next);
        }),
      openFiche: (id) => change((next) => (id ? next.set("fiche", id) : next.delete("fiche")), id !== undefined && params.has("fiche")),
      reset: () =>
        change((next) => {
          [...names, "q", "page", "masquees"].forEach((name) => next.delete(name));
        }),
      show: (view) =>
        change((next) => {
          [...names, "q", "tri", "page", "fiche", "masquees"].forEach((name) => next.delete(name));
          for (const [name, values] of Object.entries(view.filters)) values.forEach((value) => next.append(name, value));
          if (view.search) next.set("q", view.search);
          if (view.sort) next.set("tri", view.sort);
          if (view.hidden) next.set("masquees", view.hidden.join(","));
        }),
    };
  }, [params, change, names]);
}

/** The order asked for in the address, if it is one that the API knows. */
export function sortedBy<K extends string>(sort: string | undefined, fields: readonly K[]): K | `-${K}` | undefined {
  return fields.flatMap((one) => [one, `-${one}` as const]).find((one) => one === sort);
}
