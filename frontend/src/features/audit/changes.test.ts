import { describe, expect, it } from "vitest";
import { changesOf, sentenceOf } from "./changes";

const told = (details: Record<string, unknown>) => changesOf(details).map((one) => sentenceOf(one).replaceAll("\u202F", " "));

describe("changes of an event", () => {
  it("tells before and after, in words", () => {
    expect(told({ old: { quota_semaine: 10, active: true }, new: { quota_semaine: 20, active: false } })).toEqual(["Quota : 10 → 20", "Actif : oui → non"]);
    expect(told({ changes: { phone: { before: "", after: "+33199004217" } } })).toEqual(["Téléphone : rien → +33199004217"]);
    expect(told({ changes: { role: "ops" } })).toEqual(["Rôle : Opérations"]);
    expect(told({ old: { paused_until: null }, new: { paused_until: "2026-03-20" } })).toEqual(["En pause jusqu’au : rien → 20/03/2026"]);
  });
  it("shows neither a code nor a field without a name", () => {
    expect(told({ new: { name_key: "x", status: "no_open_orders", permissions: { "leads.view": true } } })).toEqual(["Droits : modifiés"]);
    expect(changesOf(undefined)).toEqual([]);
  });
});
