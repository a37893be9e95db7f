import { expect, it } from "vitest";
import { amount } from "./amounts";

it("takes an amount as it is written in French", () => {
  expect(amount("1\u202F234,50 €")).toBe("1234.50");
  expect(amount(" 25 ")).toBe("25");
  expect(amount("5,5\u202F%")).toBe("5.5");
  expect(amount("")).toBeNull();
  expect(amount("douze")).toBe("douze"); // the API says what is wrong
});
