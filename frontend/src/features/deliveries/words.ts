import { defineWords } from "@/lib/i18n";

export const t = defineWords("deliveries", {
  fr: {
    title: "Livraisons", intro: "Une livraison est un lead pour un client. Ce qui part ensemble est un lot.",
    search: "Nom, e-mail ou téléphone",
    nothing: "Pas encore de livraison. La première naît quand un lead trouve une commande ouverte.", contact: "Lead", client: "Client",
    status: "État", outcome: "Suite", produit: "Produit", entity: "Entité", created: "Créée le", sent: "Envoyée le", to: "Destinataires",
    attempts: "Tentatives", error: "Erreur", billable: "Facturable", yes: "Oui", no: "Non", week: "Semaine de création",
    sent_week: "Semaine d'envoi", client_filter: "Client", commande_filter: "Commande", lead_filter: "Lead", due: "Jour de départ",
    reason: "Motif", by: "Décidé par", phone: "Téléphone", departement: "Département", lead_page: "Fiche du lead", reject: "Rejeter…",
    reject_title: "Rejeter la livraison de {{name}} à {{client}} ?",
    reject_body: "Elle ne sera pas facturée, sa place revient à la commande, et ce client ne reverra jamais ce lead.",
    reject_action: "Rejeter la livraison", rejected: "Livraison rejetée.", remove: "Retirer…",
    remove_title: "Retirer la livraison de {{name}} à {{client}} ?",
    remove_body: "Elle ne sera pas facturée et sa place revient à la commande. Le client la garde dans son fichier.",
    remove_action: "Retirer la livraison", removed: "Livraison retirée.", note: "Précision", last_error: "Dernière erreur",
    not_sent: "Rien n'est parti : il n'y a rien à rejeter.", already: "La suite de cette livraison est déjà décidée.",
    file: "Fichier", method: "Départ", cancelled: "Raison de l'annulation",
  },
  en: { title: "Deliveries", client: "Client", status: "State" },
});
