/** Why: the codes of refusals, rejections, removals and holds, in words. */
import { language } from "@/lib/i18n";
import { french } from "@/lib/typography";

type Words = Record<string, { fr: string; en: string }>;
const w = (fr: string, en: string) => ({ fr, en });

/** Why a commande examined did not get the lead (backend/routing/matching.py, commandes/quota.py). */
export const refusal: Words = {
  entity_locked: w("Lead réservé à l'entité de son fournisseur", "Lead locked to its provider's entity"),
  cross_entity_off: w("Ventes entre entités désactivées", "Sales between entities are off"),
  commande_inactive: w("Commande en pause", "Order paused"),
  client_inactive: w("Client inactif", "Client inactive"),
  client_blocked: w("Client suspendu", "Client suspended"),
  client_suspended: w("Envoi du jour suspendu", "Today's sending is on hold"),
  auto_send_off: w("Envoi automatique coupé", "Automatic sending is off"),
  client_undeliverable: w("Client non livrable", "Client cannot be delivered to"),
  refused_before: w("Le client a déjà refusé ce lead", "The client refused this lead before"),
  already_had_it: w("Déjà livré à ce client il y a moins de 30 jours", "Already delivered to this client within 30 days"),
  consent_missing: w("Preuve de consentement manquante", "Proof of consent missing"),
  lb_not_wanted: w("La commande ne demande pas de LB", "The order does not want LB"),
  lb_share: w("Places restantes gardées pour les LB", "Remaining places kept for LB"),
  calendar_closed: w("Jour fermé pour cette entité", "Closed day for this entity"),
  quota_full: w("Quota plein", "Quota full"),
  prepaid_empty: w("Solde prépayé épuisé", "Prepaid balance empty"),
  not_covered: w("Département non couvert", "Département not covered"),
  chosen: w("Choisie", "Chosen"),
  no_channel: w("Aucun canal d'envoi utilisable", "No usable channel"),
  overlap: w("Client servi récemment par l'autre entité", "Client served lately by the other entity"),
};

export const foreseen: Words = {
  chosen: w("Recevrait ce lead", "Would get this lead"),
  next: w("Viendrait ensuite", "Would come next"),
};

export const rejection: Words = {
  injoignable: w("Injoignable", "Cannot be reached"),
  faux_numero: w("Faux numéro", "Wrong number"),
  pas_demandeur: w("N'a rien demandé", "Asked for nothing"),
  pas_interesse: w("Pas intéressé", "Not interested"),
  deja_client: w("Déjà client", "Already a client"),
  deja_equipe: w("Déjà équipé", "Already equipped"),
  locataire: w("Locataire", "Tenant"),
  hors_zone: w("Hors zone", "Out of area"),
  doublon: w("Doublon", "Duplicate"),
  refus_client: w("Refus du client", "Refused by the client"),
  mauvaise_commande: w("Mauvaise commande", "Wrong order"),
  test: w("Test", "Test"),
  autre: w("Autre motif", "Other reason"),
};
export const REJECTIONS = ["injoignable", "faux_numero", "pas_demandeur", "pas_interesse", "deja_client", "deja_equipe",
  "locataire", "hors_zone", "doublon", "autre"] as const;
export const REMOVALS = ["refus_client", "doublon", "hors_zone", "mauvaise_commande", "test", "autre"] as const;

/** Why a lead or a delivery is where it is: routing, holds, cancellations. */
export const why: Words = {
  ...refusal,
  no_open_orders: w("Aucune commande ouverte pour ce produit et ce département", "No open order for this product and area"),
  no_open_orders_entity_locked: w("Aucune commande ouverte dans l'entité du fournisseur", "No open order in the provider's entity"),
  all_commandes_duplicate: w("Déjà vendu à tous les clients possibles", "Already sold to every possible client"),
  all_commandes_duplicate_entity_locked: w("Déjà vendu à tous les clients de l'entité", "Already sold to all clients of the entity"),
  lead_corrected: w("Lead corrigé : routé de nouveau", "Lead corrected: routed again"),
  source_blocked: w("Source suspendue", "Source on hold"),
  entity_missing: w("Entité inconnue : formulaire à configurer", "Unknown entity: form to set up"),
  withdrawn: w("Retiré du commerce", "Taken out of the trade"),
  lead_withdrawn: w("Lead retiré du commerce", "Lead taken out of the trade"),
  consent_refused: w("Consentement refusé", "Consent refused"),
  autre: w("Annulée à la main", "Cancelled by hand"),
  produit_missing: w("Produit inconnu : formulaire à configurer", "Unknown product: form to set up"),
};

/** Why nothing can leave for a client (backend/clients/deliverability.py). */
export const deliverable: Words = {
  all_emails_denied: w("Adresses refusées", "Addresses denied"),
  all_emails_suppressed: w("Adresses inexistantes", "Addresses do not exist"),
  no_channel: w("Aucune adresse utilisable", "No usable address"),
  api_only: w("Envoi par API coupé", "API sending is off"),
};

/** The words of a code; an unknown one is said to be unknown, never shown as it is; what a person typed is shown. */
export function reasonOf(words: Words, code: string | null | undefined): string {
  if (!code) return "";
  const word = words[code];
  if (!word && !/^[a-z0-9_]+$/.test(code)) return code;
  if (!word) return language() === "en" ? "Other reason" : "Autre raison";
  return language() === "en" ? word.en : french(word.fr);
}
