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

const VOWEL = /^[AEIOUÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ]/;

/** « de Énergies du Rhône » becomes « d’Énergies du Rhône », for the names put in a sentence. An h may be mute or not: left. */
export function elided(text: string, given: readonly (string | number)[]): string {
  const names = given.filter((one): one is string => typeof one === "string" && VOWEL.test(one));
  return names.reduce((told, name) => told.replaceAll(` de ${name}`, ` d’${name}`), text);
}
