/** The attempts of a message, in words: used by the lot and by the outbox. */
import type { Schema } from "@/api/types";
import { number } from "@/lib/format";
import type { Moment } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { attemptOutcome } from "@/words/states";
import { t } from "./words";

export function attemptMoments(attempts: Schema<"Attempt">[]): Moment[] {
  return attempts.map((one) => ({
    id: `${one.n}-${one.at}`,
    at: one.at,
    title: (
      <span className="inline">
        {t("attempt", { n: one.n })}
        <Pill of={attemptOutcome} value={one.outcome} />
      </span>
    ),
    detail: `${[one.code, one.text].filter(Boolean).join(" ")} · ${t("took", { s: number(one.duration_ms / 1000, 1) })}`,
  }));
}
