/** What each event of the log says, in words (the actions and objects recorded by the backend's services). */
import { language } from "@/lib/i18n";
import { french } from "@/lib/typography";

type Words = Record<string, string>;

export const actions: Words = {
  address_suppressed: "Adresse écartée", address_unsuppressed: "Adresse rétablie", base_restored: "Base restaurée",
  todo_claimed: "Ligne d'« À traiter » prise", todo_released: "Ligne d'« À traiter » rendue", batch_downloaded: "Fichier de lot téléchargé", batch_acknowledged: "Lot accusé par le client", billing_record_updated: "Ligne de facturation modifiée",
  client_auto_send_change: "Envoi automatique modifié", client_created: "Client créé", client_deleted: "Client supprimé",
  client_push_changed: "Interface du client modifiée", client_push_disabled: "Interface du client coupée",
  client_push_tested: "Interface du client essayée", client_resumed: "Envoi du client repris", client_pause_over: "Pause du client terminée", client_suspended: "Envoi du jour du client suspendu", client_updated: "Client modifié", commande_created: "Commande créée",
  commande_deleted: "Commande supprimée", commande_updated: "Commande modifiée", credit_added: "Crédit ajouté",
  credit_deleted: "Crédit supprimé", credit_notes_created: "Avoirs créés", crm_update: "Suivi commercial modifié",
  delivery_cancelled: "Livraison annulée", delivery_send_asked: "Envoi demandé", intercompany_invoiced: "Facture entre entités",
  intercompany_retried: "Transferts repris", intercompany_transfer: "Transfert entre entités",
  intercompany_transfer_cancelled: "Transfert annulé", interfacturation_updated: "Interfacturation modifiée",
  invoice_created: "Facture créée", invoice_deleted: "Brouillon de facture supprimé", invoice_issued: "Facture émise",
  invoice_payment: "Règlement enregistré", invoice_payment_undone: "Règlement annulé", invoice_send_asked: "Envoi de facture demandé", invoice_reminder_asked: "Relance demandée",
  invoice_updated: "Facture modifiée", invoices_created: "Factures créées", job_asked: "Tâche planifiée lancée",
  job_skipped: "Tâche planifiée non exécutée", lb_filled: "Commande complétée en LB", lb_marked: "Leads passés en LB",
  lb_shortfall: "LB manquants", lb_target_changed: "Cible LB modifiée", lead_note: "Note sur un lead", lead_received: "Lead reçu",
  lead_removed_from_delivery: "Lead retiré d'une livraison", lead_routed: "Lead attribué", lead_consent: "Consentement du lead", lead_corrected: "Lead corrigé", lead_resubmitted: "Lead soumis à nouveau",
  lead_status_change: "État du lead modifié", lead_withdrawn: "Lead retiré à la demande de la personne", ledger_built: "Semaine clôturée",
  login: "Connexion", login_failed: "Connexion refusée", login_refused: "Connexion refusée", logout: "Déconnexion",
  note_added: "Note ajoutée", order_activate: "Commande activée", order_deactivate: "Commande mise en pause", order_resume_refused: "Commande laissée en pause : une autre est active",
  outbox_cancelled: "Envoi annulé", outbox_channel_active: "Canal rouvert", outbox_channel_paused: "Canal mis en pause",
  outbox_held: "Envois retenus", outbox_marked_sent: "Envoi marqué comme parti", outbox_recipient_corrected: "Adresse d'envoi corrigée",
  outbox_released: "Envois libérés", outbox_requeued: "Envoi relancé", outbox_resolved: "Envoi incertain tranché",
  list_exported: "Liste exportée", task_cancelled: "Tâche arrêtée", task_done: "Tâche terminée", task_started: "Tâche lancée", password_changed: "Mot de passe changé", prepayment_units_added: "Unités prépayées ajoutées",
  prepayment_units_withdrawn: "Unités prépayées retirées", pricing_delete: "Prix supprimé", pricing_update: "Prix modifié",
  product_created: "Produit créé", provider_created: "Fournisseur créé", provider_cost_set: "Prix d'achat fixé", provider_deleted: "Fournisseur supprimé",
  provider_updated: "Fournisseur modifié", reject_lead: "Livraison rejetée par le client", resend_delivery: "Livraison renvoyée",
  rotate_provider_key: "Clé du fournisseur changée", send_delivery: "Livraison envoyée", session_revoked: "Session fermée",
  settings_updated: "Réglage modifié", transfer_pricing_updated: "Prix interne modifié", user_created: "Utilisateur créé",
  user_invited: "Utilisateur invité", user_deactivated: "Utilisateur désactivé", user_reactivated: "Utilisateur réactivé", user_updated: "Utilisateur modifié",
  week_closed: "Semaine clôturée",
};

export const objects: Words = {
  todo: "Ligne d'« À traiter »", lead: "Lead", delivery: "Livraison", batch: "Lot", outbox: "Envoi", outbox_channel: "Canal d'envoi", client: "Client",
  commande: "Commande", provider: "Fournisseur", invoice: "Facture", billing: "Facturation", intercompany: "Intersociétés",
  product: "Produit", settings: "Réglage", user: "Utilisateur", job: "Tâche planifiée", suppression: "Adresse écartée", system: "Système",
  task: "Tâche", export: "Export",
};

export function eventWord(words: Words, code: string): string {
  const word = words[code];
  if (word) return french(word);
  if (language() === "en") return "Other";
  return "Autre";
}

/** Options of a filter: the codes that have words, in alphabetical order. */
export function known(words: Words, codes: readonly string[]): { value: string; label: string }[] {
  return codes.filter((one) => words[one]).map((value) => ({ value, label: eventWord(words, value) })).sort((a, b) => a.label.localeCompare(b.label, "fr"));
}
