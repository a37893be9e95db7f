/** What the screens of a week work out of the API's answer. */
import type { Schema } from "@/api/types";
import { sum } from "@/lib/sums";

type Board = Schema<"WeekBoard">;
export type BillingRow = Schema<"BillingRow">;
export type ClientWeek = Schema<"ClientWeek">;

export interface ClientRow extends ClientWeek {
  id: string;
  rows: BillingRow[];
  billable: number;
  free: number;
  ht: string;
  vat: string;
  ttc: string;
}

/** One row per client: what it owes for the week. Prepaid units were paid when they were bought: counted, not summed. */
export function clientRows(board: Board): ClientRow[] {
  const all = [...board.weekly_invoice, ...board.prepaid];
  return board.clients.map((client) => {
    const rows = all.filter((one) => one.client_id === client.client_id);
    const owed = rows.filter((one) => one.billing_mode === "WEEKLY_INVOICE");
    return {
      ...client,
      id: client.client_id,
      rows,
      billable: rows.reduce((total, one) => total + one.units_billable, 0),
      free: rows.reduce((total, one) => total + one.units_free, 0),
      ht: sum(owed.map((one) => one.net_total_ht)),
      vat: sum(owed.map((one) => one.vat_amount)),
      ttc: sum(owed.map((one) => one.total_ttc_expected)),
    };
  });
}

/** A refusal that a reason may force; the others say what to do first. */
export function forceable(code: string): boolean {
  return code === "week_not_settled" || code === "pricing_missing";
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function isMonth(key: string): boolean {
  return MONTH.test(key);
}

export function shiftMonth(key: string, months: number): string {
  const [year, month] = key.split("-").map(Number) as [number, number];
  const at = year * 12 + month - 1 + months;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
}

/** First and last day of a month, `YYYY-MM-DD`. */
export function monthDays(key: string): [string, string] {
  const [year, month] = key.split("-").map(Number) as [number, number];
  return [`${key}-01`, `${key}-${String(new Date(Date.UTC(year, month, 0)).getUTCDate()).padStart(2, "0")}`];
}
