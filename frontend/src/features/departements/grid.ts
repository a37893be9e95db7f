/** France as square tiles (design.md 17): 101 codes, in order, 13 a row. */
import type { Schema } from "@/api/types";

type Line = Schema<"AreaLine">;
const RAMP = 5;

/** 1 to 5, from the quietest to the busiest of those that received something; 0: nothing received. */
export function volumeStep(received: number, most: number): number {
  if (received <= 0 || most <= 0) return 0;
  return Math.max(1, Math.ceil((received / most) * RAMP));
}

export function busiest(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map((one) => one.received));
}
