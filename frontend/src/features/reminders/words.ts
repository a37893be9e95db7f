import { defineWords } from "@/lib/i18n";

export const t = defineWords("reminders", {
  fr: {
    title: "Relances", remind: "Relancer…", dialog: "Relancer {{client}}", action: "Envoyer la relance", sent: "Relance en cours d'envoi à {{to}}.",
    to: "Destinataire", no_address: "Ce client n'a pas d'adresse de facturation : complétez sa fiche.", level: "Ton de la relance",
    suggested: "Proposé d'après les relances déjà parties.", last: "Dernière relance le {{at}} par {{who}}.", first: "Aucune relance jusqu'ici.",
    subject: "Objet", message: "Message", follows: "Ajouté à la suite du message", attached_one: "{{count}} facture jointe, {{total}} TTC à régler.",
    attached_many: "{{count}} factures jointes, {{total}} TTC à régler.", attached_other: "{{count}} factures jointes, {{total}} TTC à régler.",
    simulation: "Simulation : le message part à {{to}}, pas au client.", again: "Relancer une seconde fois aujourd'hui",
    again_why: "Cette relance a déjà été demandée aujourd'hui à {{at}} par {{who}}.", again_needed: "Cochez la case pour relancer une seconde fois aujourd'hui.",
    words_needed: "Donnez un objet et un message.", preparing: "Le message se prépare. Réessayez dans un instant.", on: "Le", state: "État", total: "Montant TTC", by: "Par", invoices: "Factures",
    read: "Lire le message", none: "Aucune relance.", show: "Voir les relances", copy: "Simulation", last_on: "Dernière relance", never: "Jamais",
    more: "Seules les {{n}} dernières relances sont affichées, sur {{total}}.",
  },
  en: { title: "Reminders", remind: "Remind…", action: "Send the reminder", to: "Recipient", subject: "Subject", message: "Message", state: "State" },
});
