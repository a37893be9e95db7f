import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { IconButton } from "./Button";
import { Link } from "./Link";
import { t } from "./words";

/** A record beside its list: what, state, why, next action (design.md 13). Its address is the list's plus `?fiche=`. */
export function SidePanel({ title, full, previous, next, open, children }: {
  title: string; full?: string; previous?: string | undefined; next?: string | undefined; open: (id: string | undefined) => void; children: ReactNode;
}) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), [title]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || target.closest("input, textarea, select, [role=dialog], [role=menu], [role=listbox]")) return;
      const steps: Record<string, string | undefined> = { ArrowUp: previous, ArrowDown: next };
      if (event.key === "Escape") open(undefined);
      else if (steps[event.key]) open(steps[event.key]);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [open, previous, next]);
  return (
    <aside className="side-panel" aria-label={title} tabIndex={-1} ref={panel}>
      <header>
        <h2>{title}</h2>
        <IconButton label={t("previous_row")} aria-keyshortcuts="ArrowUp" icon={<IconChevronUp size={16} />} disabled={!previous} onClick={() => open(previous)} />
        <IconButton label={t("next_row")} aria-keyshortcuts="ArrowDown" icon={<IconChevronDown size={16} />} disabled={!next} onClick={() => open(next)} />
        <IconButton label={t("close")} aria-keyshortcuts="Escape" icon={<IconX size={16} />} onClick={() => open(undefined)} />
      </header>
      <div className="side-body">{children}</div>
      {full && (
        <footer>
          <Link to={full} className="btn btn-default">
            {t("open_full")}
          </Link>
        </footer>
      )}
    </aside>
  );
}
