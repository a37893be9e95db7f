/** The tasks started from this page since it was loaded: the tray shows them until they are hidden. */
import { useSyncExternalStore } from "react";

let ids: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function keep(next: ReadonlySet<string>): void {
  ids = next;
  listeners.forEach((one) => one());
}

export const watch = (id: string) => keep(new Set([...ids, id]));
export const unwatch = (id: string) => keep(new Set([...ids].filter((one) => one !== id)));

export function useWatched(): ReadonlySet<string> {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => ids,
  );
}
