/** It had left before the hold: when, and how one knows. The week that is billed is that of this time. */
import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { parisInstant } from "@/lib/weeks";
import { AskDialog } from "@/ui/AskDialog";
import { toast } from "@/ui/toasts";
import { TOUCHED } from "./ChannelsCard";
import { rowName } from "./names";
import { t } from "./words";

export function MarkDialog({ message, close }: { message: Schema<"RowDetail">; close: () => void }) {
  const mark = useWrite("post", "/api/outbox/{row_id}/mark-sent", TOUCHED);
  const [at, setAt] = useState("");
  const [note, setNote] = useState("");
  const save = async () => {
    await mark.mutateAsync({ path: { row_id: message.id }, body: { note: note.trim(), sent_at: parisInstant(at) } });
    toast.done(t("marked"));
  };
  return (
    <AskDialog title={t("mark_title", { to: rowName(message) })} action={t("mark_action")} danger close={close} save={save} wrong={at && note.trim() ? undefined : t("mark_needed")}>
      {(fields) => (
        <>
          <p>{t("mark_body")}</p>
          <TextInput type="datetime-local" label={t("mark_at")} value={at} onChange={(event) => setAt(event.currentTarget.value)} error={fields.sent_at} data-autofocus />
          <Textarea label={t("mark_note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} autosize minRows={2} error={fields.note} />
        </>
      )}
    </AskDialog>
  );
}
