import { defineWords } from "@/lib/i18n";

export const t = defineWords("imports", {
  fr: {
    title: "Importer", intro: "Un fichier CSV est vérifié en entier, cellule par cellule, avant que rien ne soit écrit. Ce qui existe déjà est laissé tel quel.",
    kinds: "Ce que l'on importe", clients: "Clients", commandes: "Commandes", prices: "Tarifs", link: "Importer…", template: "Télécharger le modèle",
    file: "Fichier CSV", choose: "Choisir un fichier…", remove: "Retirer le fichier", file_help: "5 000 lignes et 800 ko au plus, UTF-8 ou Windows, séparé par des points-virgules, des virgules ou des tabulations.",
    entity: "Entité", choose_entity: "Choisissez l'entité à laquelle ces lignes appartiennent.", unreadable: "Ce fichier est trop gros : 800 ko au plus. Coupez-le en plusieurs.",
    columns: "Colonnes du fichier", columns_note: "Quelle colonne remplit quel champ.", field: "Champ", column: "Colonne", none: "Aucune", required: "obligatoire",
    result: "Vérification", rows: "Lignes", ready: "À écrire", existing: "Déjà là", refused: "Cellules refusées", errors: "Cellules refusées",
    errors_first: "Les {{n}} premières sur {{total}}. Corrigez le fichier, puis choisissez-le de nouveau.", errors_note: "Corrigez le fichier, puis choisissez-le de nouveau.",
    row: "Ligne", value: "Valeur", message: "Pourquoi", write_one: "Écrire {{n}} ligne", write_many: "Écrire {{n}} lignes", write_other: "Écrire {{n}} lignes",
    nothing: "Il n'y a rien à écrire.", fix: "Corrigez d'abord les cellules refusées.", checking: "Vérification en cours…", started: "Import lancé.",
  },
  en: { title: "Import", template: "Download the template", file: "CSV file" },
});
