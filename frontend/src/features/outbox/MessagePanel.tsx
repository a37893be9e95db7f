import type { ReactNode } from "react";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { dateTime } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Facts, Timeline } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { SidePanel } from "@/ui/SidePanel";
import { Lines } from "@/ui/Skeletons";
import { messageKind, messageState, textOf } from "@/words/states";
import { attemptMoments } from "@/features/receipts/attempts";
import { MessageActions } from "./MessageActions";
import { channelName, rowName } from "./names";
import { t } from "./words";

type Message = Schema<"RowDetail">;

export function MessagePanel({ id, held, ...keys }: {
  id: string; held: boolean; previous: string | undefined; next: string | undefined; open: (id: string | undefined) => void;
}) {
  const read = useRead("/api/outbox/{row_id}", { path: { row_id: id } });
  const message = read.data;
  return (
    <SidePanel title={message ? rowName(message) : t("title")} {...keys}>
      {message ? (
        <div className="stack">
          <span className="inline">
            <Pill of={messageState} value={message.state} />
            <EntityBadge code={message.entity} />
          </span>
          <MessageActions message={message} held={held} open={keys.open} />
          <Facts rows={facts(message)} />
          {message.batch_id && <ButtonLink to={`/admin/batches/${message.batch_id}`}>{t("batch")}</ButtonLink>}
          <h3>{t("attempts")}</h3>
          {message.attempts.length ? <Timeline moments={attemptMoments(message.attempts)} shown={dateTime} /> : <p className="muted">{t("no_attempt")}</p>}
        </div>
      ) : read.error ? (
        <ErrorBlock error={read.error} retry={() => void read.refetch()} />
      ) : (
        <Lines count={8} />
      )}
    </SidePanel>
  );
}

function facts(one: Message): [string, ReactNode][] {
  const rows: [string, ReactNode][] = [
    [t("kind"), textOf(messageKind, one.kind)],
    [t("channel"), channelName(one.channel)],
    [t("created"), dateTime(one.created_at)],
    [t("sent"), dateTime(one.sent_at)],
  ];
  if (one.subject) rows.push([t("subject"), one.subject]);
  if (one.filename) rows.push([t("file"), one.filename]);
  if (one.state === "pending") rows.push([t("next"), dateTime(one.next_at)]);
  if (one.deadline_at) rows.push([t("deadline"), dateTime(one.deadline_at)]);
  if (one.answer) rows.push([t("answer"), one.answer]);
  if (one.last_error) rows.push([t("error"), one.last_error]);
  if (one.message_id) rows.push([t("message_id"), one.message_id]);
  return rows;
}
