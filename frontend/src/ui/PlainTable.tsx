import type { ReactNode } from "react";
import { PhoneCard, type Column } from "./DataTable";

/** A table that comes whole, without pages: the rows of a week, the lines of an invoice. Cards under 640 px. */
export function PlainTable<R>({ label, rows, rowId, columns, nothing, chosen }: {
  label: string;
  rows: R[];
  rowId: (row: R) => string;
  columns: Column<R>[];
  nothing: ReactNode;
  /** The row shown in the side panel. */
  chosen?: string | undefined;
}) {
  if (!rows.length) return <>{nothing}</>;
  return (
    <div className="table-block">
      {/* Focusable, for the keyboard to scroll it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="table-scroll table-whole" tabIndex={0} role="region" aria-label={label}>
        <table className="table">
          <thead>
            <tr>
              {columns.map((one) => (
                <th key={one.key} scope="col" className={one.align === "right" ? "right" : ""} title={one.tip}>
                  {one.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowId(row)} data-row={rowId(row)} aria-selected={chosen === rowId(row) || undefined}>
                {columns.map((one) => (
                  <td key={one.key} className={one.align === "right" ? "right" : ""}>
                    <div className="cell">{one.render(row)}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="cards" aria-label={label}>
        {rows.map((row) => (
          <PhoneCard key={rowId(row)} row={row} columns={columns} />
        ))}
      </ul>
    </div>
  );
}
