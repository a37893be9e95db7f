import { defineWords } from "@/lib/i18n";

export const t = defineWords("tour", {
  fr: {
    name: "Visite guidée", welcome: "Bienvenue, {{name}}.",
    welcome_body: "En deux minutes, suivez un lead de sa vente à sa facture. Vous êtes sur la base de démonstration : rien ne part chez de vrais clients.",
    start: "Commencer", later: "Plus tard", skip: "Passer", quit: "Quitter", at: "Étape {{n}} sur {{of}}", keyboard: "Au clavier : {{keys}}", done: "Faite", next: "l'acheteur suivant",
    find: "Trouver", find_text: "{{client}} vous appelle au sujet du {{phone}}. Cherchez ce numéro, écrit comme vous voulez.", find_keys: "/, le numéro, Entrée",
    why: "Comprendre", why_text: "Pourquoi ce client ? Ouvrez la réponse : quatre commandes examinées, trois écartées, chacune avec sa raison.", why_keys: "Tab jusqu'à elle, Entrée",
    reject: "Rejeter", reject_text: "C'était déjà leur client. Rejetez la livraison avec ce motif : le quota et la facture se corrigent seuls.", reject_keys: "Ctrl K, « rejeter », ↓ motif, Entrée deux fois",
    resell: "Revendre", resell_text: "Le lead est déjà attribué à {{next}}, et ne retournera jamais chez {{client}}. Toute sa vie est dans la chronologie.", resell_keys: "rien à faire",
    send: "Envoyer", send_text: "Lancez l'envoi du jour sans attendre 9 h 30. La confirmation dit combien de leads, chez combien de clients.", send_keys: "Ctrl K, « lancer l'envoi », Entrée deux fois",
    prove: "Prouver", prove_text: "Ouvrez le lot de {{next}} : le destinataire, l'heure d'acceptation, l'empreinte du fichier.", prove_keys: "Ctrl K, « lots », Entrée, ↓, Entrée",
    read: "Relire", read_text: "Téléchargez le CSV : c'est exactement le fichier reçu par le client.", read_keys: "Tab jusqu'à « Télécharger », Entrée",
    bill: "Facturer", bill_text: "Facturation, semaine précédente, {{client}} : Clore, puis Émettre. Le lead rejeté n'y est plus, et le numéro est pris à cet instant.", bill_keys: "Ctrl K, « facturation », ←, puis Tab et Entrée",
    end: "Trouvé, expliqué, rejeté, revendu, envoyé, prouvé, facturé : vous connaissez l'essentiel. Les raccourcis sont sous ?.", cockpit: "Aller au Cockpit", again: "Recommencer",
    steps: "Étapes de la visite",
  },
  en: { name: "Guided tour", start: "Start", later: "Later", skip: "Skip", quit: "Quit", again: "Start again" },
});
