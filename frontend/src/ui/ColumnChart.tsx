/** Now as solid columns, before as outlines (design.md 15, 16). Plain SVG: no library, no animation. */
import { useElementSize } from "@mantine/hooks";
import { useId, useState } from "react";
import { useNavigate } from "react-router";
import { useHref } from "@/app/scope";
import { number } from "@/lib/format";
import { t } from "./words";

export interface ColumnPoint {
  label: string;
  full: string;
  /** Null: not measured, or not begun. */
  value: number | null;
  before?: number | undefined;
  /** Still running: hatched. */
  running?: boolean;
  to?: string;
}

const HEIGHT = 176;
const PAD = { left: 36, right: 8, top: 20, bottom: 24 };

export function ColumnChart({ title, points, nowLabel, beforeLabel }: { title: string; points: ColumnPoint[]; nowLabel: string; beforeLabel: string }) {
  const [table, setTable] = useState(false);
  return (
    <figure className="chart">
      <figcaption>
        <span className="grow">{title}</span>
        <button type="button" className="btn btn-quiet" onClick={() => setTable(!table)}>
          {t(table ? "as_chart" : "as_table")}
        </button>
      </figcaption>
      {table ? <AsTable points={points} nowLabel={nowLabel} beforeLabel={beforeLabel} /> : <Drawn title={title} points={points} nowLabel={nowLabel} beforeLabel={beforeLabel} />}
    </figure>
  );
}

/** Some charts have nothing to compare with. */
function compared(points: ColumnPoint[]): boolean {
  return points.some((one) => one.before !== undefined);
}

function Drawn({ title, points, nowLabel, beforeLabel }: { title: string; points: ColumnPoint[]; nowLabel: string; beforeLabel: string }) {
  const hatch = useId();
  const { ref, width: measured } = useElementSize();
  const wide = Math.max(280, Math.round(measured) || 560); // one unit is one pixel: texts keep their 12 px
  const [over, setOver] = useState<number | null>(null);
  const navigate = useNavigate();
  const href = useHref();
  const most = Math.max(1, ...points.flatMap((one) => [one.value ?? 0, one.before ?? 0]));
  const step = tick(most);
  const top = Math.ceil(most / step) * step;
  const y = (value: number) => HEIGHT - PAD.bottom - (value / top) * (HEIGHT - PAD.top - PAD.bottom);
  const slot = (wide - PAD.left - PAD.right) / Math.max(1, points.length);
  const width = Math.min(28, slot / 2.6);
  const empty = points.every((one) => !one.value && !one.before);
  const seen = over === null ? undefined : points[over];
  return (
    <div className="chart-area" ref={ref}>
      <svg viewBox={`0 0 ${wide} ${HEIGHT}`} role="img" aria-label={`${title}. ${points.map((one) => `${one.full} ${number(one.value)}`).join(", ")}`}>
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="6" fill="var(--c1)" />
        </pattern>
        {Array.from({ length: Math.round(top / step) + 1 }, (_, one) => one * step).map((value) => (
          <g key={value}>
            <line x1={PAD.left} x2={wide - PAD.right} y1={y(value)} y2={y(value)} stroke="var(--border)" />
            <text x={PAD.left - 6} y={y(value) + 4} textAnchor="end">{number(value)}</text>
          </g>
        ))}
        {points.map((one, at) => {
          const x = PAD.left + slot * at + slot / 2;
          return (
            // The keyboard's way to the same figures is « Voir en tableau ».
            <g key={one.label} onMouseEnter={() => setOver(at)} onMouseLeave={() => setOver(null)} onClick={() => one.to && void navigate(href(one.to))} className={one.to ? "chart-link" : ""}>
              <rect x={x - slot / 2} y={PAD.top} width={slot} height={HEIGHT - PAD.top} fill="transparent" />
              {one.before !== undefined && <rect x={x - width} y={y(one.before)} width={width} height={y(0) - y(one.before)} fill="none" stroke="var(--c4)" />}
              {one.value !== null && <rect x={x} y={y(one.value)} width={width} height={y(0) - y(one.value)} fill={one.running ? `url(#${hatch})` : "var(--c1)"} stroke="var(--c1)" />}
              {!!one.value && <text x={x + width / 2} y={y(one.value) - 4} textAnchor="middle" className="chart-value">{number(one.value)}</text>}
              <text x={x} y={HEIGHT - 6} textAnchor="middle">{one.label}</text>
            </g>
          );
        })}
        {empty && <text x={wide / 2} y={HEIGHT / 2} textAnchor="middle">{t("no_data")}</text>}
      </svg>
      <p className="note" aria-hidden>
        {seen
          ? `${seen.full}\u202F: ${number(seen.value)}${seen.running ? ` (${t("running")})` : ""}${seen.before === undefined ? "" : `, ${beforeLabel} ${number(seen.before)}`}`
          : compared(points) ? `■ ${nowLabel}   □ ${beforeLabel}` : `■ ${nowLabel}`}
      </p>
    </div>
  );
}

function AsTable({ points, nowLabel, beforeLabel }: { points: ColumnPoint[]; nowLabel: string; beforeLabel: string }) {
  return (
    <table className="mini">
      <thead>
        <tr>
          <th>{t("day")}</th>
          <th className="right">{nowLabel}</th>
          {compared(points) && <th className="right">{beforeLabel}</th>}
        </tr>
      </thead>
      <tbody>
        {points.map((one) => (
          <tr key={one.label}>
            <td>{one.full}</td>
            <td className="right">{number(one.value)}</td>
            {compared(points) && <td className="right">{number(one.before)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A round step that gives three or four ticks. */
function tick(most: number): number {
  const raw = most / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? 10 * power;
  return Math.max(1, step);
}
