/** File d'envoi: what waits and what went wrong, channel by channel, and what a person does about it. */
import { useLive } from "@/api/hooks";
import type { Query, Schema } from "@/api/types";
import { dateTime } from "@/lib/format";
import { DataTable, useRowKeys, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FigureTile } from "@/ui/Figure";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { useListState, type ListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { messageKind, messageState, optionsOf, textOf, type MessageState } from "@/words/states";
import { ChannelsCard } from "./ChannelsCard";
import { HoldBanner, HoldButton } from "./Hold";
import { MessagePanel } from "./MessagePanel";
import { age, channelName, rowName } from "./names";
import { Suppressed } from "./Suppressed";
import { t } from "./words";

type Message = Schema<"RowLine">;
type Outbox = Schema<"RowList">;
type Asked = Query<"get", "/api/outbox">;
const NAMES = ["state", "channel", "kind", "client_id"] as const;
const COUNTED: MessageState[] = ["uncertain", "dead", "failed", "pending", "leased"];

export default function OutboxPage() {
  const state = useListState(NAMES);
  const { filters } = state;
  const outbox = useLive("/api/outbox", {
    query: {
      ...state.paging,
      state: filters.state?.[0] as Asked["state"],
      channel: filters.channel?.[0],
      kind: filters.kind?.[0],
      client_id: filters.client_id?.[0],
    },
  });
  const { data } = outbox;
  const keys = useRowKeys(data?.rows, state);
  return (
    <Page title={t("title")} intro={t("intro")} actions={data && !data.hold.held && <HoldButton />}>
      {data?.hold.held && <HoldBanner hold={data.hold} />}
      {data && <Counts data={data} />}
      {data && <ChannelsCard channels={data.channels} />}
      <Suppressed />
      <FilterBar state={state} filters={filterList(data)} />
      <div className={state.fiche ? "with-panel" : ""}>
        <DataTable<Message>
          name="outbox"
          label={t("title")}
          reading={outbox}
          rows={data?.rows}
          rowId={(one) => one.id}
          rowName={rowName}
          columns={columns(state)}
          state={state}
          live
          nothing={<NothingYet>{t("nothing")}</NothingYet>}
        />
        {state.fiche && <MessagePanel key={state.fiche} id={state.fiche} held={data?.hold.held ?? false} {...keys} open={state.openFiche} />}
      </div>
    </Page>
  );
}

function Counts({ data }: { data: Outbox }) {
  return (
    <div className="figures" role="group" aria-label={t("counts")}>
      {COUNTED.map((one) => (
        <FigureTile
          key={one}
          label={textOf(messageState, one)}
          value={data.counts[one] ?? 0}
          to={`/admin/outbox?state=${one}`}
          {...(one === "pending" && data.oldest_waiting_s !== null ? { third: t("oldest", { age: age(data.oldest_waiting_s) }) } : {})}
        />
      ))}
    </div>
  );
}

function filterList(data: Outbox | undefined): Filter[] {
  const channels = (data?.channels ?? []).map((one) => ({ value: one.channel, label: channelName(one.channel) }));
  return [
    { name: "state", label: t("state"), options: optionsOf(messageState), single: true },
    { name: "channel", label: t("channel"), options: channels, shown: channelName, single: true },
    { name: "kind", label: t("kind"), options: optionsOf(messageKind), single: true },
    { name: "client_id", label: t("client_filter"), named: "client", hidden: true },
  ];
}

function columns(state: ListState): Column<Message>[] {
  return [
    {
      key: "to",
      label: t("to"),
      card: "title",
      render: (one) => (
        <button type="button" className="link" onClick={() => state.openFiche(one.id)}>
          {rowName(one)}
        </button>
      ),
    },
    { key: "state", label: t("state"), card: "pill", render: (one) => <Pill of={messageState} value={one.state} /> },
    { key: "kind", label: t("kind"), render: (one) => textOf(messageKind, one.kind) },
    { key: "channel", label: t("channel"), card: "fact", render: (one) => channelName(one.channel) },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "created", label: t("created"), card: "fact", render: (one) => dateTime(one.created_at) },
    { key: "sent", label: t("sent"), render: (one) => dateTime(one.sent_at) },
    { key: "next", label: t("next"), render: (one) => (one.state === "pending" ? dateTime(one.next_at) : "–") },
    { key: "tries", label: t("tries"), align: "right", render: (one) => one.n },
    { key: "error", label: t("error"), render: (one) => one.last_error || "–" },
  ];
}
