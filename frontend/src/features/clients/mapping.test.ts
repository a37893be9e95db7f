import { expect, it } from "vitest";
import { asLines, asMapping } from "./mapping";

it("reads what it writes, fixed texts included", () => {
  const mapping = { lastname: "nom", mobile: "telephone", source: "=RDZ" };
  expect(asMapping(asLines(mapping))).toEqual(mapping);
});

it("takes loose lines, and a name alone for itself", () => {
  expect(asMapping("  lastname=nom \n\nemail\n")).toEqual({ lastname: "nom", email: "email" });
});
