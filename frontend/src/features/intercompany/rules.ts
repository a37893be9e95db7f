/** Directions between entities, as the API names them. */
export interface Missing {
  from: string;
  to: string;
  product: string;
}

/** « ZR7->MDL PV », as the API tells a missing price. */
export function missingOf(text: string): Missing | null {
  const match = /^(\w+)->(\w+) (\w+)$/.exec(text);
  return match?.[1] && match[2] && match[3] ? { from: match[1], to: match[2], product: match[3] } : null;
}

export function direction(from: string | null | undefined, to: string | null | undefined): string {
  return `${from ?? "–"} → ${to ?? "–"}`;
}
