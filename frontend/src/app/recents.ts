/** The records opened last, newest first, on this browser and for this person; forgotten when they sign out. */
import type { Schema } from "@/api/types";

export type RecentKind = Schema<"Group">["kind"] | "batch";
export interface Recent {
  kind: RecentKind;
  title: string;
  to: string;
}

const MOST = 8;
const PREFIX = "rdz-recents-";

export function recentsOf(userId: string): Recent[] {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + userId) ?? "[]") as Recent[];
  } catch {
    return [];
  }
}

export function remember(userId: string, record: Recent): void {
  const others = recentsOf(userId).filter((one) => one.to !== record.to);
  try {
    localStorage.setItem(PREFIX + userId, JSON.stringify([record, ...others].slice(0, MOST)));
  } catch {
    // private browsing: the palette opens without recents
  }
}

export function forgetRecents(): void {
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .forEach((key) => localStorage.removeItem(key));
}
