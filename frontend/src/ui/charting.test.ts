import { describe, expect, it } from "vitest";
import { difference, reference, spread, tick, told, type ChartPoint } from "./charting";

const day = (given: Partial<ChartPoint>): ChartPoint => ({ label: "lun.", full: "lundi", values: [12, 10], ...given });

describe("a difference", () => {
  it.each([
    [36, 30, "+6 (+20,0\u202F%)"],
    [24, 30, "−6 (−20,0\u202F%)"],
    [30, 30, "="],
    [12, 10, "+2"],
    [5, 0, "nouveau"],
    [0, 0, "="],
  ])("%i after %i is %s", (now, before, expected) => expect(difference(now, before)).toBe(expected));
});

describe("a point", () => {
  it("that runs is compared at the same hour, or not at all", () => {
    expect(reference(day({}))).toBe(10);
    expect(reference(day({ running: true, soFar: 4 }))).toBe(4);
    expect(reference(day({ running: true }))).toBeNull();
    expect(told(day({ running: true, soFar: 4 }), ["n", "avant"], true).at(-1)).toEqual(["Écart", "+8"]);
    expect(told(day({ running: true }), ["n", "avant"], true)).toHaveLength(2);
  });
  it("that was not measured is not zero", () => {
    expect(told(day({ values: [null] }), ["n"], false)).toEqual([["n", "Pas de mesure"]]);
    expect(told(day({ values: [null], ahead: true }), ["n"], false)).toEqual([["n", "–"]]);
  });
});

it("gives three or four round steps", () => {
  for (const most of [1, 2, 7, 30, 41, 286, 1968]) {
    const steps = Math.ceil(most / tick(most));
    expect(steps).toBeLessThanOrEqual(4);
  }
});

it("keeps labels apart in their order", () => expect(spread([50, 10, 12], 14)).toEqual([50, 10, 24]));
