import { describe, expect, it } from "vitest";
import { matches } from "./matching";

describe("matches", () => {
  it.each(["lancer l'envoi", "LANCER", "envoi lan", "l’envoi", ""])("finds by the beginnings of words: %s", (typed) => {
    expect(matches("Lancer l’envoi du jour", typed)).toBe(true);
  });
  it("folds accents both ways", () => {
    expect(matches("Départements", "departe")).toBe(true);
    expect(matches("Departements", "dépa")).toBe(true);
  });
  it.each(["ancer", "lancer demain", "envois"])("does not find: %s", (typed) => {
    expect(matches("Lancer l’envoi du jour", typed)).toBe(false);
  });
});
