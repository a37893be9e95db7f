/** The reminder as it will leave: read, rewritten if need be, then put in line. */
import { Checkbox, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { dateTime, money, time } from "@/lib/format";
import { AskDialog } from "@/ui/AskDialog";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { t as ui } from "@/ui/words";
import { optionsOf, reminderLevel } from "@/words/states";
import { t } from "./words";

type Draft = Schema<"ReminderDraft">;
type Level = Draft["level"];
const TOUCHES = ["/api/reminders", "/api/invoices", "/api/event-log", "/api/me"];

/** `invoiceId`: that invoice only; else all that the client owes past its day. */
export default function RemindDialog({ clientId, clientName, invoiceId = "", close }: { clientId: string; clientName: string; invoiceId?: string; close: () => void }) {
  const [level, setLevel] = useState<Level>();
  const read = useRead("/api/reminders/draft", { query: { client_id: clientId, invoice_id: invoiceId, level } });
  const title = t("dialog", { client: clientName });
  if (read.data) return <Form key={read.data.level} draft={read.data} invoiceId={invoiceId} level={level ?? read.data.level} choose={setLevel} reload={read.refetch} title={title} close={close} />;
  return (
    <Modal opened onClose={close} title={title} centered size="lg" closeButtonProps={{ "aria-label": ui("close") }}>
      {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={10} />}
    </Modal>
  );
}

function Form({ draft, invoiceId, level, choose, reload, title, close }: {
  draft: Draft; invoiceId: string; level: Level; choose: (level: Level) => void; reload: () => Promise<unknown>; title: string; close: () => void;
}) {
  const send = useWrite("post", "/api/reminders", TOUCHES);
  const [to, setTo] = useState(draft.to);
  const [subject, setSubject] = useState(draft.subject);
  const [message, setMessage] = useState(draft.message);
  const [again, setAgain] = useState(false);
  const save = async () => {
    const body = { client_id: draft.client_id, invoice_id: invoiceId, level: draft.level, to, subject, message, expected_total: draft.total_due, again };
    try {
      const told = await send.mutateAsync({ body });
      toast.done(t("sent", { to: told.reminder.to }));
    } catch (refused) {
      void reload(); // what changed meanwhile is shown beside the refusal
      throw refused;
    }
  };
  return (
    <AskDialog title={title} action={t("action")} size="lg" close={close} save={save} wrong={wrong(draft, level, { to, subject, message, again })}>
      {(fields) => (
        <>
          {draft.simulation && <p className="note">{t("simulation", { to: draft.simulation })}</p>}
          <Select label={t("to")} data={draft.addresses} value={to} onChange={(value) => value && setTo(value)} allowDeselect={false} error={fields.to} />
          <Select
            label={t("level")}
            description={`${draft.last ? t("last", { at: dateTime(draft.last.at), who: draft.last.by }) : t("first")} ${level === draft.suggested ? t("suggested") : ""}`}
            data={optionsOf(reminderLevel)}
            value={level}
            onChange={(value) => value && choose(value as Level)}
            allowDeselect={false}
          />
          <TextInput label={t("subject")} value={subject} onChange={(event) => setSubject(event.currentTarget.value)} error={fields.subject} />
          <Textarea label={t("message")} value={message} onChange={(event) => setMessage(event.currentTarget.value)} autosize minRows={5} maxRows={12} error={fields.message} />
          <div>
            <div className="note">{t("follows")}</div>
            <pre className="letter">{draft.tail}</pre>
          </div>
          <p className="note">{t("attached", { count: draft.attached, total: money(draft.total_due) })}</p>
          {draft.today && (
            <Checkbox
              label={t("again")}
              description={t("again_why", { at: time(draft.today.at), who: draft.today.by })}
              checked={again}
              onChange={(event) => setAgain(event.currentTarget.checked)}
            />
          )}
        </>
      )}
    </AskDialog>
  );
}

function wrong(draft: Draft, level: Level, given: { to: string; subject: string; message: string; again: boolean }): string | undefined {
  if (level !== draft.level) return t("preparing");
  if (!given.to) return t("no_address");
  if (!given.subject.trim() || !given.message.trim()) return t("words_needed");
  return draft.today && !given.again ? t("again_needed") : undefined;
}
