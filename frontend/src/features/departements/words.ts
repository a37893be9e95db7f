import { defineWords } from "@/lib/i18n";

export const t = defineWords("departements", {
  fr: {
    title: "Départements", intro: "Où un lead trouve un acheteur cette semaine, et ce qui en est venu.", produit: "Produit", map: "France, par état", status: "État",
    all: "Tous", departement: "Département", received: "Reçus", before: "Semaine précédente", billable: "Facturables", non_billable: "Non facturables", remaining: "Places",
    remaining_tip: "Places que les commandes ouvertes gardent pour toute leur zone", unlimited: "Illimité", clients: "Clients", more: "{{names}} et {{count}} de plus", no_client: "Aucun", list: "Liste des départements",
    nothing: "Aucun département dans cet état.", orders: "Commandes qui le couvrent", no_order: "Aucune commande ne couvre ce département. Ouvrez-en une pour que ses leads partent.", commande: "Commande", priority: "Attribués / quota", paused: "En pause",
    open: "Ouverte", shared: "Le quota et les places sont ceux de la commande entière.", create: "Créer une commande", tile: "{{code}} {{name}} : {{status}}, reçus {{n}}", show: "Montrer", by_status: "l'état", by_volume: "le volume reçu",
  },
  en: { title: "Départements", status: "State", clients: "Clients", received: "Received", remaining: "Places" },
});
