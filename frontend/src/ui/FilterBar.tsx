import { Popover, TextInput } from "@mantine/core";
import { IconFilter, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { Button } from "./Button";
import { SavedViews, type KnownView } from "./SavedViews";
import type { ListState } from "./listState";
import { useNameOf, type Named } from "./named";
import { t } from "./words";

export interface Filter {
  name: string;
  label: string;
  /** Values to tick; without them the filter is a text. */
  options?: { value: string; label: string }[];
  /** The API takes one value: ticking another replaces it. */
  single?: true;
  /** How a value from the address is shown, when it is not in `options`. */
  shown?: (value: string) => string;
  /** The value is the id of one: its name is shown. */
  named?: Named;
  /** Kept for links from other pages: shown as a chip, not offered. */
  hidden?: boolean;
}

/** Search, chips and « Filtrer » above a list; what is chosen lives in the address. */
export function FilterBar({ state, filters, search, actions, views }: {
  state: ListState; filters: readonly Filter[]; search?: string; actions?: ReactNode;
  /** The list's name, and the views that everybody has of it. */
  views?: { list: string; known?: readonly KnownView[] };
}) {
  return (
    <div className="bar" role="search">
      {search && <SearchBox label={search} state={state} />}
      <FilterMenu state={state} filters={filters.filter((one) => !one.hidden)} />
      {filters.map((one) => (
        <Chosen key={one.name} filter={one} state={state} />
      ))}
      {state.filtered && (
        <Button kind="quiet" onClick={state.reset}>
          {t("reset")}
        </Button>
      )}
      <span className="grow" />
      {views && <SavedViews state={state} {...views} />}
      {actions}
    </div>
  );
}

const WAIT_MS = 300;

function SearchBox({ label, state }: { label: string; state: ListState }) {
  const [text, setText] = useState(state.search);
  const [seen, setSeen] = useState(state.search);
  if (seen !== state.search) {
    setSeen(state.search);
    setText(state.search);
  }
  useEffect(() => {
    if (text === state.search) return;
    const timer = setTimeout(() => state.setSearch(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text, state]);
  return (
    <TextInput
      className="search"
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} stroke={1.75} aria-hidden />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function FilterMenu({ state, filters }: { state: ListState; filters: readonly Filter[] }) {
  if (!filters.length) return null;
  return (
    <Popover position="bottom-start" trapFocus returnFocus shadow="md" width={300}>
      <Popover.Target>
        <button type="button" className="btn btn-default">
          <IconFilter size={16} stroke={1.75} aria-hidden />
          {t("filter")}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="filter-menu">
        {filters.map((one) => (
          <fieldset key={one.name}>
            <legend>{one.label}</legend>
            {one.options ? <Ticks filter={one} state={state} /> : <Typed filter={one} state={state} />}
          </fieldset>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

function Ticks({ filter, state }: { filter: Filter; state: ListState }) {
  const chosen = state.filters[filter.name] ?? [];
  const toggle = (value: string, on: boolean) =>
    state.setFilter(filter.name, on ? (filter.single ? [value] : [...chosen, value]) : chosen.filter((one) => one !== value));
  return filter.options?.map((one) => (
    <label key={one.value} className="tick">
      <input type="checkbox" checked={chosen.includes(one.value)} onChange={(event) => toggle(one.value, event.target.checked)} />
      {one.label}
    </label>
  ));
}

function Typed({ filter, state }: { filter: Filter; state: ListState }) {
  const [text, setText] = useState(state.filters[filter.name]?.join(", ") ?? "");
  const apply = () => state.setFilter(filter.name, text.split(",").map((one) => one.trim()).filter(Boolean));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <TextInput aria-label={filter.label} value={text} onChange={(event) => setText(event.currentTarget.value)} onBlur={apply} />
    </form>
  );
}

function Chosen({ filter, state }: { filter: Filter; state: ListState }) {
  const values = state.filters[filter.name];
  if (!values) return null;
  if (filter.named) return <NamedChip kind={filter.named} id={values[0] ?? ""} filter={filter} state={state} />;
  const words = values.map((value) => filter.options?.find((one) => one.value === value)?.label ?? filter.shown?.(value) ?? value);
  return <Chip words={words.join(", ")} filter={filter} state={state} />;
}

function NamedChip({ kind, id, ...rest }: { kind: Named; id: string; filter: Filter; state: ListState }) {
  return <Chip words={useNameOf(kind, id) ?? ""} {...rest} />;
}

function Chip({ words, filter, state }: { words: string; filter: Filter; state: ListState }) {
  const text = [filter.label, words].filter(Boolean).join("\u202F: ");
  return (
    <button
      type="button"
      className="chip"
      onClick={() => state.setFilter(filter.name, [])}
      aria-label={t("clear", { name: text })}
    >
      {text}
      <IconX size={14} aria-hidden />
    </button>
  );
}
