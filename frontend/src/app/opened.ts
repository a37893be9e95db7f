import { useEffect } from "react";
import { useLocation } from "react-router";
import { remember, type RecentKind } from "./recents";
import { useSession } from "./session";

/** The record on screen is offered by the palette among those opened last. */
export function useOpened(kind: RecentKind, title: string): void {
  const { id } = useSession().user;
  const { pathname: to } = useLocation();
  useEffect(() => remember(id, { kind, title, to }), [id, kind, title, to]);
}
