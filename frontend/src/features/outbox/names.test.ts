import { expect, test } from "vitest";
import { age, channelName, rowName } from "./names";

test("a channel is named in words, whoever it belongs to", () => {
  expect(["smtp:ZR7", "crm:MDL", "http:ZR7:client-1", "tasks", "fax:ZR7"].map(channelName)).toEqual([
    "E-mail ZR7", "CRM MDL", "Interface d’un client ZR7", "Tâches internes", "Autre canal",
  ]);
});

test("a message inside the house is named by what it does", () => {
  expect(rowName({ to: "leads@exemple.fr", kind: "email" })).toBe("leads@exemple.fr");
  expect(rowName({ to: "", kind: "route_waiting" })).toBe("Reprise des leads en attente");
});

test("an age is rounded down, and changes of unit", () => {
  expect([59, 3599, 3600, 172_799, 172_800].map(age)).toEqual(["0 min", "59 min", "1 h", "47 h", "2 j"]);
});
