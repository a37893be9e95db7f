/** « Qui a changé quoi »: the last events of an object, read when it is asked for. */
import { useState } from "react";
import { useRead } from "@/api/hooks";
import { useCan } from "@/app/session";
import { dateTime } from "@/lib/format";
import { Button } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Link } from "@/ui/Link";
import { Card, Timeline } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { actions, eventWord } from "@/words/events";
import { changesOf, sentenceOf, t } from "./changes";
import { detailOf, whoOf } from "./events";

const SHOWN = 20;

/** `kind`: only what was done to the object itself, not to what refers to it. */
export function History({ id, kind }: { id: string; kind?: string }) {
  const can = useCan();
  const [open, setOpen] = useState(false);
  const read = useRead("/api/event-log", { query: { entity_id: id, limit: SHOWN, ...(kind ? { entity_type: kind } : {}) }, enabled: open });
  if (!can("activity.view")) return null;
  return (
    <Card title={t("title")}>
      {!open && <Button onClick={() => setOpen(true)}>{t("open")}</Button>}
      {open && read.error && <ErrorBlock error={read.error} retry={() => void read.refetch()} />}
      {open && !read.data && !read.error && <Lines count={4} />}
      {read.data?.events.length === 0 && <p className="muted">{t("nothing")}</p>}
      {!!read.data?.events.length && (
        <div className="stack">
          <Timeline
            shown={dateTime}
            moments={read.data.events.map((one) => ({
              id: one.id,
              at: one.created_at,
              title: `${eventWord(actions, one.action)} · ${whoOf(one.user ?? "system")}`,
              detail: [...changesOf(one.details).map(sentenceOf), detailOf({ ...one, user: one.user ?? "system" })].filter(Boolean).map((line) => <div key={line}>{line}</div>),
            }))}
          />
          <Link to={`/admin/activity?entity_id=${encodeURIComponent(id)}${kind ? `&entity_type=${kind}` : ""}`}>{t("all")}</Link>
        </div>
      )}
    </Card>
  );
}
