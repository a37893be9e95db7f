import { expect, it } from "vitest";
import { volumeStep } from "./grid";

it("keeps 0 apart, and spreads the rest over five steps", () => {
  expect([0, 1, 20, 21, 99, 100].map((n) => volumeStep(n, 100))).toEqual([0, 1, 1, 2, 5, 5]);
  expect(volumeStep(0, 0)).toBe(0);
});
