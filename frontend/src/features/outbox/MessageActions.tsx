/** What a person may do to one message: only what its state allows is offered. */
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { time } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm, type Asked, type Said } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { TOUCHED } from "./ChannelsCard";
import { MarkDialog } from "./MarkDialog";
import { rowName } from "./names";
import { t } from "./words";

type Message = Schema<"RowDetail">;
type Verb = "requeue" | "cancel" | "correct" | "resolve" | "mark";
type Confirmed = Exclude<Verb, "mark">;
const VERDICTS = ["sent", "failed", "resend"] as const;

/** Which actions a state allows (backend/outbox/desk.py). */
export function allowed(message: Pick<Message, "state" | "channel">, held: boolean): Verb[] {
  const inside = message.channel === "tasks";
  const resting = ["pending", "failed", "dead"].includes(message.state);
  const verbs: Verb[] = [];
  if (message.state === "uncertain") verbs.push("resolve");
  if (["failed", "dead", "cancelled"].includes(message.state)) verbs.push("requeue");
  if (resting && message.channel.startsWith("smtp:")) verbs.push("correct");
  if (held && message.state === "pending" && !inside) verbs.push("mark");
  if (resting && !inside) verbs.push("cancel");
  return verbs;
}

export function MessageActions({ message, held, open }: { message: Message; held: boolean; open: (id: string | undefined) => void }) {
  const can = useCan();
  const requeue = useWrite("post", "/api/outbox/{row_id}/requeue", TOUCHED);
  const cancel = useWrite("post", "/api/outbox/{row_id}/cancel", TOUCHED);
  const correct = useWrite("post", "/api/outbox/{row_id}/correct-recipient", TOUCHED);
  const resolve = useWrite("post", "/api/outbox/{row_id}/resolve", TOUCHED);
  const [marking, setMarking] = useState(false);
  if (!can("outbox.manage")) return null;
  const path = { row_id: message.id };
  const busy = [requeue, cancel, correct, resolve].some((one) => one.isPending);
  const does: Record<Confirmed, { asked: Partial<Asked>; done: string; work: (said: Said) => Promise<unknown> }> = {
    requeue: { asked: {}, done: t("requeued"), work: () => requeue.mutateAsync({ path }) },
    cancel: {
      asked: { danger: true, note: t("cancel_reason") },
      done: t("cancelled"),
      work: ({ note }) => cancel.mutateAsync({ path, ...(note.trim() ? { body: { reason: note.trim() } } : {}) }),
    },
    correct: {
      asked: { note: t("correct_note"), noteNeeded: true },
      done: t("corrected"),
      work: async ({ note }) => open((await correct.mutateAsync({ path, body: { to: note.trim() } })).row_id),
    },
    resolve: {
      asked: { reasons: VERDICTS.map((value) => ({ value, label: t(`verdict_${value}`) })), note: t("resolve_note") },
      done: t("resolved"),
      work: ({ reason, note }) => resolve.mutateAsync({ path, body: { verdict: reason as (typeof VERDICTS)[number], note: note.trim() } }),
    },
  };
  const act = async (verb: Confirmed) => {
    const { asked, done, work } = does[verb];
    const said = await confirm({ title: t(`${verb}_title`, { to: rowName(message) }), body: t(`${verb}_body`), action: t(`${verb}_action`), ...asked });
    if (!said) return;
    try {
      await work(said);
      toast.done(done);
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <div className="stack">
      <div className="inline">
        {allowed(message, held).map((verb) => (
          <Button key={verb} busy={busy} onClick={() => (verb === "mark" ? setMarking(true) : void act(verb))}>
            {t(verb)}
          </Button>
        ))}
      </div>
      {marking && <MarkDialog message={message} close={() => setMarking(false)} />}
      {message.state === "uncertain" && message.resend_from && <p className="note">{t("resend_from", { at: time(message.resend_from, true) })}</p>}
    </div>
  );
}
