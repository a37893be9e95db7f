/** How fresh what is on screen is: read by itself every 15 s, or said to be old with the way to read it again. */
import type { Reading } from "@/api/hooks";
import { time } from "@/lib/format";
import { Button } from "./Button";
import { t } from "./words";

export function LiveMark({ reading }: { reading: Pick<Reading<unknown>, "dataUpdatedAt" | "isError" | "refetch"> }) {
  if (!reading.dataUpdatedAt) return null;
  const at = new Date(reading.dataUpdatedAt);
  if (!reading.isError) return <span className="note">{`● ${t("live", { at: time(at, true) })}`}</span>;
  return (
    <span className="note inline" role="status">
      {`○ ${t("stale", { at: time(at) })}`}
      <Button kind="quiet" onClick={() => void reading.refetch()}>
        {t("refresh")}
      </Button>
    </span>
  );
}
