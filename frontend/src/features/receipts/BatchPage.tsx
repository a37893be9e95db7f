/** One lot: its manifest, the hash of its file, what each server answered, and the acknowledgement. */
import type { ReactNode } from "react";
import { useParams } from "react-router";
import { address } from "@/api/client";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useOpened } from "@/app/opened";
import { date, dateTime, number } from "@/lib/format";
import { Button, ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card, Facts, Page, Timeline } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { acknowledgement, deliveryStatus, messageState, type MessageState } from "@/words/states";
import { SendCopy } from "@/features/deliveries/SendCopy";
import { attemptMoments } from "./attempts";
import { t } from "./words";

type Receipt = Schema<"Receipt">;

export default function BatchPage() {
  const { id = "" } = useParams();
  const receipt = useRead("/api/batches/{batch_id}", { path: { batch_id: id } });
  if (receipt.data) return <Shown receipt={receipt.data} />;
  return (
    <Page title={t("title")} narrow="record">
      {receipt.error ? <ErrorBlock error={receipt.error} retry={() => void receipt.refetch()} /> : <Lines count={10} />}
    </Page>
  );
}

function Shown({ receipt }: { receipt: Receipt }) {
  const { batch } = receipt;
  useOpened("batch", t("heading", { client: batch.client_name }));
  return (
    <Page
      title={t("heading", { client: batch.client_name })}
      narrow="record"
      intro={
        <span className="inline">
          <Pill of={deliveryStatus} value={batch.status} />
          <Pill of={acknowledgement} value={batch.acknowledgement} />
          <EntityBadge code={batch.entity} />
          {batch.simulated && <TonePill tone="warning">{t("simulated")}</TonePill>}
        </span>
      }
      actions={
        <>
          <ButtonLink to={`/admin/deliveries?client_id=${batch.client_id}&commande_id=${batch.commande_id}`}>{t("deliveries")}</ButtonLink>
          {batch.status === "sent" && batch.delivery_ids[0] && <SendCopy deliveryId={batch.delivery_ids[0]} client={batch.client_name} />}
          {batch.csv_filename && (
            <a className="btn btn-primary" href={address(`/api/batches/${encodeURIComponent(batch.id)}/download`)} download={batch.csv_filename}>
              {t("download")}
            </a>
          )}
        </>
      }
    >
      <div className="columns">
        <Card title={t("sendings")} note={t("sendings_note")}>
          {receipt.sendings.length ? (
            <div className="stack">
              {receipt.sendings.map((one) => (
                <SendingBlock key={one.id} sending={one} />
              ))}
            </div>
          ) : (
            <p className="muted">{t("none_sent")}</p>
          )}
        </Card>
        <div className="stack">
          <Card title={t("manifest")}>
            <Facts rows={manifest(batch)} />
          </Card>
          <Card title={t("ack")}>
            <p>{acknowledgedText(receipt)}</p>
          </Card>
        </div>
      </div>
    </Page>
  );
}

function manifest(batch: Schema<"Manifest">): [string, ReactNode][] {
  return [
    [t("client"), batch.client_name],
    [t("produit"), batch.produit],
    [t("leads"), number(batch.lead_count)],
    [t("lb"), number(batch.lb_count)],
    [t("day"), date(batch.day)],
    [t("created"), dateTime(batch.created_at)],
    [t("handed"), batch.handed_over_at ? dateTime(batch.handed_over_at) : t("not_handed")],
    [t("to"), batch.recipients.join(", ")],
    [t("proof"), t(batch.proof === "api" ? "proof_api" : "proof_email")],
    [t("simulated"), t(batch.simulated ? "simulated_yes" : "no")],
    [t("file"), batch.csv_filename],
    [t("hash"), batch.csv_sha256 && <Hash key="hash" value={batch.csv_sha256} />],
  ];
}

function Hash({ value }: { value: string }) {
  const copy = () => void navigator.clipboard.writeText(value).then(() => toast.done(t("hash_copied")));
  return (
    <>
      <code>{value}</code>
      <Button kind="quiet" onClick={copy}>
        {t("copy_hash")}
      </Button>
    </>
  );
}

function acknowledgedText({ batch, acknowledged }: Receipt): string {
  if (acknowledged) return t("ack_at", { at: dateTime(acknowledged.at), ip: acknowledged.ip });
  return t(batch.acknowledgement === "none" ? "ack_none" : "ack_waiting");
}

function SendingBlock({ sending }: { sending: Schema<"Sending"> }) {
  return (
    <section className="stack" aria-label={sending.to}>
      <h3 className="inline">
        {sending.to}
        <Pill of={messageState} value={sending.state as MessageState} />
        {sending.kind === "email_copy" && <TonePill tone="neutral">{t("copy")}</TonePill>}
        {sending.replaced_by && <TonePill tone="neutral">{t("replaced")}</TonePill>}
      </h3>
      <Facts
        rows={[
          [t("sent"), dateTime(sending.sent_at)],
          [t("answer"), sending.answer],
          [t("message_id"), sending.message_id],
          ...(sending.last_error ? ([[t("last_error"), sending.last_error]] as [string, ReactNode][]) : []),
        ]}
      />
      {sending.attempts.length > 0 && <Timeline moments={attemptMoments(sending.attempts)} shown={dateTime} />}
    </section>
  );
}
