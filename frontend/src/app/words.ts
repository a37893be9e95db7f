import { defineWords } from "@/lib/i18n";

export const t = defineWords("app", {
  fr: {
    search: "Rechercher un lead, un client, une facture…", both: "Les deux", scope: "Entité affichée", theme: "Thème", light: "Clair",
    dark: "Sombre", system: "Comme l'appareil", language: "Langue", french: "Français", english: "English", logout: "Déconnexion",
    account: "Compte de {{name}}", menu: "Ouvrir le menu", rail: "Réduire le menu", unrail: "Agrandir le menu",
    skip: "Aller au contenu", simulation: "Simulation {{entity}} : tous les e-mails partent vers {{address}}",
    footer: "Heures de Paris", forbidden_title: "Accès réservé",
    forbidden: "Cette page demande une permission que votre compte n'a pas. Demandez-la à un administrateur.",
    not_found_title: "Page introuvable", not_found: "Cette adresse ne correspond à aucune page. Vérifiez le lien, ou repartez du Cockpit.",
    home: "Aller au Cockpit", palette: "Rechercher et aller à", pages: "Pages", search_leads: "Rechercher « {{text}} » dans les leads",
    nothing: "Rien ne correspond à « {{text}} ».", broken_title: "Cette page n'a pas pu s'afficher",
    broken: "Rechargez la page. Si cela recommence, signalez l'heure et l'adresse.", reload: "Recharger", version: "Version {{version}}",
    waiting_one: "{{count}} en attente", waiting_many: "{{count}} en attente", waiting_other: "{{count}} en attente",
  },
  en: {
    search: "Search a lead, a client, an invoice…", both: "Both", scope: "Entity shown", theme: "Theme", light: "Light", dark: "Dark",
    system: "Same as device", language: "Language", logout: "Sign out", skip: "Skip to content", footer: "Paris time",
    home: "Go to Cockpit", not_found_title: "Page not found", forbidden_title: "Restricted",
  },
});
