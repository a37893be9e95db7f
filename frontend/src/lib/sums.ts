/** Sums of amounts that travel as decimal texts, in whole cents: no float ever holds money. */
export function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}

export function sum(amounts: Iterable<string>): string {
  let total = 0;
  for (const one of amounts) total += cents(one);
  return (total / 100).toFixed(2);
}
