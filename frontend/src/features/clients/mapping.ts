/** The fields sent to a client's interface, as a person writes them: one « theirs = ours » a line, « theirs = =text » for a fixed text. */
export function asMapping(text: string): Record<string, string> {
  const pairs = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line): [string, string] => {
      const at = line.indexOf("=");
      return at < 0 ? [line, line] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  return Object.fromEntries(pairs);
}

export function asLines(mapping: Record<string, string>): string {
  return Object.entries(mapping)
    .map(([theirs, ours]) => `${theirs} = ${ours}`)
    .join("\n");
}
