/** « Relances »: what was asked of a client, newest first, with what became of each message. */
import { useState, type ReactNode } from "react";
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { dateTime, money } from "@/lib/format";
import { Button } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { messageState, reminderLevel, textOf } from "@/words/states";
import { t } from "./words";

type Reminder = Schema<"Reminder">;
const SHOWN = 50;

/** Of a client, or of an invoice; `asked`: read only when it is opened. */
export function Reminders({ clientId, invoiceId, asked = false, actions }: { clientId?: string; invoiceId?: string; asked?: boolean; actions?: ReactNode }) {
  const [open, setOpen] = useState(!asked);
  const read = useRead("/api/reminders", { query: { client_id: clientId, invoice_id: invoiceId, limit: SHOWN }, enabled: open });
  const rows = read.data?.reminders;
  return (
    <Card title={t("title")} note={read.data && read.data.total > SHOWN ? t("more", { n: SHOWN, total: read.data.total }) : undefined} actions={actions}>
      {!open && <Button onClick={() => setOpen(true)}>{t("show")}</Button>}
      {open && read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {open && !rows && !read.error && <Lines count={4} />}
      {rows?.length === 0 && <p className="muted">{t("none")}</p>}
      {!!rows?.length && (
        <ul className="plain">
          {rows.map((one) => (
            <Line key={one.id} one={one} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Line({ one }: { one: Reminder }) {
  return (
    <li>
      <div className="grow stack">
        <span className="inline">
          <strong>{textOf(reminderLevel, one.level)}</strong>
          <Pill of={messageState} value={one.state} />
          {one.simulated && <TonePill tone="neutral">{t("copy")}</TonePill>}
        </span>
        <span className="note">{`${dateTime(one.sent_at ?? one.created_at)} · ${one.to} · ${one.created_by}`}</span>
        {one.error && one.state !== "sent" && <span className="refusal">{one.error}</span>}
        <span className="inline">
          {one.invoices.map((each) => (
            <Link key={each.invoice_id} to={`/admin/invoices/${each.invoice_id}`}>{each.invoice_number}</Link>
          ))}
        </span>
        <details>
          <summary>{t("read")}</summary>
          <pre className="letter">{`${one.subject}\n\n${one.text}`}</pre>
        </details>
      </div>
      <strong>{money(one.total_due)}</strong>
    </li>
  );
}
