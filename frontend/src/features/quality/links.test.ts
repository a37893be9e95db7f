import { describe, expect, it } from "vitest";
import { leadsOf, ofSource } from "./links";

const window = { since: "2026-03-04T09:00:00Z", until: "2026-03-11T09:00:00Z", product: "PV" };

describe("links of the quality of sources", () => {
  it("keeps the window, the produit and every wanted value", () => {
    const query = new URLSearchParams(leadsOf(window, { status: ["routed", "livre"] }).split("?")[1]);
    expect([query.get("from"), query.get("to"), query.get("produit")]).toEqual([window.since, window.until, "PV"]);
    expect(query.getAll("status")).toEqual(["routed", "livre"]);
    expect(leadsOf({ ...window, product: "ALL" })).not.toContain("produit");
  });
  it("names a source by its provider, else by its own name without the providers that use it", () => {
    expect(ofSource({ provider_id: "p1", source_key: "", kinds: ["provider"] })).toEqual({ provider_id: "p1" });
    expect(ofSource({ provider_id: null, source_key: "google", kinds: ["direct"] })).toEqual({ origin: ["direct"], source: "google" });
    expect(ofSource({ provider_id: null, source_key: "", kinds: ["direct"] })).toEqual({ origin: ["direct"], without_source: "true" });
  });
});
