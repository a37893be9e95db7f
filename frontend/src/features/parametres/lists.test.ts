import { expect, test } from "vitest";
import { closing, forgetting, lines, opening } from "./lists";

test("lines keep what was typed, one per line or pasted with commas, once each", () => {
  expect(lines("a.fr\n\n b.fr ,c.fr; a.fr\n")).toEqual(["a.fr", "b.fr", "c.fr"]);
});

test("a day is never both closed and opened", () => {
  const calendar = { disabled_dates: ["2026-12-24"], opened_dates: ["2026-12-26"] };
  expect(closing(calendar, "2026-12-26")).toEqual({ disabled_dates: ["2026-12-24", "2026-12-26"], opened_dates: [] });
  expect(opening(calendar, "2026-12-24")).toEqual({ disabled_dates: [], opened_dates: ["2026-12-24", "2026-12-26"] });
  expect(forgetting(calendar, "2026-12-24")).toEqual({ disabled_dates: [], opened_dates: ["2026-12-26"] });
});
