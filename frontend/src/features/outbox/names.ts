import type { Schema } from "@/api/types";
import { messageKind, textOf } from "@/words/states";
import { t } from "./words";

/** `smtp:ZR7` is « E-mail ZR7 »; a channel's code is never shown. */
export function channelName(channel: string): string {
  const [kind = "", entity = ""] = channel.split(":");
  if (kind === "tasks") return t("tasks");
  return kind === "smtp" || kind === "crm" || kind === "http" ? t(kind, { entity }) : t("other");
}

/** Whom a message is for; what it does when it stays inside the house. */
export function rowName(row: Pick<Schema<"RowLine">, "to" | "kind">): string {
  return row.to || textOf(messageKind, row.kind);
}

/** How old, rounded down: minutes, then hours, then days. */
export function age(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t("minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t("hours", { n: hours }) : t("days", { n: Math.floor(hours / 24) });
}
