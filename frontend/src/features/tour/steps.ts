/** The eight steps (design.md 39): each is done when the server says so, or when what it asks to open is open. */
import type { Schema } from "@/api/types";

export type State = Schema<"TourState">;
export const STEPS = ["find", "why", "reject", "resell", "send", "prove", "read", "bill"] as const;
export type Step = (typeof STEPS)[number];

/** What a person is looking at. */
export interface Seen {
  pathname: string;
  /** The answer to « Pourquoi ce client ? » is open. */
  whyOpen: boolean;
}

export function isDone(step: Step, state: State, seen: Seen): boolean {
  const { resold } = state;
  const done: Record<Step, boolean> = {
    find: seen.pathname === `/admin/leads/${state.lead_id}`,
    why: seen.whyOpen && seen.pathname === `/admin/leads/${state.lead_id}`,
    reject: state.rejected,
    resell: resold !== null,
    send: resold?.sent ?? false,
    prove: !!resold?.batch_id && seen.pathname === `/admin/batches/${resold.batch_id}`,
    read: resold?.downloaded ?? false,
    bill: state.issued,
  };
  return done[step];
}
