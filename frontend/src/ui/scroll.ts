/** Where a list was scrolled to, by entry of the history: « back » finds it again (ui.md F7). The window's is kept by the router. */
import { useEffect, useRef, type RefObject } from "react";
import { useLocation } from "react-router";

const places = new Map<string, number>();

/** `ready`: its rows are there. Another page of rows starts at its top; a panel opened beside them moves nothing. */
export function useScrollKept(ready: boolean, page: number): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const { key } = useLocation();
  const shown = useRef(page);
  useEffect(() => {
    const at = list.current;
    if (!at || !ready) return;
    const kept = places.get(key);
    if (kept !== undefined) at.scrollTop = kept;
    else if (shown.current !== page) at.scrollTop = 0;
    shown.current = page;
    const note = () => places.set(key, at.scrollTop);
    note();
    at.addEventListener("scroll", note, { passive: true });
    return () => at.removeEventListener("scroll", note);
  }, [key, ready, page]);
  return list;
}
