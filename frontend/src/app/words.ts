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
    home: "Aller au Cockpit", palette: "Rechercher et aller à", pages: "Pages", choices: "Propositions", recents: "Ouverts récemment", actions: "Actions",
    searching: "Recherche en cours…", palette_help: "↑ ↓ pour choisir, Entrée pour ouvrir, Échap pour fermer",
    see_all: "Tout voir dans {{list}}", untitled: "Brouillon", paused: "En pause", inactive: "Inactif", kind_lead: "Lead",
    kind_delivery: "Livraison", kind_client: "Client", kind_commande: "Commande", kind_invoice: "Facture", kind_user: "Utilisateur",
    kind_batch: "Lot", new_commande: "Créer une commande", new_client: "Créer un client", new_words: "nouveau nouvelle ajouter",
    show_scope: "Changer de périmètre : {{scope}}", use_theme: "Thème : {{theme}}", do_logout: "Se déconnecter",
    nothing: "Rien ne correspond à « {{text}} ».", broken_title: "Cette page n'a pas pu s'afficher",
    broken: "Rechargez la page. Si cela recommence, signalez l'heure et l'adresse.", reload: "Recharger", version: "Version {{version}}",
    waiting_one: "{{count}} en attente", waiting_many: "{{count}} en attente", waiting_other: "{{count}} en attente",
  },
  en: {
    search: "Search a lead, a client, an invoice…", both: "Both", scope: "Entity shown", theme: "Theme", light: "Light", dark: "Dark",
    system: "Same as device", language: "Language", logout: "Sign out", skip: "Skip to content", footer: "Paris time",
    recents: "Recently opened", actions: "Actions", searching: "Searching…", palette_help: "↑ ↓ to choose, Enter to open, Esc to close",
    see_all: "See all in {{list}}", untitled: "Draft", new_commande: "Create an order", new_client: "Create a client",
    show_scope: "Change scope: {{scope}}", use_theme: "Theme: {{theme}}", do_logout: "Sign out", new_words: "new add",
    home: "Go to Cockpit", not_found_title: "Page not found", forbidden_title: "Restricted",
  },
});
