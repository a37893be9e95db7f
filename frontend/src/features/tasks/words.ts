import { defineWords } from "@/lib/i18n";

export const t = defineWords("tasks", {
  fr: {
    title: "Mes tâches", all: "Toutes", intro: "Ce que vous avez demandé sur plusieurs lignes à la fois. Une tâche continue si vous fermez la page.",
    nothing: "Pas encore de tâche. Sélectionnez des lignes dans une liste pour en lancer une.", tray: "Tâches en cours", task: "Tâche",
    state: "État", progress: "Avancement", created: "Demandée le", finished: "Terminée le", about: "Sujet", entity: "Entité", both: "Les deux",
    succeeded: "Faites", failed: "En échec", ignored: "Sans effet", pending: "Restantes", row: "Objet", reason: "Raison", done_at: "Traitée le",
    see: "Voir le détail", stop: "Arrêter", stop_title: "Arrêter la tâche « {{name}} » ?",
    stop_body: "Les lignes déjà traitées le restent. Les autres ne seront pas traitées.", stop_action: "Arrêter la tâche",
    stopped: "Tâche arrêtée.", file: "Télécharger ce qui n'a pas été fait", hide: "Masquer cette tâche", rows: "Lignes",
    no_row: "Aucune ligne.", of: "{{n}} sur {{total}}", goes_on: "Elle continue si vous fermez la page.",
    told: "Faites : {{succeeded}}, en échec : {{failed}}, sans effet : {{ignored}}",
    kind_send: "Envoi de livraisons", kind_copy: "Copie de livraisons", kind_reject: "Rejet de livraisons", kind_remove: "Retrait de livraisons",
    kind_clients_on: "Activation de clients", kind_clients_off: "Mise en pause de clients", kind_commandes_on: "Activation de commandes",
    kind_commandes_off: "Mise en pause de commandes", kind_close: "Clôture d'une semaine", kind_import_clients: "Import de clients", kind_import_commandes: "Import de commandes",
    kind_import_prices: "Import de tarifs",
  },
  en: { title: "My tasks", tray: "Running tasks", stop: "Stop", see: "See details" },
});

const KINDS = {
  "deliveries.send": "kind_send", "deliveries.copy": "kind_copy", "deliveries.reject": "kind_reject", "deliveries.remove": "kind_remove",
  "clients.activate": "kind_clients_on", "clients.pause": "kind_clients_off", "commandes.activate": "kind_commandes_on",
  "commandes.pause": "kind_commandes_off", "billing.close": "kind_close", "imports.clients": "kind_import_clients", "imports.commandes": "kind_import_commandes",
  "imports.prices": "kind_import_prices",
} as const;

/** What a task does, in words. */
export function kindOf(kind: string): string {
  const key = KINDS[kind as keyof typeof KINDS];
  return key ? t(key) : t("task");
}
