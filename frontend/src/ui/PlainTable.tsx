import type { ReactNode } from "react";
import { HeadCell, PageCheck, PhoneCard, RowCheck, SelectionBar, type Column, type Selection } from "./DataTable";
import type { ListState } from "./listState";

/** A table that comes whole, without pages: the rows of a week, the lines of an invoice. Cards under 640 px. */
export function PlainTable<R>({ label, rows, rowId, columns, nothing, chosen, state, selection, rowName }: {
  label: string;
  rows: R[];
  rowId: (row: R) => string;
  columns: Column<R>[];
  nothing: ReactNode;
  /** The row shown in the side panel. */
  chosen?: string | undefined;
  /** The order asked for, in the address; the page sorts the rows. */
  state?: Pick<ListState, "sort" | "setSort">;
  selection?: Selection;
  rowName?: (row: R) => string;
}) {
  if (!rows.length) return <>{nothing}</>;
  const check = (row: R) => selection && <RowCheck selection={selection} id={rowId(row)} name={rowName?.(row) ?? ""} />;
  return (
    <div className="table-block">
      {selection && (selection.ids.size > 0 || selection.all?.on) && <SelectionBar selection={selection} total={rows.length} />}
      {/* Focusable, for the keyboard to scroll it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="table-scroll table-whole" tabIndex={0} role="region" aria-label={label}>
        <table className="table">
          <thead>
            <tr>
              {selection && (
                <th className="col-check">
                  <PageCheck selection={selection} ids={rows.map(rowId)} />
                </th>
              )}
              {columns.map((one) => (
                <HeadCell key={one.key} column={one} state={state} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowId(row)} data-row={rowId(row)} aria-selected={chosen === rowId(row) || undefined}>
                {selection && <td className="col-check">{check(row)}</td>}
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
          <PhoneCard key={rowId(row)} row={row} columns={columns}>
            {check(row)}
          </PhoneCard>
        ))}
      </ul>
    </div>
  );
}
