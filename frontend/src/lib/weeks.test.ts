import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { currentWeek, isWeek, monday, parisInstant, shiftWeek, sunday, weekLabel } from "./weeks";

// tests/unit/test_weeks_shared.py computes the same digest with backend/core/weeks.py.
const SHARED = "6a406ee1249744a327e21ea82633a0ae8e86f1ca99d04ae06b15e8bdc02f20b9";

describe("ISO weeks 2015 to 2050", () => {
  it("follow each other and agree with the server's", () => {
    const lines: string[] = [];
    for (let week = "2015-W01"; week < "2051-W01"; week = shiftWeek(week, 1)) {
      expect(shiftWeek(shiftWeek(week, 1), -1)).toBe(week);
      lines.push(`${week} ${monday(week)} ${sunday(week)}`);
    }
    expect(createHash("sha256").update(lines.join("\n")).digest("hex")).toBe(SHARED);
  });
  it("turn at midnight in Paris", () => {
    expect(currentWeek(new Date("2026-11-29T22:30:00Z"))).toBe("2026-W48"); // Sunday 23:30
    expect(currentWeek(new Date("2026-11-29T23:30:00Z"))).toBe("2026-W49"); // Monday 00:30
    expect(currentWeek(new Date("2026-03-29T22:30:00Z"))).toBe("2026-W14"); // summer time began that day
    expect(currentWeek(new Date("2026-10-25T23:30:00Z"))).toBe("2026-W44"); // and ended that one
  });
  it("refuse what is not one", () => {
    expect([isWeek("2026-W53"), isWeek("2025-W53"), isWeek("2026-W00"), isWeek("x")]).toEqual([true, false, false, false]);
  });
  it("know the instant of a Paris clock, both changes included", () => {
    expect(parisInstant("2026-03-11T09:31")).toBe("2026-03-11T08:31:00.000Z");
    expect(parisInstant("2026-07-01T09:31")).toBe("2026-07-01T07:31:00.000Z");
    expect(parisInstant("2026-10-25T02:30")).toBe("2026-10-25T00:30:00.000Z"); // comes twice: the first
  });
  it("are told in words", () => {
    expect(weekLabel("2026-W48")).toBe("Semaine\u00A048 · 23 – 29 nov. 2026");
  });
});
