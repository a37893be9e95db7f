/** French typography (design.md 22), applied once to every text: words are typed with ordinary spaces and quotes. */
export const NARROW = "\u202F";
export const NBSP = "\u00A0";

export function french(text: string): string {
  return text
    .replaceAll("...", "…")
    .replaceAll("'", "’")
    .replace(/ ([;:!?%€»])/g, `${NARROW}$1`)
    .replace(/« /g, `«${NARROW}`)
    .replace(/(\d) h (\d)/g, `$1${NBSP}h${NBSP}$2`);
}
