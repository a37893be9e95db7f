import { defineWords } from "@/lib/i18n";
import type { Schema } from "@/api/types";
import type { Dictionary } from "@/words/states";

export const t = defineWords("rejects", {
  fr: {
    title: "Rejeter une liste", for: "Rejeter une liste de {{client}}",
    intro: "Collez le message de ce client. Ses numéros sont cherchés, dans toutes les notations, parmi ce qui lui a été livré.",
    text: "Texte du client", text_help: "10 000 caractères au plus.", find: "Chercher les numéros", found: "Numéros trouvés", number: "Numéro",
    verdict: "Résultat", lead: "Lead", sent: "Envoyée le", until: "Rejet possible jusqu'au", none: "Aucun numéro dans ce texte.",
    window: "Période de retour de ce client : {{n}} jours.", keep: "Rejeter {{name}}", reject_one: "Rejeter {{n}} livraison",
    reject_many: "Rejeter {{n}} livraisons", reject_other: "Rejeter {{n}} livraisons", nothing: "Cochez au moins une livraison.",
    ambiguous: "Ce numéro a plusieurs livraisons : cochez celles que le client refuse.", reason: "Motif, le même pour toutes", detail: "Précision", started: "Rejets lancés.",
    link: "Rejeter une liste…",
  },
  en: { title: "Reject a list", find: "Find the numbers" },
});

export const verdict: Dictionary<Schema<"PastedLine">["verdict"]> = {
  matched: { fr: "À rejeter", en: "To reject", tone: "info" },
  ambiguous: { fr: "Plusieurs livraisons", en: "Several deliveries", tone: "warning" },
  window_closed: { fr: "Période de retour close", en: "Return window closed", tone: "warning" },
  already_rejected: { fr: "Déjà rejetée", en: "Already rejected", tone: "neutral" },
  already_removed: { fr: "Déjà retirée", en: "Already removed", tone: "neutral" },
  not_sent: { fr: "Pas encore envoyée", en: "Not sent yet", tone: "neutral" },
  unknown: { fr: "Jamais livré à ce client", en: "Never delivered to this client", tone: "neutral" },
  unreadable: { fr: "Pas un numéro", en: "Not a number", tone: "neutral" },
};
