import { t } from "./words";

export function fullName(lead: { nom: string; prenom: string }): string {
  return `${lead.prenom} ${lead.nom}`.trim() || t("unnamed");
}
