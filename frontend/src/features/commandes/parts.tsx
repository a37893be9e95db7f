import type { Schema } from "@/api/types";
import { date, number } from "@/lib/format";
import { TonePill } from "@/ui/Pill";
import { t } from "./words";

export type Commande = Schema<"CommandeView">;

export function ActivePill({ commande: { active, paused_until: until } }: { commande: Pick<Commande, "active" | "paused_until"> }) {
  const words = active ? t("active") : until ? t("paused_until", { day: date(until) }) : t("paused");
  return <TonePill tone={active ? "success" : "warning"}>{words}</TonePill>;
}

/** A quota of 0 has no end. */
export function quotaText(commande: Commande): string {
  return commande.unlimited ? t("unlimited") : number(commande.quota_semaine);
}

export function areasText(codes: string[], most = codes.length): string {
  if (codes.includes("*")) return t("everywhere");
  const left = codes.length - most;
  return codes.slice(0, most).join(", ") + (left > 0 ? ` +${left}` : "");
}
