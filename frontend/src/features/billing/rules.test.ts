import { describe, expect, it } from "vitest";
import { sum } from "@/lib/sums";
import { clientRows, monthDays, shiftMonth, type BillingRow } from "./rules";

const row = (client_id: string, billing_mode: string, net_total_ht: string, units_billable: number) =>
  ({ client_id, billing_mode, net_total_ht, vat_amount: "0.10", total_ttc_expected: net_total_ht, units_billable, units_free: 1 }) as BillingRow;

describe("a week by client", () => {
  it("sums what is owed in cents, and counts prepaid units without their price", () => {
    const board = {
      clients: [{ client_id: "a" }, { client_id: "b" }],
      weekly_invoice: [row("a", "WEEKLY_INVOICE", "0.10", 2), row("a", "WEEKLY_INVOICE", "0.20", 1)],
      prepaid: [row("a", "PREPAID", "100.00", 5)],
    };
    const [first, second] = clientRows(board as never);
    expect(first).toMatchObject({ ht: "0.30", vat: "0.20", billable: 8, free: 3 });
    expect(second).toMatchObject({ ht: "0.00", billable: 0 });
  });
  it("adds without a float's dust", () => {
    expect(sum(["0.10", "0.20", "-0.30"])).toBe("0.00");
    expect(sum(Array.from({ length: 1000 }, () => "0.01"))).toBe("10.00");
  });
});

describe("months", () => {
  it("crosses years both ways", () => {
    expect(shiftMonth("2026-12", 1)).toBe("2027-01");
    expect(shiftMonth("2026-01", -1)).toBe("2025-12");
  });
  it("ends on its last day", () => {
    expect(monthDays("2028-02")).toEqual(["2028-02-01", "2028-02-29"]);
    expect(monthDays("2026-11")).toEqual(["2026-11-01", "2026-11-30"]);
  });
});
