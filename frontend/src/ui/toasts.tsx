/** What was done, said once the server has confirmed it. Success 5 s, undo 10 s, errors stay (design.md 21). */
import { IconX } from "@tabler/icons-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { told } from "@/words/errors";
import { IconButton } from "./Button";
import { t } from "./words";

interface Toast {
  id: number;
  tone: "success" | "danger";
  text: string;
  note?: string;
  undo?: { label: string; act: () => void };
  lastsMs: number | null;
}

const MOST = 3;
let shown: Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function show(next: Toast[]): void {
  shown = next.slice(-MOST);
  listeners.forEach((one) => one());
}

const close = (id: number) => show(shown.filter((one) => one.id !== id));
const add = (one: Omit<Toast, "id">) => show([...shown, { ...one, id: ++count }]);

export const toast = {
  done: (text: string, undo?: Toast["undo"]) =>
    add({ tone: "success", text, lastsMs: undo ? 10_000 : 5_000, ...(undo ? { undo } : {}) }),
  failed: (error: unknown) => {
    const { text, reference } = told(error);
    add({ tone: "danger", text, note: reference, lastsMs: null });
  },
};

export function ToastHost() {
  const list = useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => shown,
  );
  return (
    <section className="toasts" aria-label={t("notifications")} aria-live="polite">
      {list.map((one) => (
        <Line key={one.id} toast={one} />
      ))}
    </section>
  );
}

function Line({ toast: one }: { toast: Toast }) {
  const held = useRef(false);
  useEffect(() => {
    if (one.lastsMs === null) return;
    let left = one.lastsMs;
    const timer = setInterval(() => {
      if (!held.current) left -= 250;
      if (left <= 0) close(one.id);
    }, 250);
    return () => clearInterval(timer);
  }, [one]);
  const hold = (on: boolean) => () => {
    held.current = on;
  };
  return (
    <div
      className={`toast toast-${one.tone}`}
      role={one.tone === "danger" ? "alert" : "status"}
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      <div className="grow">
        <p>{one.text}</p>
        {one.note && <p className="note">{one.note}</p>}
      </div>
      {one.undo && (
        <button type="button" className="btn btn-quiet" onClick={() => (one.undo?.act(), close(one.id))}>
          {one.undo.label}
        </button>
      )}
      <IconButton label={t("close")} icon={<IconX size={16} />} onClick={() => close(one.id)} />
    </div>
  );
}
