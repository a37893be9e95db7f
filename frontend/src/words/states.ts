/**
 * The words, tone and meaning of every state of the API (design.md, last section): one dictionary per enum, typed by it,
 * so that a state without its words does not compile. The page never shows a code: `<Pill of={leadStatus} value=... />`.
 */
import type { Schema } from "@/api/types";
import { language } from "@/lib/i18n";
import { french } from "@/lib/typography";

export type Tone = "neutral" | "info" | "success" | "warning" | "danger";
export interface Word {
  fr: string;
  en: string;
  tone: Tone;
}
export type Dictionary<K extends string> = Record<K, Word>;

/** The words of a value; a value that the dictionary does not have yet says so instead of showing its code. */
export function wordOf<K extends string>(dictionary: Dictionary<K>, value: K): Word {
  return dictionary[value] ?? { fr: "État inconnu", en: "Unknown state", tone: "neutral" };
}

export function textOf<K extends string>(dictionary: Dictionary<K>, value: K): string {
  const word = wordOf(dictionary, value);
  return language() === "en" ? word.en : french(word.fr);
}

/** Options of a filter, in the order of the dictionary. */
export function optionsOf<K extends string>(dictionary: Dictionary<K>): { value: K; label: string }[] {
  return (Object.keys(dictionary) as K[]).map((value) => ({ value, label: textOf(dictionary, value) }));
}

const w = (tone: Tone, fr: string, en: string): Word => ({ fr, en, tone });

export type LeadStatus = Schema<"LeadShown">["status"];
export const leadStatus: Dictionary<LeadStatus> = {
  new: w("info", "Nouveau", "New"),
  routed: w("info", "Attribué", "Assigned"),
  livre: w("success", "Livré", "Delivered"),
  no_open_orders: w("warning", "Sans commande ouverte", "No open order"),
  hold_source: w("warning", "Source suspendue", "Source on hold"),
  hold_consent: w("warning", "Consentement à prouver", "Consent to prove"),
  pending_config: w("warning", "Formulaire à configurer", "Form to set up"),
  duplicate: w("neutral", "Doublon", "Duplicate"),
  invalid: w("neutral", "Invalide", "Invalid"),
  lb: w("neutral", "LB en stock", "LB in stock"),
  replaced_by_lb: w("neutral", "Remplacé par un LB", "Replaced by an LB"),
  test: w("neutral", "Test", "Test"),
};

export type DeliveryStatus = Schema<"DeliveryShown">["status"];
export const deliveryStatus: Dictionary<DeliveryStatus> = {
  pending_csv: w("info", "En attente d'envoi", "Waiting"),
  ready_to_send: w("info", "Prêt à envoyer", "Ready to send"),
  sending: w("info", "Envoi en cours", "Sending"),
  sent: w("success", "Envoyé", "Sent"),
  failed: w("danger", "Échec d'envoi", "Failed"),
  uncertain: w("danger", "Envoi incertain", "Uncertain"),
  cancelled: w("neutral", "Annulée", "Cancelled"),
};

export type Outcome = Schema<"DeliveryShown">["outcome"];
export const outcome: Dictionary<Outcome> = {
  accepted: w("success", "Acceptée", "Accepted"),
  rejected: w("warning", "Rejetée par le client", "Rejected by the client"),
  removed: w("neutral", "Retirée", "Removed"),
};

export type MessageState = Schema<"RowLine">["state"];
export const messageState: Dictionary<MessageState> = {
  pending: w("info", "En attente", "Waiting"),
  leased: w("info", "En cours", "Under way"),
  sent: w("success", "Envoyé", "Sent"),
  failed: w("danger", "Échec", "Failed"),
  uncertain: w("danger", "Incertain", "Uncertain"),
  dead: w("danger", "Abandonné", "Given up"),
  cancelled: w("neutral", "Annulé", "Cancelled"),
};

export const acknowledgement: Dictionary<Schema<"Manifest">["acknowledgement"]> = {
  none: w("neutral", "Sans accusé", "None asked"),
  asked: w("info", "Accusé attendu", "Awaited"),
  given: w("success", "Accusé reçu", "Received"),
};

/** What one attempt of a message met (backend/outbox/states.py). */
export const attemptOutcome: Dictionary<string> = {
  sent: w("success", "Accepté", "Accepted"),
  retry: w("warning", "Refusé, à retenter", "Refused, will be tried again"),
  failed: w("danger", "Refusé", "Refused"),
  dead: w("danger", "Abandonné", "Given up"),
  uncertain: w("danger", "Sans réponse", "No answer"),
  paused: w("warning", "Canal en pause", "Channel paused"),
  down: w("warning", "Serveur hors d'atteinte", "Server out of reach"),
  snoozed: w("neutral", "Reporté", "Put off"),
};

