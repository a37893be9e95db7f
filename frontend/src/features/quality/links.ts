/** Where each figure leads: exactly the leads it counts, over the window of the answer. */
import type { Schema } from "@/api/types";

type Window = Pick<Schema<"Intelligence">, "since" | "until" | "product">;
type Source = Pick<Schema<"SourceScore">, "provider_id" | "source_key" | "kinds">;

export function leadsOf(window: Window, wanted: Record<string, string | string[]> = {}): string {
  const query = new URLSearchParams({ from: window.since, to: window.until });
  if (window.product !== "ALL") query.set("produit", window.product);
  for (const [name, values] of Object.entries(wanted)) for (const one of [values].flat()) query.append(name, one);
  return `/admin/leads?${query.toString()}`;
}

/** The leads of whole Paris days, both included. */
export function daysOf(from: string, to: string, product: string, wanted: Record<string, string | string[]>): string {
  return leadsOf({ since: from, until: to, product }, wanted);
}

/** A campaign named by a provider belongs to the provider. */
export function ofSource(source: Source): Record<string, string | string[]> {
  if (source.provider_id) return { provider_id: source.provider_id };
  const own = { origin: source.kinds.filter((one) => one !== "provider") };
  return source.source_key ? { ...own, source: source.source_key } : { ...own, without_source: "true" };
}

/** Under 30 a percentage says nothing (design.md 16). */
export const ENOUGH = 30;
