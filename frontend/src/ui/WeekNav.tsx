import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useEffect } from "react";
import { useSearchParams } from "react-router";
import { isWeek, shiftWeek, weekLabel } from "@/lib/weeks";
import { Button, IconButton } from "./Button";
import { singleKey } from "./kept";
import { t } from "./words";

/** The week of the page, in the address (`?semaine=2026-W48`); the current one when absent. */
export function useWeek(current: string): { week: string; asked: string | undefined; setWeek: (week: string) => void } {
  const [params, setParams] = useSearchParams();
  const asked = params.get("semaine") ?? "";
  const week = isWeek(asked) ? asked : current;
  const setWeek = (next: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (next === current) after.delete("semaine");
      else after.set("semaine", next);
      return after;
    });
  return { week, asked: week === current ? undefined : week, setWeek };
}

/** ‹ Semaine 48 · 23 – 29 nov. 2026 ›; ← and → too, while nothing else has the focus. */
export function WeekNav({ week, current, onChange }: { week: string; current: string; onChange: (week: string) => void }) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };
      const step = steps[event.key];
      if (!step || event.shiftKey || !singleKey(event)) return;
      if (document.activeElement !== document.body && document.activeElement?.id !== "main") return;
      event.preventDefault();
      onChange(shiftWeek(week, step));
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [week, onChange]);
  return (
    <div className="week-nav">
      <IconButton label={t("previous_week")} aria-keyshortcuts="ArrowLeft" icon={<IconChevronLeft size={16} />} onClick={() => onChange(shiftWeek(week, -1))} />
      <span className="week-label">{weekLabel(week)}</span>
      <IconButton label={t("next_week")} aria-keyshortcuts="ArrowRight" icon={<IconChevronRight size={16} />} onClick={() => onChange(shiftWeek(week, 1))} />
      {week !== current && (
        <Button kind="quiet" onClick={() => onChange(current)}>
          {t("this_week")}
        </Button>
      )}
    </div>
  );
}