export const channelState: Dictionary<Schema<"ChannelLine">["state"]> = {
  active: w("success", "Ouvert", "Open"),
  paused: w("danger", "En pause", "Paused"),
  down: w("danger", "Hors d'atteinte", "Out of reach"),
};

/** What a message carries (backend/bootstrap.py, `outbox.register`). */
export const messageKind: Dictionary<string> = {
  email: w("neutral", "Lot par e-mail", "Batch by e-mail"),
  email_copy: w("neutral", "Copie d'un lot", "Copy of a batch"),
  http: w("neutral", "Appel chez un client", "Call to a client"),
  invoice: w("neutral", "Facture par e-mail", "Invoice by e-mail"),
  invoice_reminder: w("neutral", "Relance par e-mail", "Reminder by e-mail"),
  account_mail: w("neutral", "E-mail de compte", "Account e-mail"),
  password_link: w("neutral", "Lien de mot de passe", "Password link"),
  crm: w("neutral", "Appel du CRM", "CRM call"),
  tell_crm: w("neutral", "Nouvelle pour le CRM", "News for the CRM"),
  route_waiting: w("neutral", "Reprise des leads en attente", "Waiting leads routed again"),
  send_instant: w("neutral", "Envoi immédiat", "Instant sending"),
  work_task: w("neutral", "Tâche groupée ou import", "Bulk task or import"),
};

export type SlotState = NonNullable<Schema<"JobLine">["last"]>["state"];
export const slotState: Dictionary<SlotState> = {
  due: w("info", "Prévue", "Due"),
  running: w("info", "En cours", "Running"),
  success: w("success", "Réussie", "Succeeded"),
  error: w("danger", "Échec", "Failed"),
  skipped: w("warning", "Non exécutée", "Skipped"),
};

export const healthStatus: Dictionary<Schema<"Health">["status"]> = {
  healthy: w("success", "En ordre", "Healthy"),
  warning: w("warning", "À surveiller", "Warning"),
  degraded: w("danger", "Dégradé", "Degraded"),
  error: w("danger", "En panne", "Error"),
};

export const clientStatus: Dictionary<"Normal" | "VIP" | "Watchlist" | "Blocked"> = {
  Normal: w("neutral", "Normal", "Normal"),
  VIP: w("info", "VIP", "VIP"),
  Watchlist: w("warning", "À surveiller", "Watchlist"),
  Blocked: w("danger", "Suspendu", "Suspended"),
};

export const coverage: Dictionary<"no_order" | "on_remaining" | "saturated" | "inactive_blocked"> = {
  no_order: w("neutral", "Sans commande", "No order"),
  on_remaining: w("success", "Disponible", "Available"),
  saturated: w("warning", "Complet", "Full"),
  inactive_blocked: w("warning", "Commande en pause", "Order paused"),
};

export const phoneQuality: Dictionary<Schema<"LeadShown">["phone_quality"]> = {
  valid: w("success", "Numéro valide", "Valid number"),
  suspicious: w("warning", "Numéro suspect", "Suspicious number"),
  invalid: w("danger", "Numéro inutilisable", "Unusable number"),
};

export const produit: Dictionary<"PV" | "PAC" | "ITE"> = {
  PV: w("neutral", "PV", "PV"),
  PAC: w("neutral", "PAC", "PAC"),
  ITE: w("neutral", "ITE", "ITE"),
};

export const sourceType: Dictionary<Schema<"LeadShown">["lead_source_type"]> = {
  provider: w("neutral", "Fournisseur", "Provider"),
  internal_lp: w("neutral", "Page de collecte", "Landing page"),
  direct: w("neutral", "Envoi direct", "Direct"),
  saisie: w("neutral", "Saisie à la main", "Entered by hand"),
};

export const role: Dictionary<"super_admin" | "admin" | "ops" | "viewer"> = {
  super_admin: w("neutral", "Direction", "Super admin"),
  admin: w("neutral", "Administration", "Admin"),
  ops: w("neutral", "Opérations", "Operations"),
  viewer: w("neutral", "Lecture", "Viewer"),
};

export type WeekState = Schema<"ClientWeek">["state"];
export const weekState: Dictionary<WeekState> = {
  open: w("info", "Ouverte", "Open"),
  closed: w("neutral", "Close", "Closed"),
  invoiced: w("success", "Facturée", "Invoiced"),
};

/** What is stored of an invoice, and what is worked out of it (features/invoices/rules.ts). */
export type InvoiceState = Schema<"InvoiceAnswer">["status"] | "overdue" | "partial";
export const invoiceState: Dictionary<InvoiceState> = {
  draft: w("info", "Brouillon", "Draft"),
  issued: w("info", "Émise", "Issued"),
  overdue: w("danger", "En retard", "Overdue"),
  partial: w("warning", "Partiellement payée", "Partly paid"),
  paid: w("success", "Payée", "Paid"),
  void: w("neutral", "Annulée par avoir", "Cancelled by a credit note"),
};

