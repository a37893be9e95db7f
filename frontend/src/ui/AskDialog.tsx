/** A dialog of up to four fields (design.md 18): one call, its refusal shown here, closed once the server said yes. */
import { Modal } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { ApiError } from "@/api/errors";
import { Button } from "./Button";
import { ErrorBlock } from "./ErrorBlock";
import { t } from "./words";

export function AskDialog({ title, action, danger, size, close, save, wrong, children }: {
  /** A question or a verb with its object. */
  title: string;
  /** Repeats the verb. */
  action: string;
  danger?: boolean;
  /** Wider, for a text to be read. */
  size?: "lg";
  close: () => void;
  save: () => Promise<unknown>;
  /** What is missing before asking the server. */
  wrong?: string | undefined;
  /** Told the sentences of the fields that the server refused. */
  children: (fields: Record<string, string>) => ReactNode;
}) {
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setAsked(true);
    if (wrong) return;
    setBusy(true);
    try {
      await save();
      close();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={close} title={title} centered {...(size ? { size } : {})} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        {children(error instanceof ApiError ? error.fields : {})}
        {asked && wrong && <p className="refusal" role="alert">{wrong}</p>}
        {error !== undefined && <ErrorBlock error={error} />}
        <div className="dialog-actions">
          <Button onClick={close}>{t("cancel")}</Button>
          <Button kind={danger ? "danger" : "primary"} type="submit" busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
