import { number } from "@/lib/format";
import { delta } from "@/lib/format";
import { Link } from "./Link";

/** A figure that leads to exactly the rows it counts; the change is text, its arrow says direction only (design.md 14). */
export function FigureTile({ label, tip, value, before, compared, third, to }: {
  label: string; /** What it counts. */ tip?: string; value: number; before?: number | null | undefined; compared?: string; third?: string; to: string;
}) {
  return (
    <Link to={to} className="figure" title={tip}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{number(value)}</span>
      {before !== null && before !== undefined && (
        <span className="note">
          {value === before ? "" : value > before ? "▲ " : "▼ "}
          {delta(value, before)} {compared}
        </span>
      )}
      {third && <span className="note">{third}</span>}
    </Link>
  );
}

/** An amount or a count that leads nowhere: what it is, and one line under it. */
export function Stat({ label, tip, value, note }: { label: string; tip?: string; value: string; note?: string }) {
  return (
    <div className="figure figure-still" title={tip}>
      <span className="figure-label">{label}</span>
      <span className="figure-value">{value}</span>
      {note && <span className="note">{note}</span>}
    </div>
  );
}

/** How far: a bar with its words, never the bar alone. */
export function Progress({ label, value, of }: { label: string; value: number; of: number }) {
  const share = of > 0 ? Math.min(1, value / of) : 0;
  return (
    <div className="progress" role="img" aria-label={`${label} ${number(value)} / ${number(of)}`}>
      <span style={{ width: `${share * 100}%` }} />
    </div>
  );
}
