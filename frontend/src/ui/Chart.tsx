/** A chart (design.md 15, 16): plain SVG, no library, no animation. The same figures by the mouse, by the arrow keys and in a table. */
import { useElementSize } from "@mantine/hooks";
import { useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { useHref } from "@/app/scope";
import { number } from "@/lib/format";
import { figure, spread, tick, told, type ChartPoint, type ChartProps } from "./charting";
import { Columns, Lines, type Frame } from "./chartMarks";
import { Link } from "./Link";
import { t } from "./words";

const HEIGHT = 192;
const PAD = { left: 40, right: 8, top: 20, bottom: 40 };
/** Room for the names at the end of the lines. */
const NAMES = 104;
const LETTER = 7;

export function Chart(props: ChartProps) {
  const [table, setTable] = useState(false);
  const { title, series, shape = "columns" } = props;
  return (
    <figure className="chart">
      <figcaption>
        <span className="grow">{title}</span>
        {props.choice}
        <button type="button" className="btn btn-quiet" onClick={() => setTable(!table)}>
          {t(table ? "as_chart" : "as_table")}
        </button>
      </figcaption>
      {table ? <AsTable {...props} /> : <Drawing {...props} />}
      {!table && shape === "columns" && series.length > 1 && (
        <p className="note chart-key" aria-hidden>
          <span className="swatch swatch-now" /> {series[0]} <span className="swatch" /> {series[1]}
        </p>
      )}
    </figure>
  );
}

function Drawing({ title, points, series, shape = "columns", compares = false }: ChartProps) {
  const { ref, width } = useElementSize();
  const [over, setOver] = useState<number | null>(null);
  const navigate = useNavigate();
  const href = useHref();
  const frame = framed(points, width, shape);
  const seen = over === null ? undefined : points[over];
  const follow = (at: number) => {
    const to = points[at]?.to;
    if (to) void navigate(href(to));
  };
  const keys = (event: KeyboardEvent) => {
    const last = points.length - 1;
    const from = over ?? frame.latest;
    const steps: Record<string, number> = { ArrowLeft: over === null ? from : from - 1, ArrowRight: over === null ? from : from + 1, Home: 0, End: last };
    const next = steps[event.key];
    if (next !== undefined) setOver(Math.min(last, Math.max(0, next)));
    else if (event.key === "Enter" && over !== null) follow(over);
    else if (event.key === "Escape" && over !== null) setOver(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = over ?? frame.latest;
  return (
    <div className="chart-area" ref={ref}>
      <div
        className="chart-plot"
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points.length - 1)}
        aria-valuenow={at}
        aria-valuetext={points[at] ? spoken(points[at], series, compares) : t("no_data")}
        onKeyDown={keys}
        onBlur={() => setOver(null)}
      >
        <svg viewBox={`0 0 ${frame.wide} ${HEIGHT}`} aria-hidden onMouseLeave={() => setOver(null)}>
          {frame.ticks.map((value) => (
            <g key={value}>
              <line x1={PAD.left} x2={frame.right} y1={frame.y(value)} y2={frame.y(value)} stroke="var(--border)" />
              <text x={PAD.left - 6} y={frame.y(value) + 4} textAnchor="end">{number(value)}</text>
            </g>
          ))}
          {points.map((one, place) => place % frame.every === frame.latest % frame.every && (
            <text key={one.full} x={frame.x(place)} y={frame.floor + 18} textAnchor="middle">{one.label}</text>
          ))}
          {points.map((one, place) => one.running && (
            <text key={one.full} x={Math.min(frame.x(place), frame.wide - (t("running").length * LETTER) / 2)} y={frame.floor + 34} textAnchor="middle">{t("running")}</text>
          ))}
          {over !== null && <rect x={frame.x(over) - frame.slot / 2} y={PAD.top} width={frame.slot} height={frame.floor - PAD.top} fill="var(--hover)" />}
          {shape === "lines" ? <Lines points={points} series={series} frame={frame} names={ends(points, series, frame)} /> : <Columns points={points} frame={frame} />}
          {frame.empty && <text x={frame.wide / 2} y={HEIGHT / 2} textAnchor="middle">{t("no_data")}</text>}
          {points.map((one, place) => (
            // The keyboard's way is the slider's.
            <rect key={one.full} data-point={one.label} className={one.to ? "chart-link" : ""} x={frame.x(place) - frame.slot / 2} y={PAD.top} width={frame.slot} height={HEIGHT - PAD.top}
              fill="transparent" onMouseEnter={() => setOver(place)} onClick={() => follow(place)} />
          ))}
        </svg>
      </div>
      {seen && over !== null && <Tip point={seen} series={series} compares={compares} left={(frame.x(over) / frame.wide) * 100} />}
    </div>
  );
}

/** The full date, the figures, the difference. */
function Tip({ point, series, compares, left }: { point: ChartPoint; series: string[]; compares: boolean; left: number }) {
  const side = left > 50 ? { right: `${100 - left}%` } : { left: `${left}%` };
  return (
    <div className="chart-tip" style={side} aria-hidden>
      <strong>{point.full}</strong>
      {point.running && <span className="note"> {t("running")}</span>}
      {told(point, series, compares).map(([name, value]) => (
        <div key={name} className="chart-tip-line">
          <span>{name}</span>
          <span className="tnum">{value}</span>
        </div>
      ))}
    </div>
  );
}

function spoken(point: ChartPoint, series: string[], compares: boolean): string {
  const lines = told(point, series, compares).map(([name, value]) => `${name} ${value}`);
  return [point.running ? `${point.full} (${t("running")})` : point.full, ...lines].join(", ");
}

/** Where everything goes. One unit is one pixel: texts keep their 12 px. */
function framed(points: ChartPoint[], measured: number, shape: ChartProps["shape"]): Frame {
  const wide = Math.max(260, Math.round(measured) || 560);
  const most = Math.max(1, ...points.flatMap((one) => one.values.map((value) => value ?? 0)));
  const step = tick(most);
  const top = Math.ceil(most / step) * step;
  const right = wide - PAD.right - (shape === "lines" ? NAMES : 0);
  const slot = (right - PAD.left) / Math.max(1, points.length);
  const floor = HEIGHT - PAD.bottom;
  const longest = Math.max(0, ...points.map((one) => one.label.length));
  const measuredAt = points.map((one, at) => (one.values.some((value, kind) => value !== null && (kind === 0 || shape === "lines")) ? at : -1));
  return {
    wide, right, slot, floor, top: PAD.top,
    y: (value) => floor - (value / top) * (floor - PAD.top),
    x: (at) => PAD.left + slot * at + slot / 2,
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, one) => one * step),
    every: Math.max(1, Math.ceil((longest * LETTER + 6) / slot)),
    latest: Math.max(0, ...measuredAt),
    empty: points.every((one) => one.values.every((value) => !value)),
  };
}

/** The heights of the names at the end of the lines. */
function ends(points: ChartPoint[], series: string[], frame: Frame): number[] {
  return spread(series.map((_, kind) => frame.y(points[frame.latest]?.values[kind] ?? 0)), 14);
}

function AsTable({ title, points, series, compares = false, each }: ChartProps) {
  return (
    // Focusable, for the keyboard to scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="mini-scroll" tabIndex={0} role="region" aria-label={title}>
      <table className="mini">
        <thead>
          <tr>
            <th scope="col">{each ?? t("day")}</th>
            {series.map((name) => <th key={name} scope="col" className="right">{name}</th>)}
            {compares && <th scope="col" className="right">{t("difference")}</th>}
          </tr>
        </thead>
        <tbody>
          {points.map((one) => (
            <tr key={one.full}>
              <td>
                {one.to ? <Link to={one.to}>{one.full}</Link> : one.full}
                {one.running && <span className="note"> {t("running")}</span>}
              </td>
              {series.map((name, kind) => <td key={name} className="right">{figure(one, kind)}</td>)}
              {compares && <td className="right">{told(one, series, true).find(([name]) => name === t("difference"))?.[1] ?? "–"}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
