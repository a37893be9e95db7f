import { useState } from "react";
import { useRead } from "@/api/hooks";
import { dateTime } from "@/lib/format";
import { Button } from "@/ui/Button";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card, Timeline } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import type { Detail } from "./ClientPage";
import { t } from "./words";

const KNOWN = ["crm_update", "note_added", "client_created", "client_updated", "client_deleted", "client_push_changed",
  "client_push_tested", "client_push_disabled", "client_auto_send_change"] as const;
const STEP = 50;
const MOST = 500;

export function ActivityTab({ client }: { client: Detail }) {
  const [limit, setLimit] = useState(STEP);
  const read = useRead("/api/clients/{client_id}/activity", { path: { client_id: client.id }, query: { limit } });
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Lines count={8} />;
  const { activities, total } = read.data;
  return (
    <Card title={t("tab_activity")} note={total > activities.length ? t("latest", { shown: activities.length, total }) : undefined}>
      {activities.length === 0 && <NothingYet>{t("activity_none")}</NothingYet>}
      <Timeline
        shown={dateTime}
        moments={activities.map((one) => ({
          id: one.id,
          at: one.created_at,
          title: title(one.action),
          detail: [typeof one.details.text === "string" ? one.details.text : "", t("by", { who: one.user })].filter(Boolean).join(" · "),
        }))}
      />
      {total > activities.length && limit < MOST && <Button onClick={() => setLimit(limit + STEP)}>{t("more")}</Button>}
    </Card>
  );
}

function title(action: string): string {
  const known = KNOWN.find((one) => one === action);
  return t(known ? `act_${known}` : "act_change");
}
