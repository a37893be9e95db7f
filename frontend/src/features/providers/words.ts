import { defineWords } from "@/lib/i18n";

export const t = defineWords("providers", {
  fr: {
    title: "Fournisseurs", one: "Fournisseur", intro: "Qui nous envoie des leads par l'API, chacun avec sa clé et son entité.", nothing: "Pas encore de fournisseur. Créez le premier pour lui donner sa clé.", create: "Créer un fournisseur", name: "Nom",
    slug: "Identifiant", slug_help: "Lettres, chiffres et tirets. Ne change plus ensuite.", entity: "Entité", status: "État", active: "Actif", paused: "En pause", test: "Mode essai", test_help: "Ses leads sont reçus mais jamais attribués.",
    key: "Clé", key_prefix: "{{prefix}}…", rotated: "Clé remplacée le", leads: "Leads reçus", email: "E-mail de contact", notes: "Remarques", created: "Créé le", optional: "(facultatif)", needed: "Renseignez ce champ.", no_entity: "Choisissez une entité.",
    shown: "Affichage", only_active: "Actifs", only_paused: "En pause", actions: "Actions", pause: "Mettre en pause", resume: "Reprendre", pause_title: "Mettre {{name}} en pause ?", pause_body: "Ses prochains leads seront refusés tant qu'il est en pause. Ceux déjà reçus ne changent pas.",
    resume_title: "Reprendre {{name}} ?", resume_body: "Ses leads seront de nouveau acceptés.", paused_done: "Fournisseur en pause.", resumed_done: "Fournisseur de nouveau actif.", undo: "Annuler", edit: "Modifier", edit_title: "Modifier {{name}}", saved: "Fournisseur enregistré.", created_done: "Fournisseur créé.",
    rotate: "Remplacer la clé", rotate_title: "Remplacer la clé de {{name}} ?", rotate_body: "L'ancienne clé cesse de fonctionner aussitôt : ses envois seront refusés jusqu'à ce qu'il ait la nouvelle.", rotated_done: "Clé remplacée.",
    once_title: "Clé de {{name}}", once_body: "Copiez-la maintenant : elle n'est montrée qu'une fois, seule son empreinte est gardée.", copy: "Copier", copied: "Clé copiée.", close: "J'ai copié la clé", see_leads: "Voir ses leads", save: "Enregistrer", dismiss: "Fermer",
  },
  en: { title: "Providers", name: "Name", status: "State", entity: "Entity", create: "Create a provider", active: "Active", paused: "Paused", edit: "Edit" },
});
