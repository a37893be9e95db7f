/** What is drawn in the frame of a chart. */
import { useId } from "react";
import { number } from "@/lib/format";
import type { ChartPoint } from "./charting";
import { t } from "./words";

export interface Frame {
  wide: number;
  right: number;
  top: number;
  floor: number;
  slot: number;
  ticks: number[];
  /** One label of the axis in so many. */
  every: number;
  /** The last point measured. */
  latest: number;
  empty: boolean;
  x: (at: number) => number;
  y: (value: number) => number;
}

const COLOURS = ["var(--c1)", "var(--c2)", "var(--c3)"];
const LETTER = 7;

function Hatch({ id, colour }: { id: string; colour: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="3" height="6" fill={colour} />
    </pattern>
  );
}

/** Not measured is not 0: a hatched gap, named once where there is room. */
function Gaps({ points, frame }: { points: ChartPoint[]; frame: Frame }) {
  const hatch = useId();
  const gaps: { from: number; to: number }[] = [];
  points.forEach((one, at) => {
    if (one.values[0] !== null || one.ahead) return;
    const last = gaps.at(-1);
    if (last?.to === at - 1) last.to = at;
    else gaps.push({ from: at, to: at });
  });
  return (
    <>
      <Hatch id={hatch} colour="var(--border)" />
      {gaps.map(({ from, to }) => {
        const [left, width] = [frame.x(from) - frame.slot / 2, frame.slot * (to - from + 1)];
        return (
          <g key={from}>
            <rect x={left} y={frame.top} width={width} height={frame.floor - frame.top} fill={`url(#${hatch})`} />
            {width > t("not_measured").length * LETTER && (
              <text x={left + width / 2} y={(frame.top + frame.floor) / 2} textAnchor="middle" className="chart-over">{t("not_measured")}</text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** Now as solid columns, before as outlines; what runs is hatched. */
export function Columns({ points, frame }: { points: ChartPoint[]; frame: Frame }) {
  const hatch = useId();
  const { y, slot } = frame;
  const width = Math.min(28, slot / 2.6);
  return (
    <>
      <Hatch id={hatch} colour="var(--c1)" />
      <Gaps points={points} frame={frame} />
      {points.map((one, at) => {
        const [now, before] = one.values;
        const alone = one.values.length < 2;
        const x = alone ? frame.x(at) - width / 2 : frame.x(at);
        return (
          <g key={one.full}>
            {before != null && <rect x={x - width} y={y(before)} width={width} height={y(0) - y(before)} fill="none" stroke="var(--c4)" />}
            {now != null && <rect x={x} y={y(now)} width={width} height={y(0) - y(now)} fill={one.running ? `url(#${hatch})` : "var(--c1)"} stroke="var(--c1)" />}
            {!!now && number(now).length * LETTER < slot && (
              <text x={x + width / 2} y={y(now) - 4} textAnchor="middle" className="chart-value">{number(now)}</text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** Up to three lines, each named at its end; one point alone is a dot with its value. */
export function Lines({ points, series, frame, names }: { points: ChartPoint[]; series: string[]; frame: Frame; names: number[] }) {
  return (
    <>
      <Gaps points={points} frame={frame} />
      {series.map((name, kind) => ({ name, kind })).reverse().map(({ name, kind }) => {
        const colour = COLOURS[kind] ?? "var(--c4)";
        const seen = points.flatMap((one, at) => (one.values[kind] == null ? [] : [{ at, value: one.values[kind], running: one.running }]));
        const last = seen.at(-1);
        if (!last) return null;
        const done = last.running ? seen.slice(0, -1) : seen;
        const way = (some: typeof seen) => some.map(({ at, value }) => `${frame.x(at)},${frame.y(value)}`).join(" ");
        return (
          <g key={name} stroke={colour} fill="none">
            <polyline points={way(done)} strokeWidth="2" />
            {last.running && <polyline points={way(seen.slice(-2))} strokeWidth="2" strokeDasharray="3 3" />}
            {seen.map(({ at, value, running }) => (
              <circle key={at} cx={frame.x(at)} cy={frame.y(value)} r="3" fill={running ? "var(--surface)" : colour} />
            ))}
            <circle cx={frame.right + 5} cy={names[kind] ?? 0} r="4" fill={colour} stroke="none" />
            <text x={frame.right + 14} y={(names[kind] ?? 0) + 4} stroke="none" className="chart-value">{`${name} ${number(last.value)}`}</text>
          </g>
        );
      })}
    </>
  );
}
