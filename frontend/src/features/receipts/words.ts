import { defineWords } from "@/lib/i18n";

export const t = defineWords("receipts", {
  fr: {
    title: "Lots", intro: "Un lot est ce qui part en un message ou un appel : un client, une commande, un fichier.",
    nothing: "Pas encore de lot. Le premier naît à la préparation de l'envoi du jour.", client: "Client", status: "État",
    ack: "Accusé de réception", produit: "Produit", leads: "Leads", lb: "dont LB", entity: "Entité", day: "Jour de départ",
    sent: "Envoyé le", handed: "Accepté le", to: "Destinataires", file: "Fichier", hash: "Empreinte du fichier (SHA-256)",
    acknowledged: "Accusé", ack_yes: "Reçu", ack_no: "Demandé, pas encore reçu", week: "Semaine d'envoi", client_filter: "Client",
    heading: "Lot de {{client}}", manifest: "Ce qui est parti", sendings: "Destinataires et réponses des serveurs",
    sendings_note: "Une ligne par destinataire ; les copies renvoyées sont à la suite.", none_sent: "Rien n'est encore parti pour ce lot.",
    download: "Télécharger le CSV", deliveries: "Voir les livraisons", proof: "Preuve", proof_email: "Acceptation par le serveur de messagerie",
    proof_api: "Réponse de l'interface du client", simulated: "Simulation", simulated_yes: "Oui : parti vers l'adresse de simulation",
    no: "Non", created: "Préparé le", ack_at: "Reçu le {{at}}, depuis l'adresse {{ip}}", ack_waiting: "Demandé dans le message, pas encore reçu.",
    ack_none: "Aucun accusé n'a été demandé.", answer: "Réponse du serveur", message_id: "Identifiant du message", attempts: "Tentatives",
    attempt: "Tentative {{n}}", took: "{{s}} s", replaced: "Remplacé par un autre envoi", copy: "Copie renvoyée", last_error: "Dernière erreur",
    copy_hash: "Copier l'empreinte", hash_copied: "Empreinte copiée.", not_handed: "Pas encore accepté",
  },
  en: { title: "Batches", client: "Client", status: "State", download: "Download the CSV" },
});
