/** Each channel, why it is stopped when it is, and how to stop, open or relaunch it. */
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { dateTime, time } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm, type Asked } from "@/ui/confirm";
import { EntityBadge } from "@/ui/EntityBadge";
import { Card } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { toast } from "@/ui/toasts";
import { channelState } from "@/words/states";
import { channelName } from "./names";
import { t } from "./words";

type Channel = Schema<"ChannelLine">;
export const TOUCHED = ["/api/outbox", "/api/cockpit", "/api/me", "/api/deliveries", "/api/batches", "/api/system"];

export function ChannelsCard({ channels }: { channels: Channel[] }) {
  return (
    <Card title={t("channels")} note={t("channels_note")}>
      <ul className="todo">
        {channels.map((one) => (
          <li key={one.channel}>
            <Pill of={channelState} value={one.state} />
            {one.entity && <EntityBadge code={one.entity} />}
            <span className="grow">
              <strong>{channelName(one.channel)}</strong>
              <span className="note"> {[t("waiting", { count: one.pending }), ...why(one)].join(" · ")}</span>
            </span>
            <ChannelActions channel={one} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function why(one: Channel): string[] {
  if (one.state === "active") return [];
  const when = one.until ? t("until", { at: time(one.until, true) }) : one.changed_at ? t("since", { at: dateTime(one.changed_at) }) : "";
  return [one.reason, when].filter(Boolean);
}

function ChannelActions({ channel: one }: { channel: Channel }) {
  const can = useCan();
  const pause = useWrite("post", "/api/outbox/channels/{channel}/pause", TOUCHED);
  const resume = useWrite("post", "/api/outbox/channels/{channel}/resume", TOUCHED);
  const requeue = useWrite("post", "/api/outbox/channels/{channel}/requeue", TOUCHED);
  if (!can("outbox.manage")) return null;
  const path = { channel: one.channel };
  const said = (verb: "pause" | "resume" | "requeue_all", more: Partial<Asked> = {}) =>
    confirm({ title: t(`${verb}_title`, { channel: channelName(one.channel) }), body: t(`${verb}_body`), action: t(`${verb}_action`), ...more });
  const attempt = async (work: () => Promise<string | null>) => {
    try {
      const text = await work();
      if (text) toast.done(text);
    } catch (error) {
      toast.failed(error);
    }
  };
  const stop = () =>
    attempt(async () => {
      const answer = await said("pause", { danger: true, note: t("pause_reason"), noteNeeded: true });
      if (!answer) return null;
      await pause.mutateAsync({ path, body: { reason: answer.note.trim() } });
      return t("paused");
    });
  const open = () => attempt(async () => ((await said("resume")) ? (await resume.mutateAsync({ path }), t("resumed")) : null));
  const relaunch = () =>
    attempt(async () => {
      if (!(await said("requeue_all"))) return null;
      const { requeued, refused } = await requeue.mutateAsync({ path });
      return t("requeued_all", { done: requeued, refused });
    });
  return (
    <span className="inline">
      <Button kind="quiet" busy={requeue.isPending} onClick={() => void relaunch()}>
        {t("requeue_all")}
      </Button>
      {one.state === "active" ? (
        <Button busy={pause.isPending} onClick={() => void stop()}>
          {t("pause")}
        </Button>
      ) : (
        <Button busy={resume.isPending} onClick={() => void open()}>
          {t("resume")}
        </Button>
      )}
    </span>
  );
}
