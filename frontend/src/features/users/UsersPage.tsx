/** Utilisateurs: who signs in, with which role and rights; edited in the panel beside the list. */
import { useRead } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { date } from "@/lib/format";
import { Button } from "@/ui/Button";
import { DataTable, useRowKeys, type Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { EntityBadge } from "@/ui/EntityBadge";
import { FilterBar, type Filter } from "@/ui/FilterBar";
import { useListState, type ListState } from "@/ui/listState";
import { Page } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { role, textOf, type Dictionary } from "@/words/states";
import { NEW, UserPanel } from "./UserPanel";
import { t } from "./words";

export type User = Schema<"UserAnswer">;
const NAMES = ["active"] as const;

export default function UsersPage() {
  const state = useListState(NAMES);
  const users = useRead("/api/auth/users", { query: { ...state.paging, active_only: state.filters.active?.[0] === "yes", search: state.search || undefined } });
  const rights = useRead("/api/auth/permission-keys", { scoped: false });
  const rows = users.data?.users;
  const keys = useRowKeys(rows, state);
  const chosen = rows?.find((one) => one.id === state.fiche);
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      actions={
        <Button kind="primary" onClick={() => state.openFiche(NEW)}>
          {t("create")}
        </Button>
      }
    >
      <FilterBar state={state} filters={filterList()} search={t("search")} views={{ list: "users" }} />
      <div className={state.fiche ? "with-panel" : ""}>
        <DataTable<User>
          name="users"
          label={t("title")}
          reading={users}
          rows={rows}
          rowId={(one) => one.id}
          rowName={(one) => one.nom}
          columns={columns(state)}
          state={state}
          nothing={<NothingYet>{t("nothing")}</NothingYet>}
        />
        {(chosen || state.fiche === NEW) && <UserPanel key={state.fiche} user={chosen} rights={rights} {...keys} open={state.openFiche} />}
      </div>
    </Page>
  );
}

function filterList(): Filter[] {
  return [{ name: "active", label: t("active_only"), options: [{ value: "yes", label: t("only_active") }], single: true }];
}

function columns(state: ListState): Column<User>[] {
  return [
    {
      key: "name",
      label: t("name"),
      card: "title",
      render: (one) => (
        <button type="button" className="link" onClick={() => state.openFiche(one.id)}>
          {one.nom}
        </button>
      ),
    },
    { key: "state", label: t("state"), card: "pill", render: (one) => <TonePill tone={one.is_active ? "success" : "neutral"}>{t(one.is_active ? "active" : "inactive")}</TonePill> },
    { key: "email", label: t("email"), card: "fact", render: (one) => one.email },
    { key: "role", label: t("role"), card: "fact", render: (one) => textOf(role as Dictionary<string>, one.role) },
    { key: "entity", label: t("entity"), render: (one) => <EntityBadge code={one.entity} /> },
    { key: "created", label: t("created"), render: (one) => date(one.created_at) },
    { key: "by", label: t("by"), extra: true, render: (one) => one.created_by || "–" },
  ];
}
