import { defineWords } from "@/lib/i18n";

export const t = defineWords("system", {
  fr: {
    title: "Santé", intro: "Ce qui va, ce qui ne va pas, et quoi faire.", alarms: "À faire", no_alarm: "Aucune alarme. Tout tourne.",
    see: "Voir", modules: "Parties du système", jobs: "Tâches planifiées", jobs_note: "Heure de Paris",
    runs: "Derniers passages", no_run: "Aucun passage pour l'instant.", next: "Prochain passage {{at}}", last: "Dernier : {{at}}",
    run_job: "Lancer : {{job}}", run: "Lancer maintenant…", run_title: "Lancer « {{job}} » maintenant ?",
    run_body: "Un passage de plus commence dans les secondes qui suivent, après celui en cours s'il y en a un. Chaque lead part une seule fois.",
    run_action: "Lancer maintenant", asked: "Passage demandé : il commence dans quelques secondes.", by: "demandé par {{who}}", took: "{{s}} s",
    machine: "automatique", version: "Version en service", tag: "Version", sha: "Code", built: "Construite le", env: "Environnement",
    production: "Production", development: "Développement", demo: "Démonstration", test: "Test", other: "Autre",
    worker: "Envoi et tâches", scheduler: "Planificateur", alive: "{{n}} en vie, dernier signe {{at}}", dead: "aucun signe de vie",
    confirmed_one: "{{count}} index en place", confirmed_many: "{{count}} index en place", confirmed_other: "{{count}} index en place",
    missing: "manquants : {{names}}",
    indexes: "Index de la base", processes: "Processus", cron: "Tâches planifiées", reports: "Rapports de livraison", deliveries: "Livraisons",
    suppressions: "Adresses écartées", crm: "CRM des entités", pushes: "Interfaces des clients", invoices: "Factures", intercompany: "Intersociétés",
    hold: "Retenue des envois", alerts: "Débit des envois", outbox: "File d'envoi", mail: "Boîtes d'envoi", module: "Autre partie",
  },
  en: { title: "Health", alarms: "To do", modules: "Modules", jobs: "Scheduled jobs" },
});
