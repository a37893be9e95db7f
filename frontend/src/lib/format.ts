/** Every figure, amount, date and phone shown on screen goes through here. Paris time, whatever the browser's. */
import { NARROW, NBSP } from "./typography";
import { languageTag } from "./i18n";

const PARIS = "Europe/Paris";
const MINUS = "\u2212";
export const NOTHING = "–";

/** `Intl` puts U+00A0 or U+202F by its own version of the rules: here U+202F everywhere but before a noun. */
function narrowed(text: string): string {
  return text.replace(/[\u00A0\u202F]/g, NARROW).replace(/-/g, MINUS);
}

export function number(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  const told = new Intl.NumberFormat(languageTag(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return narrowed(told.format(value));
}

/** A figure and its noun, which never part: « 12 leads ». */
export function counted(value: number, noun: string): string {
  return `${number(value)}${NBSP}${noun}`;
}

/** The API sends money as a decimal text. */
export function money(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  const amount = Number(value);
  if (!Number.isFinite(amount)) return NOTHING;
  return narrowed(new Intl.NumberFormat(languageTag(), { style: "currency", currency: "EUR" }).format(amount));
}

/** A share of one: 0.123 is « 12,3 % ». */
export function percent(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NOTHING;
  return `${number(share * 100, digits)}${NARROW}%`;
}

/** A rate the API sends in hundredths, exact: "20.00" is « 20 % », "12.75" is « 12,75 % ». */
export function rate(value: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  const exact = String(Number(value)).split(".")[1]?.length ?? 0;
  return percent(Number(value) / 100, exact);
}

/** A change between two figures: « +12 », « −3 », « = ». Before 0 there is nothing to compare with. */
export function delta(now: number, before: number): string {
  const change = now - before;
  return change === 0 ? "=" : `${change > 0 ? "+" : ""}${number(change)}`;
}

/** +33199004217 is « 01 99 00 42 17 »; another country keeps its notation. */
export function phone(e164: string | null | undefined): string {
  if (!e164) return NOTHING;
  const french = /^\+33(\d{9})$/.exec(e164);
  if (!french?.[1]) return e164;
  return `0${french[1]}`.replace(/(\d{2})(?=\d)/g, `$1${NBSP}`);
}

type Moment = string | Date | null | undefined;

function parts(moment: string | Date, options: Intl.DateTimeFormatOptions): Record<string, string> {
  const told = new Intl.DateTimeFormat(languageTag(), { timeZone: PARIS, ...options }).formatToParts(new Date(moment));
  return Object.fromEntries(told.map((one) => [one.type, one.value]));
}

/** In tables: 23/11/2026 09:31. */
export function dateTime(moment: Moment): string {
  return moment ? `${date(moment)} ${time(moment)}` : NOTHING;
}

/** In tables: 23/11/2026. A day without an hour (`2026-11-23`) is that day. */
export function date(moment: Moment): string {
  if (!moment) return NOTHING;
  const told = parts(noon(moment), { day: "2-digit", month: "2-digit", year: "numeric" });
  return `${told.day}/${told.month}/${told.year}`;
}

export function time(moment: Moment, seconds = false): string {
  if (!moment) return NOTHING;
  const told = parts(moment, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return seconds ? `${told.hour}:${told.minute}:${told.second}` : `${told.hour}:${told.minute}`;
}

/** In sentences: « lundi 23 novembre ». */
export function day(moment: Moment): string {
  if (!moment) return NOTHING;
  return new Intl.DateTimeFormat(languageTag(), { timeZone: PARIS, weekday: "long", day: "numeric", month: "long" }).format(
    new Date(noon(moment)),
  );
}

/** « jeudi ». */
export function weekday(moment: Moment): string {
  if (!moment) return NOTHING;
  return new Intl.DateTimeFormat(languageTag(), { timeZone: PARIS, weekday: "long" }).format(new Date(noon(moment)));
}

/** The Paris day of an instant: `2026-11-23`. */
export function parisDay(moment: string | Date): string {
  const told = parts(moment, { day: "2-digit", month: "2-digit", year: "numeric" });
  return `${told.year}-${told.month}-${told.day}`;
}

/** On an axis: « lun. 23 ». */
export function shortDay(moment: Moment): string {
  if (!moment) return NOTHING;
  return new Intl.DateTimeFormat(languageTag(), { timeZone: PARIS, weekday: "short", day: "numeric" }).format(
    new Date(noon(moment)),
  );
}

/** In sentences: « lundi 23 novembre à 9 h 30 ». */
export function sentence(moment: Moment): string {
  if (!moment) return NOTHING;
  return languageTag().startsWith("fr") ? `${day(moment)} à ${clock(moment)}` : `${day(moment)}, ${time(moment)}`;
}

/** In sentences, the hour alone: « 9 h 30 ». */
export function clock(moment: Moment): string {
  if (!moment) return NOTHING;
  if (!languageTag().startsWith("fr")) return time(moment);
  const told = parts(moment, { hour: "numeric", minute: "2-digit", hourCycle: "h23" });
  return `${Number(told.hour)}${NBSP}h${NBSP}${told.minute}`;
}

function noon(moment: string | Date): string | Date {
  return typeof moment === "string" && /^\d{4}-\d{2}-\d{2}$/.test(moment) ? `${moment}T12:00:00Z` : moment;
}
