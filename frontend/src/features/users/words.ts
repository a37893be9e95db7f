import { defineWords } from "@/lib/i18n";

export const t = defineWords("users", {
  fr: {
    search: "Nom ou adresse e-mail", title: "Utilisateurs", intro: "Qui se connecte, avec quel rôle et quels droits.", nothing: "Pas encore d'utilisateur.", name: "Nom", email: "Adresse e-mail",
    role: "Rôle", entity: "Entité", state: "État", active: "Actif", inactive: "Désactivé", created: "Créé le", by: "Créé par", rights: "Droits",
    rights_help: "Choisir un rôle remplit les droits ; vous pouvez ensuite les ajuster.", rights_all: "La direction a tous les droits.",
    invited_help: "La personne reçoit un e-mail et choisit elle-même son mot de passe. Le lien sert une fois, pendant 7 jours.",
    invite: "Envoyer un lien…", invite_title: "Envoyer à {{name}} un lien pour choisir son mot de passe ?", invite_body: "Il part à {{email}}, sert une fois, pendant 7 jours, et remplace le lien précédent.",
    invite_action: "Envoyer le lien", invited: "Lien envoyé.", create: "Créer un utilisateur", create_title: "Nouvel utilisateur", needed: "Ce champ est nécessaire.",
    submit: "Créer", created_done: "Utilisateur créé.", deactivate: "Désactiver…", deactivate_title: "Désactiver le compte de {{name}} ?",
    deactivate_body: "Ses sessions sont fermées aussitôt. Ses gestes passés restent dans le journal.", deactivate_action: "Désactiver le compte",
    deactivated: "Compte désactivé.", reactivate: "Réactiver…", reactivate_title: "Réactiver le compte de {{name}} ?",
    reactivate_body: "La personne pourra de nouveau se connecter, avec son ancien mot de passe.", reactivate_action: "Réactiver le compte",
    reactivated: "Compte réactivé.", yourself: "Vous ne pouvez pas désactiver votre propre compte.", log: "Voir ses gestes", 
    active_only: "Comptes", only_active: "Actifs seulement",
  },
  en: { title: "Users", name: "Name", email: "E-mail", role: "Role", create: "Create a user" },
});
