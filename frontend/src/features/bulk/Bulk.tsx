/** One decision on the rows chosen in a list: what it would do is counted by the server, then a task does it. */
import { Checkbox, Modal, Select, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "@/api/client";
import type { Schema } from "@/api/types";
import { useScope } from "@/app/scope";
import { useCan } from "@/app/session";
import { number } from "@/lib/format";
import { french } from "@/lib/typography";
import { Button } from "@/ui/Button";
import type { Selection } from "@/ui/DataTable";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import type { ListState } from "@/ui/listState";
import { t as ui } from "@/ui/words";
import { reasonOf, rejection, REJECTIONS, REMOVALS } from "@/words/reasons";
import { watch } from "../tasks/watched";
import { t } from "./words";

type Answer = Schema<"BulkAnswer">;
type Key = "send" | "copy" | "reject" | "remove" | "clients_on" | "clients_off" | "commandes_on" | "commandes_off" | "close";
interface Action {
  path: string;
  permission: string;
  danger?: true;
  reasons?: readonly string[];
}
const ACTIONS: Record<Key, Action> = {
  send: { path: "/api/deliveries/bulk/send", permission: "deliveries.resend" },
  copy: { path: "/api/deliveries/bulk/copy", permission: "deliveries.resend" },
  reject: { path: "/api/deliveries/bulk/reject", permission: "deliveries.outcome", danger: true, reasons: REJECTIONS },
  remove: { path: "/api/deliveries/bulk/remove", permission: "deliveries.outcome", danger: true, reasons: REMOVALS },
  clients_on: { path: "/api/clients/bulk/activate", permission: "clients.edit" },
  clients_off: { path: "/api/clients/bulk/pause", permission: "clients.edit", danger: true },
  commandes_on: { path: "/api/commandes/bulk/activate", permission: "commandes.activate_pause" },
  commandes_off: { path: "/api/commandes/bulk/pause", permission: "commandes.activate_pause", danger: true },
  close: { path: "/api/billing/week/{week_key}/bulk/close", permission: "billing.close" },
};

/** The rows chosen, forgotten when the list is asked something else. */
export function useChosen(state: ListState, period?: string) {
  const asked = JSON.stringify([state.filters, state.search, period]);
  const [chosen, setChosen] = useState<{ asked: string; all: boolean; ids: ReadonlySet<string> }>({ asked, all: false, ids: new Set() });
  const now = chosen.asked === asked ? chosen : { asked, all: false, ids: new Set<string>() };
  return {
    ids: now.ids,
    set: (ids: ReadonlySet<string>) => setChosen((before) => ({ asked, all: before.asked === asked && before.all, ids })),
    all: { on: now.all, set: (all: boolean) => setChosen((before) => ({ ...before, asked, all })) },
  };
}

interface Props {
  selection: Omit<Selection, "actions">;
  /** The list's own parameters: all the results are theirs. */
  query: object;
  keys: readonly Key[];
  path?: Record<string, string>;
}

/** The buttons of the selection bar that this person may use. */
export function BulkActions({ keys, ...rest }: Props) {
  const can = useCan();
  const [open, setOpen] = useState<Key>();
  return (
    <>
      {keys
        .filter((one) => can(ACTIONS[one].permission))
        .map((one) => (
          <Button key={one} onClick={() => setOpen(one)}>
            {t(one)}
          </Button>
        ))}
      {open && <BulkDialog action={open} close={() => setOpen(undefined)} {...rest} />}
    </>
  );
}

function BulkDialog({ action, selection, query, path, close }: Omit<Props, "keys"> & { action: Key; close: () => void }) {
  const { danger, reasons } = ACTIONS[action];
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [issue, setIssue] = useState(false);
  const [missing, setMissing] = useState(false);
  const ask = useAsked(action, selection, query, path, { ...(reasons ? { reason, reason_detail: note } : {}), ...(action === "close" ? { issue } : {}) });
  const go = async () => {
    if (reasons && !reason) return setMissing(true);
    if (!(await ask.go())) return;
    selection.all?.set(false);
    selection.set(new Set());
    close();
  };
  const doing = ask.preview?.doing ?? 0;
  return (
    <Modal opened onClose={close} title={t(`${action}_title`)} centered closeButtonProps={{ "aria-label": ui("close") }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <p>{t(`${action}_body`)}</p>
        {ask.preview ? <Preview action={action} answer={ask.preview} /> : !ask.error && <p className="muted" role="status">{t("counting")}</p>}
        {reasons && (
          <>
            <Select
              label={ui("reason")}
              data={reasons.map((value) => ({ value, label: reasonOf(rejection, value) }))}
              value={reason || null}
              onChange={(value) => setReason(value ?? "")}
              error={missing && !reason ? ui("reason_needed") : undefined}
              comboboxProps={{ withinPortal: true }}
            />
            <Textarea label={t("detail")} value={note} onChange={(event) => setNote(event.currentTarget.value)} autosize minRows={2} />
          </>
        )}
        {action === "close" && <Checkbox label={t("issue_too")} checked={issue} onChange={(event) => setIssue(event.currentTarget.checked)} />}
        {ask.error !== undefined && <ErrorBlock error={ask.error} />}
        <div className="dialog-actions">
          <Button onClick={close}>{ui("cancel")}</Button>
          <Button kind={danger ? "danger" : "primary"} type="submit" busy={ask.busy} refusal={ask.preview && !doing ? t("nothing") : undefined}>
            {t(`${action}_action`, { n: number(doing), count: doing })}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The preview, then the real thing, with the same rows. */
function useAsked(action: Key, selection: Props["selection"], query: object, path: Props["path"], more: { issue?: boolean; reason?: string; reason_detail?: string }) {
  const { scope, entity } = useScope();
  const client = useQueryClient();
  const [preview, setPreview] = useState<Answer>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const ids = [...selection.ids];
  const picked = selection.all?.on ? { all: true, except_ids: ids } : { ids };
  const asked = { path, query: { ...query, ...(entity ? { entity } : {}) }, scope, body: { ...picked, ...more } };
  const send = (only: boolean) =>
    call("post", ACTIONS[action].path as "/api/deliveries/bulk/send", { ...asked, body: { ...asked.body, preview: only } } as never) as Promise<Answer>;
  const { issue } = more;
  useEffect(() => {
    let left = false;
    send(true).then((told) => !left && setPreview(told), (refused: unknown) => !left && setError(refused));
    return () => {
      left = true;
    };
    // Counted once when the dialog opens, and again when what it does changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [issue]);
  const go = async () => {
    setBusy(true);
    try {
      const told = await send(false);
      if (told.task) watch(told.task.id);
      void client.invalidateQueries({ queryKey: ["/api/tasks"] });
      return true;
    } catch (refused) {
      setError(refused);
      setBusy(false);
      return false;
    }
  };
  return { preview, error, busy, go };
}

function Preview({ action, answer }: { action: Key; answer: Answer }) {
  return (
    <>
      <ul className="counts">
        {answer.entities.map((one) => (
          <li key={one.entity}>
            <EntityBadge code={one.entity} />
            <span>{[one.doing || !one.ignored.length ? t(`${action}_doing`, { n: number(one.doing), count: one.doing }) : "", ...one.ignored.map(ignored)].filter(Boolean).join(", ")}</span>
          </li>
        ))}
      </ul>
      {answer.reserved_leads > 0 && <p>{t("reserved", { n: number(answer.reserved_leads), count: answer.reserved_leads })}</p>}
    </>
  );
}

function ignored(one: Schema<"IgnoredCount">): string {
  const why = french(one.detail).replace(/\.$/, "");
  return t("ignored", { n: number(one.count), count: one.count, reason: why.charAt(0).toLowerCase() + why.slice(1) });
}
