/** Départements as people write them: a pasted list of codes, whatever stands between them. */
export const EVERYWHERE = "*";

/** Codes of a text, each once, in order: « 1, 2a;75 69 » is 01 2A 75 69. */
export function codesOf(text: string): string[] {
  const codes = text
    .toUpperCase()
    .split(/[\s,;/]+/)
    .filter(Boolean)
    .map((one) => (/^\d$/.test(one) ? `0${one}` : one));
  return [...new Set(codes)];
}
