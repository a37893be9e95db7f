import { describe, expect, it } from "vitest";
import { amountTyped, canCredit, canPay, isFree, stateOf, type Invoice } from "./rules";

const invoice = (given: Partial<Invoice>) =>
  ({ type: "invoice", status: "issued", overdue: false, partially_paid: false, balance_due: "10.00", origin_key: "", ...given }) as Invoice;

describe("the state of an invoice", () => {
  it("says late before partly paid, and neither of what is not owed", () => {
    expect(stateOf(invoice({ overdue: true, partially_paid: true }))).toBe("overdue");
    expect(stateOf(invoice({ partially_paid: true }))).toBe("partial");
    expect(stateOf(invoice({ status: "paid", partially_paid: true }))).toBe("paid");
    expect(stateOf(invoice({ status: "draft" }))).toBe("draft");
  });
  it("opens a payment while something is owed", () => {
    expect(canPay(invoice({}))).toBe(true);
    expect(canPay(invoice({ balance_due: "0.00" }))).toBe(false);
    expect(canPay(invoice({ type: "credit_note" }))).toBe(false);
    expect(canPay(invoice({ status: "draft" }))).toBe(false);
  });
  it("credits what was issued to a client, and edits only a free draft", () => {
    expect(canCredit(invoice({ status: "paid" }))).toBe(true);
    expect(canCredit(invoice({ type: "intercompany" }))).toBe(false);
    expect(isFree(invoice({ status: "draft" }))).toBe(true);
    expect(isFree(invoice({ status: "draft", origin_key: "week:a:2026-W11" }))).toBe(false);
  });
});

describe("an amount as it is typed", () => {
  it("takes a comma, spaces and the euro sign", () => {
    expect(amountTyped("1\u202F234,5 €")).toBe("1234.50");
    expect(amountTyped("540")).toBe("540.00");
  });
  it("refuses what is not an amount", () => {
    for (const text of ["", "-3", "12,345", "1e3", "abc", "1.2.3"]) expect(amountTyped(text), text).toBeNull();
  });
});
