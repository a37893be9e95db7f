/** `const said = await confirm({ title, body, action, tone, reasons })`: null when the person changed their mind. */
import { Modal, Select, Textarea } from "@mantine/core";
import { useState, useSyncExternalStore, type ReactNode } from "react";
import { Button } from "./Button";
import { t } from "./words";

export interface Asked {
  /** A question that names the object: « Rejeter la livraison de Camille Fournier ? ». */
  title: string;
  /** The effect, in a sentence. */
  body: ReactNode;
  /** Repeats the verb: « Rejeter la livraison ». */
  action: string;
  danger?: boolean;
  /** A reason to choose, when the trade needs one. */
  reasons?: { value: string; label: string }[];
  /** A free text, under what name. */
  note?: string;
  /** The text may not stay empty. */
  noteNeeded?: true;
}
export interface Said {
  reason: string;
  note: string;
}

let current: { asked: Asked; answer: (said: Said | null) => void } | null = null;
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((one) => one());

export function confirm(asked: Asked): Promise<Said | null> {
  return new Promise((resolve) => {
    current = {
      asked,
      answer: (said) => {
        current = null;
        tell();
        resolve(said);
      },
    };
    tell();
  });
}

/** Mounted once, by the frame. */
export function ConfirmHost() {
  const open = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => current,
  );
  return open ? <Dialog key={open.asked.title} {...open} /> : null;
}

function Dialog({ asked, answer }: NonNullable<typeof current>) {
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState(false);
  const bare = !asked.reasons && !asked.note;
  const go = () => {
    if ((asked.reasons && !reason) || (asked.noteNeeded && !note.trim())) return setMissing(true);
    answer({ reason, note });
  };
  return (
    <Modal opened onClose={() => answer(null)} title={asked.title} centered closeButtonProps={{ "aria-label": t("close") }}>
      {/* Entrée on a reason already chosen answers, where the list would open again. */}
      <form
        className="stack"
        onKeyDownCapture={(event) => {
          const closed = (event.target as HTMLElement).getAttribute("aria-expanded") === "false";
          if (event.key !== "Enter" || !closed || !reason) return;
          event.preventDefault();
          event.stopPropagation();
          go();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        {typeof asked.body === "string" ? <p>{asked.body}</p> : asked.body}
        {asked.reasons && (
          <Select
            label={t("reason")}
            data={asked.reasons}
            value={reason || null}
            onChange={(value) => setReason(value ?? "")}
            error={missing && !reason ? t("reason_needed") : undefined}
            data-autofocus
            comboboxProps={{ withinPortal: true }}
          />
        )}
        {asked.note && (
          <Textarea
            label={asked.note}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            error={missing && asked.noteNeeded && !note.trim() ? t("needed") : undefined}
            autosize
            minRows={2}
          />
        )}
        <div className="dialog-actions">
          <Button data-autofocus={asked.danger && bare ? true : undefined} onClick={() => answer(null)}>
            {t("cancel")}
          </Button>
          <Button data-autofocus={!asked.danger && bare ? true : undefined} kind={asked.danger ? "danger" : "primary"} type="submit">
            {asked.action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
