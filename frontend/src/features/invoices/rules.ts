/** What the screens work out of an invoice. */
import type { Schema } from "@/api/types";
import { cents } from "@/lib/sums";
import type { InvoiceState } from "@/words/states";

export type Invoice = Schema<"InvoiceAnswer">;
export type Line = Schema<"InvoiceLine">;

/** The state that a person reads: late and partly paid are worked out, never stored. An avoir is never late. */
export function stateOf(one: Pick<Invoice, "status" | "overdue" | "partially_paid">): InvoiceState {
  if (one.status !== "issued") return one.status;
  if (one.overdue) return "overdue";
  return one.partially_paid ? "partial" : "issued";
}

/** Why an action is not open; undefined: it is. The server says it again. */
export function canPay(one: Invoice): boolean {
  return one.type !== "credit_note" && one.status === "issued" && cents(one.balance_due) > 0;
}

export function canCredit(one: Invoice): boolean {
  return (one.type === "invoice" || one.type === "prepayment") && (one.status === "issued" || one.status === "paid");
}

/** A free draft: its lines were typed, and may be typed again. */
export function isFree(one: Invoice): boolean {
  return one.status === "draft" && !one.origin_key;
}

/** « 1 234,5 » typed by a person is 1234.50 for the API; null when it is not an amount of two decimals. */
export function amountTyped(text: string): string | null {
  const plain = text.replace(/[\s\u00A0\u202F€]/g, "").replace(",", ".");
  if (!/^\d{1,8}(\.\d{1,2})?$/.test(plain)) return null;
  return Number(plain).toFixed(2);
}
