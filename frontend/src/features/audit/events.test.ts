import { expect, test } from "vitest";
import { detailOf, pageOf, whoOf } from "./events";

const EVENT = { entity_type: "delivery", entity_id: "d1", user: "ops@exemple.fr", related: {}, details: {} };

test("who is a person, or the machine, a provider, the public in words", () => {
  expect(["ops@exemple.fr", "system:scheduler", "system", "system:rdz run-job", "provider:leadshop", "public"].map(whoOf)).toEqual([
    "ops@exemple.fr", "Automatique", "Automatique", "Exploitation (rdz)", "Fournisseur leadshop", "Page publique",
  ]);
});

test("a detail is read by people: a known reason in words, an unknown one never as its code", () => {
  expect(detailOf({ ...EVENT, details: { client_name: "Habitat Occitan", reason: "deja_client" } })).toBe("Habitat Occitan · Déjà client");
  expect(detailOf({ ...EVENT, details: { reason: "brand_new_code" } })).toBe("Autre raison");
  expect(detailOf({ ...EVENT, details: { reason: "Panne chez l'hébergeur", verdict: "sent" } })).toBe("Panne chez l'hébergeur");
});

test("the object leads to its page, when it has one", () => {
  expect(pageOf(EVENT)).toBe("/admin/deliveries?fiche=d1");
  expect(pageOf({ ...EVENT, entity_type: "system" })).toBeUndefined();
});
