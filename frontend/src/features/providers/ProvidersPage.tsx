/** Lead suppliers: their key is shown once, when made or replaced. */
import { useState } from "react";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { date, number } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { DataTable, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar } from "@/ui/FilterBar";
import { Link } from "@/ui/Link";
import { useListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { toast } from "@/ui/toasts";
import { CreateProvider, EditProvider, KeyOnce } from "./dialogs";
import { t } from "./words";

export type Provider = Schema<"ProviderView">;
export interface Key {
  name: string;
  secret: string;
}
const NAMES = ["actif"] as const;
const TOUCHES = ["/api/providers"];

export default function ProvidersPage() {
  const state = useListState(NAMES);
  const [open, setOpen] = useState<"create" | Provider | null>(null);
  const [key, setKey] = useState<Key>();
  const chosen = state.filters.actif;
  const active = chosen?.length === 1 ? chosen[0] === "oui" : undefined;
  const providers = useRead("/api/providers", { query: { ...state.paging, active } });
  const create = <Button kind="primary" onClick={() => setOpen("create")}>{t("create")}</Button>;
  return (
    <Page title={t("title")} intro={t("intro")} actions={create}>
      <FilterBar state={state} filters={[{ name: "actif", label: t("shown"), options: [{ value: "oui", label: t("only_active") }, { value: "non", label: t("only_paused") }] }]} />
      <DataTable<Provider>
        name="providers"
        label={t("title")}
        reading={providers}
        rows={providers.data?.providers}
        rowId={(one) => one.id}
        rowName={(one) => one.name}
        columns={columns(setOpen, setKey)}
        state={state}
        nothing={<NothingYet action={create}>{t("nothing")}</NothingYet>}
      />
      {open === "create" && <CreateProvider onClose={() => setOpen(null)} onKey={setKey} />}
      {open !== null && open !== "create" && <EditProvider provider={open} onClose={() => setOpen(null)} />}
      {key && <KeyOnce {...key} onClose={() => setKey(undefined)} />}
    </Page>
  );
}

function columns(edit: (one: Provider) => void, onKey: (key: Key) => void): Column<Provider>[] {
  return [
    { key: "name", label: t("name"), card: "title", render: (one) => <Link to={`/admin/providers/${one.id}`}>{one.name}</Link> },
    { key: "status", label: t("status"), card: "pill", render: (one) => <State provider={one} /> },
    { key: "slug", label: t("slug"), render: (one) => one.slug },
    { key: "entity", label: t("entity"), card: "fact", render: (one) => <EntityBadge code={one.entity} /> },
    { key: "leads", label: t("leads"), align: "right", card: "fact", render: (one) => <Link to={`/admin/leads?provider_id=${one.id}`} title={t("see_leads")}>{number(one.total_leads)}</Link> },
    { key: "key", label: t("key"), render: (one) => t("key_prefix", { prefix: one.api_key_prefix }) },
    { key: "rotated", label: t("rotated"), render: (one) => date(one.key_rotated_at) },
    { key: "actions", label: t("actions"), card: "fact", render: (one) => <Actions provider={one} edit={edit} onKey={onKey} /> },
  ];
}

export function State({ provider }: { provider: Provider }) {
  if (!provider.active) return <TonePill tone="warning">{t("paused")}</TonePill>;
  return provider.test_mode ? <TonePill tone="info">{t("test")}</TonePill> : <TonePill tone="success">{t("active")}</TonePill>;
}

function Actions({ provider, edit, onKey }: { provider: Provider; edit: (one: Provider) => void; onKey: (key: Key) => void }) {
  const change = useWrite("put", "/api/providers/{provider_id}", TOUCHES);
  const rotate = useWrite("post", "/api/providers/{provider_id}/rotate-key", TOUCHES);
  const { name, active } = provider;
  const path = { provider_id: provider.id };
  const toggle = async () => {
    const kind = active ? "pause" : "resume";
    if (!(await confirm({ title: t(`${kind}_title`, { name }), body: t(`${kind}_body`), action: t(kind), danger: active }))) return;
    try {
      await change.mutateAsync({ path, body: { active: !active } });
      const back = () => void change.mutateAsync({ path, body: { active } }).catch(toast.failed);
      toast.done(t(active ? "paused_done" : "resumed_done"), { label: t("undo"), act: back });
    } catch (error) {
      toast.failed(error);
    }
  };
  const replace = async () => {
    if (!(await confirm({ title: t("rotate_title", { name }), body: t("rotate_body"), action: t("rotate"), danger: true }))) return;
    try {
      const { api_key } = await rotate.mutateAsync({ path });
      onKey({ name, secret: api_key });
      toast.done(t("rotated_done"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <span className="inline">
      <Button kind="quiet" onClick={() => edit(provider)}>{t("edit")}</Button>
      <Button kind="quiet" busy={change.isPending} onClick={() => void toggle()}>{t(active ? "pause" : "resume")}</Button>
      <Button kind="quiet" busy={rotate.isPending} onClick={() => void replace()}>{t("rotate")}</Button>
    </span>
  );
}
