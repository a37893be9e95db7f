/** Lists typed one per line, and days opened or closed by hand. */
import type { Schema } from "@/api/types";

type Days = Pick<Schema<"CalendarShown">, "disabled_dates" | "opened_dates">;

/** One per line, or pasted with commas; blanks and repetitions left out. */
export function lines(text: string): string[] {
  return [...new Set(text.split(/[\n,;]/).map((one) => one.trim()).filter(Boolean))];
}

const without = (days: string[], day: string) => days.filter((one) => one !== day);
const including = (days: string[], day: string) => [...without(days, day), day].sort();

/** Nothing leaves that day, whatever its weekday. */
export function closing(calendar: Days, day: string): Days {
  return { disabled_dates: including(calendar.disabled_dates, day), opened_dates: without(calendar.opened_dates, day) };
}

/** That day is open, even on a closed weekday or a public holiday. */
export function opening(calendar: Days, day: string): Days {
  return { disabled_dates: without(calendar.disabled_dates, day), opened_dates: including(calendar.opened_dates, day) };
}

/** The day follows the rule of its weekday again. */
export function forgetting(calendar: Days, day: string): Days {
  return { disabled_dates: without(calendar.disabled_dates, day), opened_dates: without(calendar.opened_dates, day) };
}
