import type { Schema } from "@/api/types";
import { reasonOf, rejection, why } from "@/words/reasons";
import { t } from "./words";

type Event = Pick<Schema<"EventRow">, "entity_type" | "entity_id" | "details" | "user" | "related">;
const PAGES: Record<string, (id: string) => string> = {
  lead: (id) => `/admin/leads/${id}`,
  delivery: (id) => `/admin/deliveries?fiche=${id}`,
  batch: (id) => `/admin/batches/${id}`,
  outbox: (id) => `/admin/outbox?fiche=${encodeURIComponent(id)}`,
  client: (id) => `/admin/clients/${id}`,
  commande: (id) => `/admin/commandes/${id}`,
};

/** Where the object of an event is shown; undefined when it has no page. */
export function pageOf(event: Event): string | undefined {
  return PAGES[event.entity_type]?.(event.entity_id);
}

/** An e-mail as it is; the machine, a command typed on it, a provider and the public in words. */
export function whoOf(user: string): string {
  if (user.startsWith("provider:")) return t("provider", { name: user.slice("provider:".length) });
  if (user === "public") return t("public");
  if (/^system:rdz\b/.test(user)) return t("terminal");
  return user === "system" || user.startsWith("system:") ? t("machine") : user;
}

const TOLD = ["client_name", "name", "nom", "email", "text", "note", "reason_detail", "to", "csv_filename", "number"] as const;

/** What an event says that a person can read: names, notes, reasons; never a code. */
export function detailOf(event: Event): string {
  const details = event.details ?? {};
  const words = TOLD.map((key) => details[key]).filter((one): one is string => typeof one === "string" && one !== "");
  const reason = details["reason"];
  if (typeof reason === "string" && reason) {
    const codes = { ...why, ...rejection };
    // A code is one word without a space; a person's own sentence is shown as typed.
    words.push(/^[a-z_]+$/.test(reason) ? reasonOf(codes, reason) : reason);
  }
  return [...new Set(words)].join(" · ");
}
