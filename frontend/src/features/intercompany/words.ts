import { defineWords } from "@/lib/i18n";

export const t = defineWords("intercompany", {
  fr: {
    title: "Intersociétés", intro: "Un lead collecté par une entité et vendu par l'autre se facture entre elles, chaque lundi pour la semaine d'avant.",
    views: "Vue", transfers: "Transferts", invoices: "Factures", prices: "Prix internes", settlement: "Compensation", direction: "Sens",
    pending: "À facturer", pending_ht: "À facturer HT", errors: "À corriger", invoiced: "Facturé TTC", credited: "Avoirs TTC", paid: "Réglé", net: "Reste dû TTC",
    no_direction: "Aucun échange entre vos entités.", none: "Pas encore de transfert. Le premier naît quand une entité vend un lead de l'autre.",
    none_invoice: "Pas encore de facture entre entités. Elles se font le lundi, ou ici pour une semaine.", lead: "Lead", sent: "Envoyé le", product: "Produit",
    price: "Prix HT", status: "État", week: "Semaine", problem: "À corriger", why_mode: "Vente", normal: "Normale", fallback: "Faute de commande chez l'entité",
    invoice: "Facture", cancel: "Annuler…", cancel_title: "Annuler ce transfert de {{direction}} ?", cancel_body: "Il ne sera pas facturé entre les entités. La livraison ne change pas.",
    cancel_action: "Annuler le transfert", cancelled: "Transfert annulé.", not_pending: "Seul un transfert à facturer ou à corriger s'annule.", retry: "Reprendre les transferts à corriger",
    retried: "{{fixed}} repris, {{left}} encore à corriger.", nothing_to_retry: "Aucun transfert à corriger.", generate: "Facturer une semaine…", generate_title: "Facturer une semaine entre entités",
    generate_body: "Les transferts à facturer de cette semaine sont facturés dans chaque sens et les factures sont émises aussitôt. Ce qui l'est déjà ne l'est pas deux fois.",
    generate_action: "Facturer la semaine", week_field: "Semaine", generated: "{{invoices}} factures et {{avoirs}} avoirs émis.", refused: "Refusés",
    errors_left: "Transferts encore à corriger : {{n}}. Complétez les prix internes, puis reprenez-les.", close: "Fermer", number: "N°", issued: "Émise le", ht: "HT", ttc: "TTC", left: "Reste dû",
    record: "Facture intersociétés", carried: "Transferts facturés", document: "Document et règlements", avoirs: "Avoirs", from_entity: "Collecté par", to_entity: "Vendu par",
    set: "Fixer…", change: "Modifier…", price_title: "Prix interne {{direction}} {{product}}", price_action: "Fixer le prix", price_field: "Prix HT par lead",
    price_note: "Il vaut pour ce qui sera envoyé désormais ; ce qui l'est déjà garde son prix.", price_saved: "Prix interne fixé.", amount_needed: "Donnez un prix, par exemple 25,00.",
    missing: "Prix manquant", updated: "Modifié le", no_price: "Tous les prix sont fixés.", action: "Action", other_error: "Transfert à corriger", no_entity_price: "Prix interne manquant",
    draft: "Brouillon", position: "Position de {{entity}}",
  },
  en: { title: "Intercompany", transfers: "Transfers", invoices: "Invoices", prices: "Internal prices", status: "State", week: "Week" },
});
