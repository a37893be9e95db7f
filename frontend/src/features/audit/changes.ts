/** What an event changed, before and after, in words (details `old`/`new`, or `changes` by field). */
import { date, number } from "@/lib/format";
import { clientStatus, optionsOf, role } from "@/words/states";
import { defineWords } from "@/lib/i18n";
import { french } from "@/lib/typography";

export const t = defineWords("changes", {
  fr: {
    title: "Qui a changé quoi", open: "Voir les changements", nothing: "Rien n'a été changé depuis la création.", all: "Tout le journal de cet objet",
    from_to: "{{field}} : {{before}} → {{after}}", set_to: "{{field}} : {{after}}", yes: "oui", no: "non", none: "rien", changed: "modifiés", daily: "à 9 h 30", instant: "au fil de l'eau",
  },
  en: { title: "Who changed what" },
});

/** Names of the fields that people change; what has no name here is not shown (keys, dates of ours). */
const FIELDS: Record<string, string> = {
  phone: "Téléphone", nom: "Nom", prenom: "Prénom", email: "E-mail", departement: "Département", produit: "Produit", name: "Nom", contact_name: "Contact",
  delivery_emails: "Adresses d'envoi", auto_send_enabled: "Envoi automatique", delivery_mode: "Départ", return_window_days: "Jours de retour",
  vat_rate: "TVA (%)", payment_terms_days: "Délai de paiement (jours)", siren: "SIREN", tva_number: "N° de TVA", billing_address: "Adresse de facturation",
  billing_postcode: "Code postal", billing_city: "Ville", billing_email: "E-mail de facturation", notes: "Remarques", active: "Actif", paused_until: "En pause jusqu'au",
  departements: "Départements", quota_semaine: "Quota", lb_target_pct: "Part de LB", priorite: "Priorité", auto_renew: "Reconduite", client_status: "Statut",
  tags: "Étiquettes", payment_method: "Moyen de paiement", contact_email: "E-mail de contact", test_mode: "Mode d'essai", entity: "Entité", role: "Rôle",
  permissions: "Droits", is_active: "Compte actif", api_endpoint: "Adresse de l'API", api_key: "Clé de l'API", amount_ht: "Montant HT", description: "Description",
  tva_rate: "TVA (%)", discount_pct_global: "Remise (%)", unit_price_eur: "Prix HT", discount_pct: "Remise (%)", status: "État",
};
const CODED = new Set(["status"]);

export interface Change {
  field: string;
  before?: string;
  after: string;
}

type Details = Record<string, unknown>;
const isMap = (value: unknown): value is Details => typeof value === "object" && value !== null && !Array.isArray(value);

export function changesOf(details: Details | undefined): Change[] {
  const { old, new: now, changes } = details ?? {};
  const pairs: [string, unknown, unknown][] = isMap(now)
    ? Object.entries(now).map(([name, after]) => [name, isMap(old) ? old[name] : undefined, after])
    : Object.entries(isMap(changes) ? changes : {}).map(([name, one]) => (isMap(one) && "after" in one ? [name, one.before ?? null, one.after] : [name, undefined, one]));
  return pairs
    .filter(([name]) => FIELDS[name] && !CODED.has(name))
    .map(([name, before, after]) => ({ field: french(FIELDS[name] ?? ""), after: shown(name, after), ...(before === undefined ? {} : { before: shown(name, before) }) }));
}

function shown(name: string, value: unknown): string {
  if (name === "permissions") return t("changed");
  if (value === null || value === undefined || value === "") return t("none");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return number(value, Number.isInteger(value) ? 0 : 2);
  if (Array.isArray(value)) return value.length ? value.join(", ") : t("none");
  if (typeof value !== "string") return t("changed");
  if (name === "delivery_mode") return t(value === "instant" ? "instant" : "daily");
  if (name === "paused_until") return date(value);
  const coded = [...optionsOf(clientStatus), ...optionsOf(role)].find((one) => one.value === value);
  return (name === "client_status" || name === "role") && coded ? coded.label : value;
}

export function sentenceOf(one: Change): string {
  return one.before === undefined ? t("set_to", { field: one.field, after: one.after }) : t("from_to", { field: one.field, before: one.before, after: one.after });
}

