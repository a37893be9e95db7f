/** Closing a week, of one client or of all: the server answers client by client, and each refusal is told with what may be done. */
import { Checkbox, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { money } from "@/lib/format";
import { french } from "@/lib/typography";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { AskDialog } from "@/ui/AskDialog";
import { toast } from "@/ui/toasts";
import { t as ui } from "@/ui/words";
import { forceable, type ClientRow } from "./rules";
import { t } from "./words";

export const TOUCHES = ["/api/billing", "/api/invoices", "/api/clients", "/api/cockpit", "/api/me"];

/** The week, and its client; all of them without one. */
export interface Closing {
  week: string;
  client?: Pick<ClientRow, "client_id" | "client_name">;
}
type Answer = Schema<"CloseAnswer">;
type Refused = Schema<"ClosedClient">;

export function CloseDialog({ week, client, done }: Closing & { done: () => void }) {
  const close = useWrite("post", "/api/billing/week/{week_key}/close", TOUCHES);
  const [issue, setIssue] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const [forcing, setForcing] = useState<Refused>();
  const go = async () => {
    try {
      const told = await close.mutateAsync({ path: { week_key: week }, body: { client_id: client?.client_id ?? null, issue, force: false, reason: "" } });
      if (told.refused) setAnswer(told);
      else {
        toast.done(told.closed ? t("closed", { count: told.closed }) : t("done_nothing"));
        done();
      }
    } catch {
      // shown below
    }
  };
  if (forcing) return <ForceDialog week={week} client={forcing} issue={issue} done={done} />;
  const title = client ? t("close_title", { client: client.client_name }) : t("close_all_title");
  return (
    <Modal opened onClose={done} title={title} centered closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="stack">
        {answer ? (
          <Told answer={answer} force={setForcing} />
        ) : (
          <>
            <p>{t("close_body")}</p>
            <Checkbox label={t("close_and_issue")} checked={issue} onChange={(event) => setIssue(event.currentTarget.checked)} />
          </>
        )}
        {close.error && <ErrorBlock error={close.error} />}
        <div className="dialog-actions">
          <Button onClick={done}>{answer ? ui("close") : ui("cancel")}</Button>
          {!answer && (
            <Button kind="primary" busy={close.isPending} onClick={() => void go()}>
              {t("close_action")}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  );
}

function Told({ answer, force }: { answer: Answer; force: (client: Refused) => void }) {
  return (
    <>
      {answer.closed > 0 && <p>{t("closed", { count: answer.closed })}</p>}
      <h2>{t("refused")}</h2>
      <ul className="plain" role="alert">
        {answer.clients
          .filter((one) => one.refused)
          .map((one) => (
            <li key={one.client_id}>
              <span className="grow">
                <strong>{one.client_name}</strong> {french(one.refused)}
              </span>
              {forceable(one.code) && <Button onClick={() => force(one)}>{t("force")}</Button>}
            </li>
          ))}
      </ul>
    </>
  );
}

function ForceDialog({ week, client, issue, done }: { week: string; client: Refused; issue: boolean; done: () => void }) {
  const close = useWrite("post", "/api/billing/week/{week_key}/close", TOUCHES);
  const [reason, setReason] = useState("");
  const save = async () => {
    const told = await close.mutateAsync({ path: { week_key: week }, body: { client_id: client.client_id, issue, force: true, reason } });
    toast.done(t("closed", { count: told.closed }));
  };
  return (
    <AskDialog
      title={t("force_title", { client: client.client_name })}
      action={t("close_action")}
      danger
      close={done}
      save={save}
      wrong={reason.trim() ? undefined : t("reason_needed")}
    >
      {() => (
        <>
          <p>{french(client.refused)}</p>
          <p>{t("force_body")}</p>
          <Textarea label={t("reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} data-autofocus />
        </>
      )}
    </AskDialog>
  );
}

/** Issue the draft of a client's week: the number is taken when the server says so. */
export function useIssue() {
  const issue = useWrite("post", "/api/invoices/{invoice_id}/issue", TOUCHES);
  const ask = async (row: ClientRow) => {
    const said = await confirm({
      title: t("issue_title", { client: row.client_name }),
      body: t("issue_body", { ttc: money(row.ttc) }),
      action: t("issue_action"),
    });
    if (!said || !row.invoice_id) return;
    try {
      const told = await issue.mutateAsync({ path: { invoice_id: row.invoice_id } });
      toast.done(t("issued", { number: told.invoice.invoice_number ?? "" }));
    } catch (error) {
      toast.failed(error);
    }
  };
  return { issue: ask, busy: issue.isPending };
}
