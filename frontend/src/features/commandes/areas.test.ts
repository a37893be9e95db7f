import { expect, it } from "vitest";
import { codesOf } from "./areas";

it("takes a list pasted from anywhere", () => {
  expect(codesOf("1, 2a;75  69\n75/971")).toEqual(["01", "2A", "75", "69", "971"]);
  expect(codesOf("  ")).toEqual([]);
});
