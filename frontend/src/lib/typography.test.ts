import { expect, test } from "vitest";
import { elided } from "./typography";

test("a name that opens with a vowel elides the « de » before it, and nothing else does", () => {
  expect(elided("Clore la semaine de Énergies du Rhône ?", ["Énergies du Rhône"])).toBe("Clore la semaine d’Énergies du Rhône ?");
  expect(elided("Clé de Armor Solaire", ["Armor Solaire", 3])).toBe("Clé d’Armor Solaire");
  expect(elided("Lot de Soleil d’Oc, de onze leads", ["Soleil d’Oc", "onze leads"])).toBe("Lot de Soleil d’Oc, de onze leads");
});
