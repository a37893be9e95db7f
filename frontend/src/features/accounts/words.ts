import { defineWords } from "@/lib/i18n";

export const t = defineWords("accounts", {
  fr: {
    login: "Connexion", email: "Adresse e-mail", password: "Mot de passe", submit: "Se connecter", both: "Saisissez votre adresse et votre mot de passe.",
    wrong: "Adresse e-mail ou mot de passe incorrect.", disabled: "Ce compte est désactivé. Adressez-vous à un administrateur.",
    show: "Afficher le mot de passe", account: "Mon compte", intro: "Votre identité, vos droits et votre mot de passe.", name: "Nom",
    role: "Rôle", entity: "Entité", change: "Changer de mot de passe", current: "Mot de passe actuel", next: "Nouveau mot de passe",
    next_help: "15 caractères ou plus, par exemple quatre mots sans rapport.", changed: "Mot de passe changé. Vos autres sessions sont fermées.",
    keyboard: "Clavier", single_keys: "Raccourcis d'une seule touche", single_keys_help: "/ recherche, ? montre les raccourcis, ← → changent de semaine, ↑ ↓ de ligne. Ctrl K marche toujours.",
    forgot: "Mot de passe oublié", forgot_help: "Un lien pour en choisir un nouveau part à cette adresse, si un compte la porte.", forgot_send: "Recevoir un lien",
    forgot_sent: "Si un compte porte cette adresse, un e-mail vient de partir. Son lien est valable 30 minutes.", email_needed: "Saisissez votre adresse.",
    back_to_login: "Se connecter", choose: "Choisir un mot de passe", again: "Le même, encore une fois", choose_send: "Enregistrer ce mot de passe",
    not_the_same: "Les deux saisies diffèrent.", no_token: "Ce lien est incomplet : ouvrez celui de l'e-mail.", chosen: "Mot de passe enregistré. Connectez-vous.",
    ask_again: "Demander un autre lien", needed: "Ce champ est nécessaire.", identity: "Identité",
  },
  en: { login: "Sign in", email: "E-mail", password: "Password", submit: "Sign in", account: "My account" },
});
