import { defineWords } from "@/lib/i18n";

export const t = defineWords("commandes", {
  fr: {
    search: "Client", view_low: "Quotas < 5", few_left: "{{n}} ou moins", title: "Commandes", one: "Commande", intro: "Ce que chaque client achète par semaine. Attribués : réservés dans la semaine ; envoyés : partis.", nothing: "Pas encore de commande. Créez la première pour que les leads partent.",
    create: "Créer une commande", client: "Client", produit: "Produit", departements: "Départements", everywhere: "Toute la France", quota: "Quota",
    unlimited: "Illimité", reserved: "Attribués", reserved_tip: "Leads réservés dans la semaine, partis ou non", sent: "Envoyés", sent_tip: "Leads partis dans la semaine",
    remaining: "Reste", remaining_tip: "Places encore libres cette semaine", lb_target: "Part de LB visée", priority: "Priorité", status: "État", active: "Ouverte", paused: "En pause", paused_until: "En pause jusqu'au {{day}}",
    entity: "Entité", shown: "Affichage", paused_too: "En pause aussi", client_filter: "Client", page_title: "{{client}}, {{produit}}", configuration: "Configuration",
    lb_sent: "dont LB", auto_renew: "Reconduite chaque semaine", yes: "Oui", no: "Non", notes: "Remarques", created: "Créée le", updated: "Modifiée le", edit: "Modifier", duplicate: "Dupliquer",
    pause: "Mettre en pause", resume: "Rouvrir", pause_title: "Mettre en pause {{produit}} de {{client}} ?",
    pause_body_one: "Plus aucun lead ne lui sera attribué. {{count}} lead réservé sera libéré et pourra aller à un autre client.",
    pause_body_many: "Plus aucun lead ne lui sera attribué. {{count}} leads réservés seront libérés et pourront aller à d'autres clients.",
    pause_body_other: "Plus aucun lead ne lui sera attribué. {{count}} leads réservés seront libérés et pourront aller à d'autres clients.",
    resume_title: "Rouvrir {{produit}} de {{client}} ?", resume_body: "Les leads qui attendent pourront lui être attribués dès maintenant.",
    paused_done_one: "Commande en pause : {{count}} lead réservé est libéré.", paused_done_many: "Commande en pause : {{count}} leads réservés sont libérés.", paused_done_other: "Commande en pause : {{count}} leads réservés sont libérés.",
    resumed_done: "Commande rouverte.", undo: "Annuler", progress: "Avancement de la semaine", weeks: "Leads envoyés par semaine", total: "Envoyés depuis le début : {{n}}", price_link: "Voir le tarif appliqué",
    deliveries: "Voir ses livraisons", new_title: "Nouvelle commande", edit_title: "Modifier la commande", quota_help: "Leads par semaine. 0 : illimité.", lb_help: "En pour cent du quota.", priority_help: "1 est servie en premier, 10 en dernier.",
    areas_help: "Codes ou noms. Collez une liste, ou cochez toute la France.", needed: "Renseignez ce champ.", optional: "(facultatif)", search_client: "Tapez le début d'un nom",
    no_change: "Ni le client ni le produit ne changent : ouvrez une autre commande.", week: "Semaine",
  },
  en: { title: "Orders", one: "Order", client: "Client", status: "State", create: "Create an order", edit: "Edit", quota: "Quota", active: "Open", paused: "Paused" },
});
