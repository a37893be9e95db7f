import { describe, expect, it } from "vitest";
import { checks } from "./checks";

const whole = { active: true, client_status: "Normal", has_valid_channel: true, missing_to_invoice: [], push_state: "off" as const };
const left = (client: Parameters<typeof checks>[0], orders?: number) => checks(client, orders).filter((one) => !one.ok).map((one) => one.name);

describe("checks", () => {
  it("asks for nothing more of a client who has everything", () => {
    expect(left(whole, 1)).toEqual([]);
  });

  it("names what is missing, and nothing else", () => {
    expect(left({ ...whole, has_valid_channel: false, missing_to_invoice: ["siren"] }, 0)).toEqual(["channel", "order", "identity"]);
    expect(left({ ...whole, active: false, client_status: "Blocked" }, 2)).toEqual(["active", "status"]);
  });

  it("does not judge the orders that the caller may not see", () => {
    expect(left(whole)).toEqual([]);
    expect(checks(whole, undefined).map((one) => one.name)).not.toContain("order");
  });

  it("judges the API only where it is used", () => {
    expect(checks(whole, 1).map((one) => one.name)).not.toContain("push");
    expect(left({ ...whole, push_state: "failing" }, 1)).toEqual(["push"]);
  });
});
