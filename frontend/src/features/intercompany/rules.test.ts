import { expect, it } from "vitest";
import { direction, missingOf } from "./rules";

it("reads the missing prices of the API", () => {
  expect(missingOf("ZR7->MDL PV")).toEqual({ from: "ZR7", to: "MDL", product: "PV" });
  expect(missingOf("ZR7 MDL")).toBeNull();
  expect(direction("ZR7", "MDL")).toBe("ZR7 → MDL");
});
