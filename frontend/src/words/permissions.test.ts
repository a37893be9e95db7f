import { expect, test } from "vitest";
import { grouped, permissionWord } from "./permissions";

test("permissions are grouped in the order of the navigation", () => {
  expect(grouped(["users.manage", "leads.view", "dashboard.view", "leads.delete"])).toEqual([
    ["dashboard", ["dashboard.view"]],
    ["leads", ["leads.view", "leads.delete"]],
    ["users", ["users.manage"]],
  ]);
});

test("a permission without words is never shown as its code", () => {
  expect(permissionWord("leads.view")).toBe("Voir les leads");
  expect(permissionWord("brand.new")).toBe("Autre permission");
});
