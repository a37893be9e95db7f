/**
 * The choices of a person: the server keeps them, a local copy paints at once. A choice made here is shown before it is
 * saved; what another browser chose comes with the next `GET /api/me/bootstrap`.
 */
import { useSyncExternalStore } from "react";
import { call } from "@/api/client";
import type { Schema } from "@/api/types";
import { toast } from "./toasts";

type Preferences = Schema<"Preferences">;
/** What may be chosen; absent while it never was. */
export type Kept = { [K in Exclude<keyof Preferences, "version">]?: NonNullable<Preferences[K]> };
interface Copy {
  owner: string;
  version: number;
  kept: Kept;
}

const KEY = "rdz-preferences";
let copy: Copy = stored();
let saving = 0;
const listeners = new Set<() => void>();

function stored(): Copy {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null") as Copy | null;
    if (found?.kept) return found;
  } catch {
    // not ours, or no storage: the server's are on their way
  }
  return { owner: "", version: 0, kept: {} };
}

function become(next: Copy): void {
  copy = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // private browsing: the server has them
  }
  listeners.forEach((one) => one());
}

/** What the server says of this person. An older answer than what was saved since is left. */
export function adopt(owner: string, { version = 0, ...given }: Preferences): void {
  const same = copy.owner === owner;
  if (same && (saving > 0 || version <= copy.version)) return;
  const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Kept;
  become({ owner, version, kept });
}

/** Choose, and save. A refusal is said; the choice lasts as long as the page. */
export function keep(change: Kept): void {
  const columns = change.columns ? { columns: { ...copy.kept.columns, ...change.columns } } : {};
  become({ ...copy, kept: { ...copy.kept, ...change, ...columns } });
  saving += 1;
  call("put", "/api/me/preferences", { body: change })
    .then(({ version = 0 }) => become({ ...copy, version: Math.max(version, copy.version) }))
    .catch(toast.failed)
    .finally(() => {
      saving -= 1;
    });
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** `const [rail, setRail] = useKept("rail", false)`. */
export function useKept<T>(name: keyof Kept, first: T): [T, (next: T) => void] {
  const value = useSyncExternalStore(subscribe, () => copy.kept[name]);
  return [(value ?? first) as T, (next) => keep({ [name]: next })];
}

/** The columns hidden in a list. */
export function useHidden(list: string, first: string[]): [string[], (next: string[]) => void] {
  const value = useSyncExternalStore(subscribe, () => copy.kept.columns?.[list]);
  return [value ?? first, (next) => keep({ columns: { [list]: next } })];
}

/** Whether a shortcut of one key is listened to here: switched on, and not while typing. */
export function singleKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || copy.kept.single_keys === false) return false;
  return !(event.target as HTMLElement).closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]");
}
