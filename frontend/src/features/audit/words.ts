import { defineWords } from "@/lib/i18n";

export const t = defineWords("audit", {
  fr: {
    title: "Journal", intro: "Qui a fait quoi, et quand. Rien ne s'y efface.", nothing: "Pas encore d'événement. Chaque geste et chaque envoi s'y inscrit.",
    action: "Action", object: "Objet", detail: "Détail", who: "Par", entity: "Entité", at: "Quand", week: "Semaine", user: "Adresse de la personne",
    search: "Client, motif, nom…", id: "Objet choisi", open: "Ouvrir", machine: "Automatique", terminal: "Exploitation (rdz)", provider: "Fournisseur {{name}}", public: "Page publique",
    reference: "Référence",
  },
  en: { title: "Activity", action: "Action", who: "By", at: "When" },
});
