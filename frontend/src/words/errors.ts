/** What each error code of the API means and what to do. The API's own sentence adds the detail where it has one. */
import { ApiError } from "@/api/errors";
import { defineWords } from "@/lib/i18n";
import { french } from "@/lib/typography";

export const errorWords = defineWords("errors", {
  fr: {
    offline: "L'API ne répond pas. Vérifiez votre connexion, puis réessayez.",
    unauthenticated: "Votre session est terminée. Connectez-vous de nouveau.",
    forbidden: "Cette action n'est pas ouverte à votre compte. Demandez l'accès à un administrateur.",
    not_found: "Cet objet n'existe pas, ou n'est pas dans votre périmètre.",
    invalid_input: "La demande contient une valeur refusée. Corrigez-la, puis recommencez.",
    invalid_state: "L'objet a changé entre-temps. Actualisez, puis recommencez.",
    duplicate: "Cet objet existe déjà.",
    has_dependents: "D'autres objets en dépendent encore : traitez-les d'abord.",
    entity_required: "Choisissez d'abord une entité.",
    return_window_closed: "La période de retour est close.",
    rate_limited: "Trop de demandes. Attendez une minute, puis réessayez.",
    payload_too_large: "L'envoi est trop volumineux.",
    method_not_allowed: "Cette action n'est pas prévue ici.",
    unavailable: "La base ne répond pas. Rien n'a été changé : réessayez dans quelques secondes.",
    internal: "Erreur inattendue : rien ne dit que l'action a été faite. Actualisez, puis signalez la référence.",
    reference: "Référence : {{id}}",
  },
  en: {
    offline: "The API does not answer. Check your connection, then try again.",
    unauthenticated: "Your session has ended. Sign in again.",
    forbidden: "Your account may not do this. Ask an administrator.",
    not_found: "This object does not exist, or is out of your scope.",
    internal: "Unexpected error. Refresh, then report the reference.",
    reference: "Reference: {{id}}",
  },
});

type Code = Parameters<typeof errorWords>[0];
const KNOWN = new Set<string>(["offline", "unauthenticated", "forbidden", "not_found", "invalid_input", "invalid_state",
  "duplicate", "has_dependents", "entity_required", "return_window_closed", "rate_limited", "payload_too_large",
  "method_not_allowed", "unavailable", "internal"]);
/** The API's sentence says more than ours for these: which rule, which date. */
const TELLING = new Set(["invalid_state", "invalid_input", "return_window_closed", "has_dependents", "duplicate"]);

/** One sentence for a person, and the reference to give when it is not understood. */
export function told(error: unknown): { text: string; reference: string } {
  if (!(error instanceof ApiError)) return { text: errorWords("internal"), reference: "" };
  const own = typeof error.detail === "string" ? error.detail : Object.values(error.detail).join(" ");
  const known = KNOWN.has(error.code);
  const text = own && (!known || TELLING.has(error.code)) ? french(own) : errorWords(known ? (error.code as Code) : "internal");
  return { text, reference: error.requestId ? errorWords("reference", { id: error.requestId }) : "" };
}
