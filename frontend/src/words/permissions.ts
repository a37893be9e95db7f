/** What each permission opens, in words (backend/accounts/permissions.py). The part before the dot names its group. */
import { language } from "@/lib/i18n";
import { french } from "@/lib/typography";

const groups: Record<string, string> = {
  dashboard: "Cockpit", leads: "Leads", deliveries: "Livraisons", outbox: "File d'envoi", clients: "Clients", commandes: "Commandes",
  departements: "Départements", providers: "Fournisseurs", billing: "Facturation", intercompany: "Intersociétés", activity: "Journal",
  settings: "Paramètres", system: "Santé", users: "Utilisateurs", monitoring: "Qualité des sources", exports: "Exports", views: "Vues",
};

const words: Record<string, string> = {
  "dashboard.view": "Voir le Cockpit et la qualité des sources", "leads.view": "Voir les leads", "leads.edit_status": "Changer l'état d'un lead",
  "leads.add_note": "Ajouter une note", "leads.reroute": "Relancer l'attribution", "leads.delete": "Supprimer un lead",
  "clients.view": "Voir les clients", "clients.create": "Créer un client", "clients.edit": "Modifier un client",
  "clients.delete": "Supprimer un client", "clients.crm": "Tenir le suivi commercial", "commandes.view": "Voir les commandes",
  "commandes.create": "Créer une commande", "commandes.delete": "Supprimer une commande", "commandes.edit_quota": "Changer le quota",
  "commandes.edit_lb_target": "Changer la cible LB", "commandes.activate_pause": "Activer et mettre en pause",
  "deliveries.view": "Voir les livraisons et les lots", "deliveries.resend": "Envoyer et renvoyer", "deliveries.outcome": "Rejeter et retirer",
  "departements.view": "Voir les départements", "outbox.view": "Voir la file d'envoi", "outbox.manage": "Agir sur les envois et les canaux",
  "providers.access": "Gérer les fournisseurs et leurs clés", "billing.view": "Voir les montants et les factures",
  "billing.manage": "Facturer, encaisser, fixer les prix", "billing.close": "Clore une semaine", "intercompany.view": "Voir les transferts",
  "intercompany.manage": "Gérer les transferts et les prix internes", "activity.view": "Voir le journal", "settings.access": "Voir les paramètres",
  "settings.manage": "Modifier les paramètres", "system.view": "Voir la santé", "system.manage": "Lancer les tâches, retenir les envois",
  "users.manage": "Gérer les utilisateurs", "monitoring.lb.view": "Voir le stock LB", "exports.create": "Exporter", "views.share": "Partager une vue",
};

export function permissionWord(key: string): string {
  const word = words[key];
  return word ? french(word) : language() === "en" ? "Other permission" : "Autre permission";
}

export function groupWord(group: string): string {
  return french(groups[group] ?? "Autre");
}

/** Keys by group, in the order of the navigation. */
export function grouped(keys: readonly string[]): [string, string[]][] {
  const order = Object.keys(groups);
  const found = new Map<string, string[]>();
  for (const key of keys) {
    const group = key.split(".")[0] ?? "";
    found.set(group, [...(found.get(group) ?? []), key]);
  }
  const rank = (group: string) => (order.includes(group) ? order.indexOf(group) : order.length);
  return [...found].sort(([one], [other]) => rank(one) - rank(other));
}
