/** What people do to one lead (backend/handling): a note, set aside, look for a buyer, take out of the trade. */
import { Textarea } from "@mantine/core";
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { AskDialog } from "@/ui/AskDialog";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { fullName } from "./name";
import { t } from "./words";

type Lead = Schema<"LeadDetail">;
const TOUCHED = ["/api/leads", "/api/deliveries", "/api/cockpit", "/api/me"];
const WAITING: readonly Lead["status"][] = ["new", "no_open_orders", "duplicate", "hold_source", "hold_consent", "pending_config"];

export function LeadActions({ lead }: { lead: Lead }) {
  const can = useCan();
  const [noting, setNoting] = useState(false);
  return (
    <>
      {can("leads.add_note") && <Button onClick={() => setNoting(true)}>{t("note")}</Button>}
      <Reroute lead={lead} />
      <SetAside lead={lead} />
      <Withdraw lead={lead} />
      {noting && <NoteDialog lead={lead} close={() => setNoting(false)} />}
    </>
  );
}

function NoteDialog({ lead, close }: { lead: Lead; close: () => void }) {
  const add = useWrite("post", "/api/leads/{lead_id}/notes", ["/api/leads"]);
  const [text, setText] = useState("");
  const save = async () => {
    await add.mutateAsync({ path: { lead_id: lead.id }, body: { text } });
    toast.done(t("note_done"));
  };
  return (
    <AskDialog title={t("note_title", { name: fullName(lead) })} action={t("note_action")} close={close} save={save} wrong={text.trim() ? undefined : t("note_needed")}>
      {(fields) => <Textarea label={t("note_text")} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={3} error={fields.text} data-autofocus />}
    </AskDialog>
  );
}

async function attempt(work: () => Promise<unknown>, done: string): Promise<void> {
  try {
    await work();
    toast.done(done);
  } catch (error) {
    toast.failed(error);
  }
}

function Reroute({ lead }: { lead: Lead }) {
  const can = useCan();
  const write = useWrite("post", "/api/leads/{lead_id}/reroute", TOUCHED);
  if (!can("leads.reroute") || !WAITING.includes(lead.status)) return null;
  const go = () => attempt(() => write.mutateAsync({ path: { lead_id: lead.id } }), t("reroute_done"));
  return (
    <Button busy={write.isPending} onClick={() => void go()}>
      {t("reroute")}
    </Button>
  );
}

function SetAside({ lead }: { lead: Lead }) {
  const can = useCan();
  const write = useWrite("put", "/api/leads/{lead_id}/status", TOUCHED);
  if (!can("leads.edit_status") || !(lead.status === "lb" || WAITING.includes(lead.status))) return null;
  const go = async () => {
    const said = await confirm({
      title: t("set_aside_title", { name: fullName(lead) }), body: t("set_aside_body"), action: t("set_aside_action"), danger: true, note: t("why"), noteNeeded: true,
    });
    if (!said) return;
    const body = { status: "invalid", reason: said.note.trim() } as const;
    await attempt(() => write.mutateAsync({ path: { lead_id: lead.id }, body }), t("set_aside_done"));
  };
  return (
    <Button busy={write.isPending} onClick={() => void go()}>
      {t("set_aside")}
    </Button>
  );
}

function Withdraw({ lead }: { lead: Lead }) {
  const can = useCan();
  const write = useWrite("delete", "/api/leads/{lead_id}", TOUCHED);
  if (!can("leads.delete")) return null;
  const go = async () => {
    const said = await confirm({
      title: t("withdraw_title", { name: fullName(lead) }), body: t("withdraw_body"), action: t("withdraw_action"), danger: true, note: t("why"), noteNeeded: true,
    });
    if (!said) return;
    await attempt(() => write.mutateAsync({ path: { lead_id: lead.id }, body: { reason: said.note.trim() } }), t("withdraw_done"));
  };
  return (
    <Button busy={write.isPending} refusal={lead.status === "livre" ? t("withdraw_sold") : undefined} onClick={() => void go()}>
      {t("withdraw")}
    </Button>
  );
}
