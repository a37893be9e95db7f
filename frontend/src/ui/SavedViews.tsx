/** Views of a list: those everybody has, and one's own. Choosing one puts it in the address; saving takes what is there. */
import { Popover, TextInput } from "@mantine/core";
import { IconBookmark, IconCheck, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { AskDialog } from "./AskDialog";
import { IconButton } from "./Button";
import { ErrorBlock } from "./ErrorBlock";
import { useHidden } from "./kept";
import type { ListState, Shown } from "./listState";
import { Lines } from "./Skeletons";
import { toast } from "./toasts";
import { t } from "./words";

export interface KnownView extends Shown {
  label: string;
}
type View = Schema<"View">;
type Asked = { kind: "save" } | { kind: "rename"; view: View };

export function SavedViews({ list, known = [], state }: { list: string; known?: readonly KnownView[]; state: ListState }) {
  const [opened, setOpened] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const show = (view: Shown) => {
    setOpened(false);
    state.show(view);
  };
  return (
    <>
      <Popover position="bottom-end" trapFocus returnFocus shadow="md" width={320} opened={opened} onChange={setOpened}>
        <Popover.Target>
          <button type="button" className="btn btn-default" aria-expanded={opened} onClick={() => setOpened(!opened)}>
            <IconBookmark size={16} stroke={1.75} aria-hidden />
            {t("views")}
          </button>
        </Popover.Target>
        <Popover.Dropdown className="filter-menu views-menu">
          {known.length > 0 && (
            <section>
              <h2>{t("views_known")}</h2>
              <ul>
                {known.map((one) => (
                  <li key={one.label}>
                    <Choice name={one.label} current={isOn(one, state)} show={() => show(one)} />
                  </li>
                ))}
              </ul>
            </section>
          )}
          <Mine list={list} state={state} show={show} rename={(view) => setAsked({ kind: "rename", view })} />
          <button
            type="button"
            className="btn btn-quiet"
            onClick={() => {
              setOpened(false);
              setAsked({ kind: "save" });
            }}
          >
            {t("view_save")}
          </button>
        </Popover.Dropdown>
      </Popover>
      {asked && <Naming list={list} asked={asked} state={state} close={() => setAsked(undefined)} />}
    </>
  );
}

function Choice({ name, current, show }: { name: string; current: boolean; show: () => void }) {
  return (
    <button type="button" className="view-choice" aria-current={current || undefined} onClick={show}>
      <span>{name}</span>
      {current && <IconCheck size={16} aria-hidden />}
    </button>
  );
}

/** Read when the menu opens: a page does not pay for it. */
function Mine({ list, state, show, rename }: { list: string; state: ListState; show: (view: Shown) => void; rename: (view: View) => void }) {
  const views = useRead("/api/views", { query: { list_name: list }, scoped: false });
  const drop = useWrite("delete", "/api/views/{view_id}", ["/api/views"]);
  const again = useWrite("post", "/api/views", ["/api/views"]);
  const forget = async ({ id, list_name, name, filters, search, sort, hidden }: View) => {
    const view = { list_name, name, filters, search, sort, hidden };
    try {
      await drop.mutateAsync({ path: { view_id: id } });
      const back = () => void again.mutateAsync({ body: view }).catch(toast.failed);
      toast.done(t("view_deleted", { name }), { label: t("undo"), act: back });
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <section>
      <h2>{t("views_mine")}</h2>
      {views.error && <ErrorBlock error={views.error} retry={() => void views.refetch()} />}
      {!views.data && !views.error && <Lines count={2} />}
      {views.data?.views.length === 0 && <p className="note">{t("view_none")}</p>}
      <ul>
        {views.data?.views.map((one) => (
          <li key={one.id}>
            <Choice name={one.name} current={isOn(one, state)} show={() => show(one)} />
            <IconButton label={t("view_rename", { name: one.name })} icon={<IconPencil size={16} />} onClick={() => rename(one)} />
            <IconButton label={t("view_delete", { name: one.name })} icon={<IconTrash size={16} />} onClick={() => void forget(one)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Naming({ list, asked, state, close }: { list: string; asked: Asked; state: ListState; close: () => void }) {
  const [kept] = useHidden(list, []);
  const [name, setName] = useState(asked.kind === "rename" ? asked.view.name : "");
  const create = useWrite("post", "/api/views", ["/api/views"]);
  const change = useWrite("put", "/api/views/{view_id}", ["/api/views"]);
  const save = async () => {
    if (asked.kind === "rename") await change.mutateAsync({ path: { view_id: asked.view.id }, body: { name } });
    else {
      const { filters, search, sort = "", hidden = kept } = state;
      await create.mutateAsync({ body: { list_name: list, name, filters, search, sort, hidden } });
    }
    toast.done(t(asked.kind === "rename" ? "view_renamed" : "view_saved"));
  };
  const title = asked.kind === "rename" ? t("view_rename_title", { name: asked.view.name }) : t("view_save_title");
  const action = asked.kind === "rename" ? t("view_rename_action") : t("save");
  return (
    <AskDialog title={title} action={action} close={close} save={save} wrong={name.trim() ? undefined : t("needed")}>
      {(fields) => (
        <TextInput
          data-autofocus
          label={t("view_name")}
          description={asked.kind === "save" ? t("view_save_help") : undefined}
          maxLength={60}
          value={name}
          error={fields.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
    </AskDialog>
  );
}

/** Whether the list shows exactly this view. */
function isOn(view: Shown, state: ListState): boolean {
  const told = (filters: Record<string, string[]>) => JSON.stringify(Object.entries(filters).map(([name, values]) => [name, [...values].sort()]).sort());
  const columns = view.hidden ? JSON.stringify(view.hidden) : undefined;
  return (
    told(view.filters) === told(state.filters) &&
    (view.search ?? "") === state.search &&
    (view.sort ?? "") === (state.sort ?? "") &&
    columns === (state.hidden && JSON.stringify(state.hidden))
  );
}
