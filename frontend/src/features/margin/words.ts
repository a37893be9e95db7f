import { defineWords } from "@/lib/i18n";

export const t = defineWords("margin", {
  fr: {
    title: "Marge", week_title: "Marge de la semaine", revenue: "CA HT", cost: "Achats HT", margin: "Marge HT", units: "Unités vendues", bought: "Leads payés",
    week_note: "CA HT de la semaine (prépayé compris, rejets et avoirs déduits, unités offertes déduites à la clôture), moins le prix d'achat des leads acceptés des fournisseurs cette semaine : ni doublons, ni invalides, ni essais, ni leads en attente d'un contrôle.",
    source_note: "Pour les leads reçus pendant la période : ce qu'ils ont rapporté jusqu'ici (reventes comprises, rejets et avoirs déduits), moins le prix d'achat de ceux que l'on a acceptés. Un lead d'une page de collecte ne s'achète pas.",
    provider_note: "Pour les leads reçus chaque semaine : ce qu'ils ont rapporté jusqu'ici (reventes comprises, rejets et avoirs déduits), moins leur prix d'achat. Doublons, invalides, essais et leads en attente d'un contrôle ne se paient pas.",
    by_provider: "Marge par fournisseur", by_produit: "Marge par produit", provider: "Fournisseur", produit: "Produit", source: "Source", week: "Semaine",
    unknown: "Prix inconnu", partial_short: "Partielle", action_column: "Action", partial_one: "Partielle : {{count}} lead sans prix d'achat", partial_many: "Partielle : {{count}} leads sans prix d'achat", partial_other: "Partielle : {{count}} leads sans prix d'achat",
    unpriced_one: "{{count}} unité vendue sans prix", unpriced_many: "{{count}} unités vendues sans prix", unpriced_other: "{{count}} unités vendues sans prix",
    unsold_one: "{{count}} lead acheté n'est pas encore vendu : {{cost}} d'achats qui ne sont à aucun client.", unsold_many: "{{count}} leads achetés ne sont pas encore vendus : {{cost}} d'achats qui ne sont à aucun client.",
    unsold_other: "{{count}} leads achetés ne sont pas encore vendus : {{cost}} d'achats qui ne sont à aucun client.",
    unsold_unknown: "prix inconnu", nothing: "Rien n'a été acheté ni vendu sur cette période.", cut: "Les {{n}} premières sur {{total}}.", none: "Sans source",
    costs: "Prix d'achat", costs_note: "Ce que coûte un lead de ce fournisseur, HT, selon le jour où il est reçu.", since: "Depuis le", set: "Modifier le prix…", set_title: "Prix d'achat d'un lead {{produit}}", set_action: "Fixer le prix",
    price: "Prix d'achat HT par lead", price_help: "Vide : prix inconnu, et la marge le dit.", from: "À partir du", from_help: "Le même jour une seconde fois remplace ce qui était dit.", saved: "Prix d'achat fixé.",
    history: "Tous les prix", by: "Fixé par", no_history: "Aucun prix d'achat n'a encore été donné.", weeks: "Huit dernières semaines", not_amount: "Donnez un montant, par exemple 12,50, ou laissez vide.", day_needed: "Donnez le jour.",
  },
  en: { title: "Margin", revenue: "Revenue", cost: "Purchases", margin: "Margin", provider: "Provider", produit: "Product", week: "Week" },
});
