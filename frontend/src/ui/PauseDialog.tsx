/** A pause, with its end when it is known: « jusqu'au … ». The day it resumes by itself, at 00:05. */
import { useState, type ReactNode } from "react";
import { AskDialog } from "./AskDialog";
import { t } from "./words";

export function PauseDialog({ title, body, action, today, close, pause }: {
  title: string; body: ReactNode; action: string;
  /** `AAAA-MM-JJ`, in Paris. */
  today: string;
  close: () => void;
  /** Null: until somebody opens it again. */
  pause: (until: string | null) => Promise<unknown>;
}) {
  const [until, setUntil] = useState("");
  const wrong = until && until <= today ? t("day_to_come") : undefined;
  return (
    <AskDialog title={title} action={action} danger close={close} wrong={wrong} save={() => pause(until || null)}>
      {(fields) => (
        <>
          <p>{body}</p>
          <label className="stack-tight">
            <span>{t("until")} {t("optional")}</span>
            <input type="date" className="date-input" value={until} min={today} onChange={(event) => setUntil(event.target.value)} />
            <span className="note">{t("until_help")}</span>
          </label>
          {fields.paused_until && <p className="refusal" role="alert">{fields.paused_until}</p>}
        </>
      )}
    </AskDialog>
  );
}
