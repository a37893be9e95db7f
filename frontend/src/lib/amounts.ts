/** An amount or a rate of the API, as a person types it: "1234.50" is « 1234,50 », "20.00" is « 20 ». */
export function typed(stored: string): string {
  return stored.replace(/\.0+$/, "").replace(".", ",");
}

/** What a person typed, as the API takes it: « 1 234,50 € » is "1234.50"; nothing is null. */
export function amount(typed: string): string | null {
  const plain = typed.replace(/[\s\u00A0\u202F€%]/g, "").replace(",", ".");
  return plain === "" ? null : plain;
}
