/** Where each object that a search finds is, and the words of its state. */
import type { Schema } from "@/api/types";
import { textOf, wordOf, deliveryStatus, invoiceState, leadStatus, type Dictionary, type Tone } from "@/words/states";
import { t } from "./words";

export type Kind = Schema<"Group">["kind"];
export type Hit = Schema<"Hit">;

const RECORDS: Record<Kind, (hit: Hit) => string> = {
  lead: ({ id }) => `/admin/leads/${id}`,
  delivery: ({ id }) => `/admin/deliveries?fiche=${id}`,
  client: ({ id }) => `/admin/clients/${id}`,
  commande: ({ id }) => `/admin/commandes/${id}`,
  invoice: ({ id }) => `/admin/invoices/${id}`,
  user: ({ id, detail }) => `/admin/users?q=${encodeURIComponent(detail)}&fiche=${id}`,
};

export function recordOf(kind: Kind, hit: Hit): string {
  return RECORDS[kind](hit);
}

const LISTS: Record<Kind, string> = {
  lead: "/admin/leads?q=",
  delivery: "/admin/deliveries?q=",
  client: "/admin/clients?inactifs=1&q=",
  commande: "/admin/commandes?pause=1&q=",
  invoice: "/admin/invoices?q=",
  user: "/admin/users?q=",
};

/** The list that shows the rest of what was found. */
export function listOf(kind: Kind, text: string): string {
  return LISTS[kind] + encodeURIComponent(text);
}

const STATES: Partial<Record<Kind, Dictionary<string>>> = {
  lead: leadStatus as Dictionary<string>,
  delivery: deliveryStatus as Dictionary<string>,
  invoice: invoiceState as Dictionary<string>,
};

export function stateOf(kind: Kind, status: string): { tone: Tone; text: string } | null {
  const known = STATES[kind];
  if (known) return { tone: wordOf(known, status).tone, text: textOf(known, status) };
  return status === "active" ? null : { tone: "neutral", text: t(kind === "commande" ? "paused" : "inactive") };
}
