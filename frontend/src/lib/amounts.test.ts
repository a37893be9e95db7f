import { expect, it } from "vitest";
import { amount, typed } from "./amounts";

it("takes an amount as it is written in French", () => {
  expect(amount("1\u202F234,50 €")).toBe("1234.50");
  expect(amount(" 25 ")).toBe("25");
  expect(amount("5,5\u202F%")).toBe("5.5");
  expect(amount("")).toBeNull();
  expect(amount("douze")).toBe("douze"); // the API says what is wrong
});

it("shows a stored amount as it is typed", () => {
  expect(["1234.50", "20.00", "5.5", ""].map(typed)).toEqual(["1234,50", "20", "5,5", ""]);
});
