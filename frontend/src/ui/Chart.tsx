/** A chart (design.md 15, 16): drawn by code of its own, read once a page shows one. */
import { lazy, Suspense } from "react";
import type { ChartProps } from "./charting";

const Drawn = lazy(() => import("./ChartDrawn"));

export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<div className="chart-wait skeleton" />}>
      <Drawn {...props} />
    </Suspense>
  );
}
