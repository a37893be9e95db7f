/** What can be done from the palette. A page says its own: `useActions([{ key: "reject", label: t("reject"), permission, run }])`. */
import { useEffect, useRef } from "react";

export interface Action {
  key: string;
  /** An infinitive: « Rejeter la livraison ». */
  label: string;
  /** Other words that find it. */
  words?: string;
  permission?: string;
  /** Why it cannot be done now: shown, and not run. */
  refusal?: string | undefined;
  /** Opens the dialog or the page of the action: nothing is done without its own confirmation. */
  run: () => void;
}

const registered = new Set<{ current: readonly Action[] }>();

/** Offer these while the caller is on screen; the last to arrive come first. */
export function useActions(actions: readonly Action[]): void {
  const kept = useRef(actions);
  useEffect(() => {
    kept.current = actions;
  });
  useEffect(() => {
    registered.add(kept);
    return () => void registered.delete(kept);
  }, []);
}

/** The actions of the page on screen. */
export function pageActions(): Action[] {
  return [...registered].reverse().flatMap((one) => one.current);
}