/** How firmly an overdue invoice is asked for, in order. */
export const reminderLevel: Dictionary<Schema<"Reminder">["level"]> = {
  courteous: w("info", "Rappel courtois", "Courteous reminder"),
  firm: w("warning", "Relance ferme", "Firm reminder"),
  last: w("danger", "Dernier rappel avant mise en demeure", "Last reminder before formal notice"),
};

export const invoiceType: Dictionary<Schema<"InvoiceAnswer">["type"]> = {
  invoice: w("neutral", "Facture", "Invoice"),
  credit_note: w("neutral", "Avoir", "Credit note"),
  prepayment: w("neutral", "Acompte", "Prepayment"),
  intercompany: w("neutral", "Intersociétés", "Intercompany"),
};

export const rowStatus: Dictionary<Schema<"BillingRow">["status"]> = {
  not_invoiced: w("info", "Non facturé", "Not invoiced"),
  invoiced: w("neutral", "Facturé", "Invoiced"),
  paid: w("success", "Payé", "Paid"),
  overdue: w("danger", "Impayé", "Overdue"),
};

export const accounting: Dictionary<NonNullable<Schema<"CrmBody">["accounting_status"]>> = {
  up_to_date: w("success", "À jour", "Up to date"),
  late: w("warning", "En retard", "Late"),
  dispute: w("danger", "Litige", "Dispute"),
};

export const pushState: Dictionary<Schema<"PushAnswer">["state"]> = {
  off: w("neutral", "Coupé", "Off"),
  active: w("success", "En service", "On"),
  failing: w("warning", "En échec", "Failing"),
  disabled: w("danger", "Arrêté après des échecs", "Stopped after failures"),
};

export const pushOutcome: Dictionary<Schema<"PushTested">["outcome"]> = {
  accepted: w("success", "Accepté", "Accepted"),
  refused: w("danger", "Refusé", "Refused"),
  retry: w("warning", "À réessayer", "Try again"),
  uncertain: w("warning", "Réponse incertaine", "Uncertain answer"),
  login_refused: w("danger", "Identification refusée", "Login refused"),
};

export const balance: Dictionary<Schema<"BalanceView">["status"]> = {
  OK: w("success", "Suffisant", "Enough"),
  LOW: w("warning", "Faible", "Low"),
  BLOCKED: w("danger", "Épuisé", "Empty"),
};

export const billingMode: Dictionary<"WEEKLY_INVOICE" | "PREPAID"> = {
  WEEKLY_INVOICE: w("neutral", "Facture hebdomadaire", "Weekly invoice"),
  PREPAID: w("neutral", "Prépayé", "Prepaid"),
};

export const paymentMethod: Dictionary<Schema<"PaymentBody">["method"]> = {
  virement: w("neutral", "Virement", "Bank transfer"),
  prelevement: w("neutral", "Prélèvement", "Direct debit"),
  cheque: w("neutral", "Chèque", "Cheque"),
  carte: w("neutral", "Carte", "Card"),
  compensation: w("neutral", "Compensation", "Offset"),
  autre: w("neutral", "Autre", "Other"),
};

export const creditReason: Dictionary<Schema<"Credit">["reason"]> = {
  fin_de_semaine: w("neutral", "Fin de semaine", "End of week"),
  geste_commercial: w("neutral", "Geste commercial", "Goodwill"),
  retard: w("neutral", "Retard", "Delay"),
  qualite: w("neutral", "Qualité", "Quality"),
  bug: w("neutral", "Incident technique", "Technical incident"),
  autre: w("neutral", "Autre", "Other"),
};

export const transferState: Dictionary<Schema<"TransferLine">["transfer_status"]> = {
  pending: w("info", "À facturer", "To invoice"),
  invoiced: w("success", "Facturé", "Invoiced"),
  cancelled: w("neutral", "Annulé", "Cancelled"),
  error: w("danger", "À corriger", "To fix"),
};

export type TaskState = Schema<"TaskShown">["state"];
export const taskState: Dictionary<TaskState> = {
  preparing: w("info", "En préparation", "Preparing"),
  running: w("info", "En cours", "Running"),
  done: w("success", "Terminée", "Done"),
  cancelled: w("neutral", "Arrêtée", "Stopped"),
};

export type RowState = Schema<"RowShown">["state"];
export const rowState: Dictionary<RowState> = {
  pending: w("info", "À faire", "To do"),
  succeeded: w("success", "Faite", "Done"),
  failed: w("danger", "En échec", "Failed"),
  ignored: w("neutral", "Sans effet", "No effect"),
};
