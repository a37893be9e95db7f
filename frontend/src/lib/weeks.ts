/** ISO weeks, `YYYY-Www`, Monday to Sunday, in Paris. The same answers as backend/core/weeks.py (weeks.test.ts). */
import { languageTag } from "./i18n";
import { NBSP } from "./typography";

const DAY = 86_400_000;
const KEY = /^(\d{4})-W(\d{2})$/;

/** Days as UTC midnights: no clock change can bend them. */
function utc(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The Paris day of an instant. */
export function parisDay(moment: Date): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(moment);
}

/** The instant of a Paris wall clock, `2026-03-11T09:31`; in the hour that comes twice, the first. */
export function parisInstant(local: string): string {
  const wall = Date.parse(`${local}Z`);
  const shown = (at: number) => Date.parse(`${new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short", timeStyle: "medium" }).format(at).replace(" ", "T")}Z`);
  const found = [2, 1].map((hours) => wall - hours * 3_600_000).find((at) => shown(at) === wall);
  return new Date(found ?? wall - 3_600_000).toISOString();
}

export function weekOfDay(day: string): string {
  const at = utc(day);
  const thursday = at + (3 - ((new Date(at).getUTCDay() + 6) % 7)) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  const number = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1;
  return `${year}-W${String(number).padStart(2, "0")}`;
}

export function currentWeek(now: Date = new Date()): string {
  return weekOfDay(parisDay(now));
}

/** True for a key that names a real week. */
export function isWeek(key: string): boolean {
  return KEY.test(key) && weekOfDay(monday(key)) === key;
}

/** True for a real day, `2026-11-23`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text)) && iso(utc(text)) === text;
}

/** Monday of a week, `YYYY-MM-DD`. */
export function monday(key: string): string {
  const match = KEY.exec(key);
  if (!match) throw new Error(`not a week: ${key}`);
  const fourth = Date.UTC(Number(match[1]), 0, 4);
  const first = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY;
  return iso(first + (Number(match[2]) - 1) * 7 * DAY);
}

export function sunday(key: string): string {
  return iso(utc(monday(key)) + 6 * DAY);
}

export function shiftWeek(key: string, weeks: number): string {
  return weekOfDay(iso(utc(monday(key)) + weeks * 7 * DAY));
}

/** « Semaine 48 · 23 – 29 nov. 2026 ». */
export function weekLabel(key: string): string {
  const [from, to] = [utc(monday(key)), utc(sunday(key))];
  const told = (at: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(languageTag(), { timeZone: "UTC", ...options }).format(at);
  const same = new Date(from).getUTCMonth() === new Date(to).getUTCMonth();
  const start = told(from, same ? { day: "numeric" } : { day: "numeric", month: "short" });
  const end = told(to, { day: "numeric", month: "short", year: "numeric" });
  const word = languageTag().startsWith("fr") ? "Semaine" : "Week";
  return `${word}${NBSP}${Number(key.slice(6))} · ${start} – ${end}`;
}
