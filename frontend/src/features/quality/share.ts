/** How a source and its shares are written, wherever they are shown. Its words are its own: the Cockpit carries them. */
import { number, percent } from "@/lib/format";
import { defineWords } from "@/lib/i18n";
import { ENOUGH } from "./links";

const t = defineWords("share", { fr: { none: "Sans source", of: "{{n}} sur {{of}}" }, en: {} });

export function sourceName(source: string): string {
  return source || t("none");
}

/** A share, or its two figures while they are too few for a percentage. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "–";
  return whole < ENOUGH ? t("of", { n: number(part), of: number(whole) }) : percent(part / whole);
}
