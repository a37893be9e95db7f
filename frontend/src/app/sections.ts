/** What the palette offers for a text, in its order: what was opened, what can be done, where one can go, what was found. */
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import { useNavigate } from "react-router";
import { useRead } from "@/api/hooks";
import { keep } from "@/ui/kept";
import type { Tone } from "@/words/states";
import { pageActions, type Action } from "./actions";
import { listOf, recordOf, stateOf, type Kind } from "./hits";
import { matches } from "./matching";
import { opened, t as nav } from "./navigation";
import { recentsOf, type RecentKind } from "./recents";
import { useHref, useScope } from "./scope";
import { useCan, useLogOut, useSession } from "./session";
import { t } from "./words";

export interface Choice {
  key: string;
  label: string;
  detail?: string;
  entity?: string | null;
  state?: { tone: Tone; text: string } | null;
  refusal?: string | undefined;
  /** Where it leads, or what it does. */
  to?: string;
  run?: () => void;
}
export interface Section {
  key: string;
  title: string;
  choices: Choice[];
}

const WAIT_MS = 250;
const SHORTEST = 2;
const RECENTS = 5;
const KINDS: Record<RecentKind, Parameters<typeof t>[0]> = {
  lead: "kind_lead",
  delivery: "kind_delivery",
  client: "kind_client",
  commande: "kind_commande",
  invoice: "kind_invoice",
  user: "kind_user",
  batch: "kind_batch",
};
const LISTS: Record<Kind, Parameters<typeof nav>[0]> = {
  lead: "leads",
  delivery: "deliveries",
  client: "clients",
  commande: "commandes",
  invoice: "invoices",
  user: "users",
};

export function useSections(text: string, showShortcuts: () => void): { sections: Section[]; pending: boolean; error: Error | null; retry: () => void } {
  const can = useCan();
  const { user } = useSession();
  const general = useGeneralActions(showShortcuts);
  const { groups, pending, error, retry } = useGroups(text);
  const sections = useMemo(() => {
    const actions = [...pageActions(), ...general].filter((one) => can(one.permission) && matches(`${one.label} ${one.words ?? ""}`, text));
    const pages = [...opened(can).flatMap((one) => one.entries), ACCOUNT].filter((one) => matches(nav(one.key), text));
    const recents = text ? [] : recentsOf(user.id).slice(0, RECENTS);
    const all: Section[] = [
      { key: "recents", title: t("recents"), choices: recents.map((one, at) => ({ key: `recent-${at}`, label: one.title, detail: t(KINDS[one.kind]), to: one.to })) },
      { key: "pages", title: t("pages"), choices: pages.map((one) => ({ key: `page-${one.key}`, label: nav(one.key), to: one.to })) },
      { key: "actions", title: t("actions"), choices: actions.map(ofAction) },
      ...groups,
    ];
    // Nothing typed: what can be done on this page before the pages, which the menu shows already.
    if (!text) all.splice(1, 2, ...all.slice(1, 3).reverse());
    return all.filter((one) => one.choices.length > 0);
  }, [can, general, groups, text, user.id]);
  return { sections, pending, error, retry };
}

const ACCOUNT = { key: "account", to: "/admin/account" } as const;

function ofAction(one: Action): Choice {
  return { key: `do-${one.key}`, label: one.label, run: one.run, refusal: one.refusal };
}

/** What the server found for exactly this text: an answer to an older one is never offered. */
function useGroups(text: string) {
  const [asked] = useDebouncedValue(text, WAIT_MS);
  const wanted = text.length >= SHORTEST;
  const read = useRead("/api/search", { query: { q: asked }, enabled: wanted && asked.length >= SHORTEST });
  const answered = asked === text && !read.isPlaceholderData;
  const data = wanted && answered ? read.data : undefined;
  const groups = useMemo(() => (data?.groups ?? []).map((group) => ofGroup(group, text)), [data, text]);
  const failed = wanted && answered ? read.error : null;
  return { groups, pending: wanted && !data && !failed, error: failed, retry: () => void read.refetch() };
}

function ofGroup({ kind, hits, more }: { kind: Kind; hits: Parameters<typeof recordOf>[1][]; more: boolean }, text: string): Section {
  const choices: Choice[] = hits.map((hit) => ({
    key: `${kind}-${hit.id}`,
    label: hit.title || t("untitled"),
    detail: hit.detail,
    entity: hit.entity,
    state: stateOf(kind, hit.status),
    to: recordOf(kind, hit),
  }));
  if (more) choices.push({ key: `${kind}-more`, label: t("see_all", { list: nav(LISTS[kind]) }), to: listOf(kind, text) });
  return { key: kind, title: nav(LISTS[kind]), choices };
}

function useGeneralActions(showShortcuts: () => void): Action[] {
  const { scope, entities, choose } = useScope();
  const navigate = useNavigate();
  const href = useHref();
  const go = (to: string) => () => void navigate(href(to));
  const logOut = useLogOut();
  const scopes = scope ? [...entities, "BOTH"].filter((one) => one !== scope) : [];
  return [
    { key: "new-commande", label: t("new_commande"), words: t("new_words"), permission: "commandes.create", run: go("/admin/commandes/nouvelle") },
    { key: "new-lead", label: t("new_lead"), words: t("new_words"), permission: "leads.edit_status", run: go("/admin/leads/nouveau") },
    { key: "new-client", label: t("new_client"), words: t("new_words"), permission: "clients.create", run: go("/admin/clients/nouveau") },
    { key: "bench", label: t("try_lead"), words: t("try_words"), permission: "leads.edit_status", run: go("/admin/leads/essai") },
    { key: "import", label: t("import_file"), words: t("import_words"), permission: "clients.create", run: go("/admin/import") },
    ...scopes.map((one) => ({ key: `scope-${one}`, label: t("show_scope", { scope: one === "BOTH" ? t("both") : one }), words: t("scope"), run: () => choose(one) })),
    ...(["light", "dark", "auto"] as const).map((one) => ({
      key: `theme-${one}`,
      label: t("use_theme", { theme: t(one === "auto" ? "system" : one) }),
      run: () => keep({ theme: one }),
    })),
    { key: "shortcuts", label: t("shortcuts"), run: showShortcuts },
    { key: "logout", label: t("do_logout"), words: t("logout"), run: () => void logOut() },
  ];
}
