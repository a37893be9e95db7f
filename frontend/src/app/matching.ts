/** How a typed text finds a label: each of its words begins one of the label's, whatever the case and the accents. */
const words = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[\s'’-]+/u)
    .filter(Boolean);

export function matches(label: string, typed: string): boolean {
  const known = words(label);
  return words(typed).every((word) => known.some((one) => one.startsWith(word)));
}
