/** What a chart is made of, and its arithmetic (design.md 15, 16). */
import type { ReactNode } from "react";
import { delta, NOTHING, number, percent } from "@/lib/format";
import { t } from "./words";

export interface ChartPoint {
  /** Under the axis, short. */
  label: string;
  full: string;
  /** One per series. Null: not measured, which is not 0. */
  values: (number | null)[];
  /** Still running: hatched. */
  running?: boolean;
  /** Not begun: nothing is drawn, and nothing is missing. */
  ahead?: boolean;
  /** What the second series had at this hour, for a point that is running. */
  soFar?: number | null | undefined;
  to?: string;
}

export interface ChartProps {
  title: string;
  points: ChartPoint[];
  /** Columns: now, then what it is compared with, if anything. Lines: three at most. */
  series: string[];
  shape?: "columns" | "lines";
  /** The second series is of the same kind as the first: their difference is told. */
  compares?: boolean;
  /** Beside the title: what is drawn can be chosen. */
  choice?: ReactNode;
  /** What one point is, at the head of the table. */
  each?: string;
}

/** Under 30 a percentage says nothing. */
const ENOUGH = 30;

/** « +12 (+24,0 %) »; counts alone while they are few; « nouveau » after nothing. */
export function difference(now: number, before: number): string {
  if (before === 0) return now === 0 ? "=" : t("fresh");
  const told = delta(now, before);
  const share = (now - before) / before;
  return before < ENOUGH || now === before ? told : `${told} (${share > 0 ? "+" : ""}${percent(share)})`;
}

/** What the first series is set against: the same hour while it runs; null when that is not known. */
export function reference(point: ChartPoint): number | null {
  if (point.running) return point.soFar ?? null;
  return point.values[1] ?? null;
}

/** The lines told of a point: its figures, then the difference. */
export function told(point: ChartPoint, series: string[], compares: boolean): [string, string][] {
  const lines: [string, string][] = series.map((name, at) => [name, figure(point, at)]);
  const [now] = point.values;
  const before = reference(point);
  if (!compares || now == null || before === null) return lines;
  if (point.running) lines.push([t("so_far"), number(before)]);
  return [...lines, [t("difference"), difference(now, before)]];
}

export function figure(point: ChartPoint, at: number): string {
  const value = point.values[at];
  if (value == null) return point.ahead || value === undefined ? NOTHING : t("not_measured");
  return number(value);
}

/** A round step that gives three or four ticks. */
export function tick(most: number): number {
  const raw = most / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? 10 * power;
  return Math.max(1, step);
}

/** Where labels that want these heights go, at least `apart` from each other, in the same order. */
export function spread(wanted: number[], apart: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let last = -Infinity;
  for (const at of order) {
    last = Math.max(placed[at] ?? 0, last + apart);
    placed[at] = last;
  }
  return placed;
}
