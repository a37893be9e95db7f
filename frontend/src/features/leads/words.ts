import { defineWords } from "@/lib/i18n";

export const t = defineWords("leads", {
  fr: {
    title: "Leads", intro: "Les demandes reçues, et ce que chacune est devenue.", search: "Nom, e-mail ou téléphone",
    nothing: "Pas encore de lead. Ils arrivent des pages de collecte et des fournisseurs.", received: "Reçu le", contact: "Contact",
    phone: "Téléphone", status: "État", produit: "Produit", departement: "Département", client: "Client", source: "Source",
    entity: "Entité", week: "Semaine de réception", client_filter: "Client", provider_filter: "Fournisseur", email: "E-mail",
    unnamed: "Sans nom", identity: "Contact", origin: "Provenance", decision: "Décision", timeline: "Chronologie",
    considered: "Commandes examinées", considered_note: "Pourquoi ce client, et pourquoi pas les autres.",
    none_considered: "Aucune commande n'a été examinée.", chosen: "Choisie", others_one: "{{entity}} : {{count}} commande examinée",
    others_many: "{{entity}} : {{count}} commandes examinées", others_other: "{{entity}} : {{count}} commandes examinées",
    reason: "Raison", routed: "Attribué le", delivered: "Livré le", form: "Formulaire", page: "Page", provider: "Fournisseur",
    campaign: "Campagne", locked: "Réservé à son entité", yes: "Oui", no: "Non", quality: "Qualité du numéro", consent: "Consentement",
    consent_given: "Donné", consent_proof: "Donné et prouvé", consent_missing: "Sans preuve", ev_received: "Reçu",
    ev_received_from: "Source : {{source}}", ev_assigned: "Attribué à {{client}}", ev_crossed: "Cédé à {{entity}}",
    ev_sent: "Envoyé à {{client}}", ev_sent_crossed: "Envoyé par {{entity}}", ev_to: "à {{to}}", ev_rejected: "Rejeté par {{client}}",
    ev_removed: "Retiré", ev_failed: "Échec d'envoi", ev_note: "Note", deliveries: "Livraisons", commande: "Commande",
    reject: "Rejeter la livraison…", lb: "LB", kind: "Type de source", waiting: "En attente du prochain jour ouvré",
  },
  en: { title: "Leads", search: "Name, e-mail or phone", status: "State", client: "Client", timeline: "Timeline" },
});
