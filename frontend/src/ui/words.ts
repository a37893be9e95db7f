import { defineWords } from "@/lib/i18n";

/** Words that every page uses. */
export const t = defineWords("ui", {
  fr: {
    cancel: "Annuler", close: "Fermer", save: "Enregistrer", retry: "Réessayer", reset: "Réinitialiser", search: "Rechercher",
    filter: "Filtrer", clear: "Retirer ce filtre : {{name}}", all: "Tous", previous: "Précédent", next: "Suivant",
    range: "{{from}}-{{to}} sur {{total}}", more_than: "plus de {{n}}", per_page: "Lignes par page", page: "Page {{n}}",
    selected_one: "{{count}} sélectionné", selected_many: "{{count}} sélectionnés", selected_other: "{{count}} sélectionnés",
    selected_all: "Tous les résultats sont sélectionnés", select_all_capped: "Sélectionner tous les résultats",
    select_all_one: "Sélectionner le résultat", select_all_many: "Sélectionner les {{n}} résultats", select_all_other: "Sélectionner les {{n}} résultats",
    unselect: "Désélectionner", select_row: "Sélectionner {{name}}", select_page: "Sélectionner la page",
    columns: "Colonnes", export: "Exporter", compact: "Lignes serrées", no_match: "Aucun résultat avec ces filtres.",
    reserved: "Réservé. Demandez l'accès « {{name}} ».", this_week: "Cette semaine", previous_week: "Semaine précédente",
    next_week: "Semaine suivante", all_weeks: "Toutes les semaines", unsaved: "Modifications non enregistrées",
    as_table: "Voir en tableau", as_chart: "Voir en graphique", no_data: "Aucun lead sur cette période", running: "en cours", not_measured: "Pas de mesure", fresh: "nouveau", difference: "Écart", so_far: "à la même heure",
    live: "En direct · {{at}}", stale: "Données de {{at}}", refresh: "Actualiser",
    views: "Vues", views_known: "Vues prêtes", views_mine: "Mes vues", view_save: "Enregistrer cette vue…", view_name: "Nom de la vue",
    view_save_title: "Enregistrer cette vue", view_save_help: "Elle garde les filtres, la recherche, le tri et les colonnes de la liste.",
    view_saved: "Vue enregistrée.", view_rename: "Renommer {{name}}", view_rename_title: "Renommer la vue « {{name}} »", view_renamed: "Vue renommée.",
    view_rename_action: "Renommer", view_delete: "Supprimer {{name}}", view_deleted: "Vue « {{name}} » supprimée.", view_none: "Aucune vue enregistrée.", undo: "Annuler",
    unavailable: "Indisponible", loading: "Chargement", updated: "Actualisation…", open_full: "Ouvrir la fiche",
    previous_row: "Ligne précédente", next_row: "Ligne suivante", actions: "Actions", day: "Jour", reason: "Motif",
    reason_needed: "Choisissez un motif.", needed: "Ce champ est nécessaire.", more: "Afficher", optional: "(facultatif)", saved: "Enregistré.", ascending: "croissant",
    descending: "décroissant", until: "Jusqu'au", until_help: "Tout reprend de soi-même ce jour-là, à 0 h 05. Sans date, il faudra rouvrir à la main.", day_to_come: "Choisissez un jour à venir.", notifications: "Messages", copy_phone: "Copier le numéro", copied: "Numéro copié.",
  },
  en: {
    cancel: "Cancel", close: "Close", save: "Save", retry: "Try again", reset: "Reset", search: "Search", filter: "Filter",
    views: "Views", views_mine: "My views", view_save: "Save this view…",
    previous: "Previous", next: "Next", columns: "Columns", export: "Export", no_match: "Nothing matches these filters.",
  },
});
