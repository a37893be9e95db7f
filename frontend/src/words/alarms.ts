/** What each alarm of the house means and what to do; the whole recipe is in RUNBOOK.md, part 10. */
import { language } from "@/lib/i18n";
import { french } from "@/lib/typography";

interface AlarmWord {
  fr: string;
  /** What to do, in one or two sentences. */
  act: string;
  en: string;
  /** The page where it is done, and the permission it needs. */
  to?: [string, string];
}
const w = (fr: string, act: string, en: string, to?: [string, string]): AlarmWord => ({ fr, act, en, ...(to ? { to } : {}) });
const OUTBOX = "outbox.view";

/** Keys: the codes raised by the backend; tests/architecture/test_runbook.py refuses one without its words. */
export const alarms: Record<string, AlarmWord> = {
  "alerts.depth": w("Plus de 100 envois attendent sur un canal", "Rouvrez le canal s'il est arrêté, sinon attendez : rien n'est perdu.", "More than 100 messages wait on a channel", ["/admin/outbox?state=pending", OUTBOX]),
  "alerts.slow": w("Plus de 2 s par tentative d'envoi", "Prévenez l'hébergeur du serveur, ou le client, si cela dure.", "More than 2 s per attempt", ["/admin/outbox", OUTBOX]),
  "alerts.success": w("Moins de 90 % des tentatives d'envoi réussissent", "Un seul client : corrigez son adresse ou son interface. Tous : appelez l'hébergeur du courrier.", "Fewer than 90% of attempts succeed", ["/admin/outbox?state=failed", OUTBOX]),
  "crm.calls": w("Le CRM d'une entité n'a pas pris un lead", "Regardez les réponses dans la file d'envoi. Aucune livraison n'en dépend.", "A CRM did not take a lead", ["/admin/outbox", OUTBOX]),
  "cron.failed": w("Une tâche planifiée a échoué, ou n'a pas été exécutée, depuis 7 jours", "Lisez son erreur ci-dessous, corrigez la cause, puis lancez-la : chaque lead part une seule fois.", "A scheduled job failed within 7 days"),
  "cron.late": w("Une tâche planifiée a plus de 15 minutes de retard", "Vérifiez que les processus vivent. La livraison se rattrape jusqu'à 20 h 00.", "A scheduled job is more than 15 minutes late"),
  "cron.skew": w("L'horloge du serveur s'écarte de celle de la base", "Faites remettre les machines à l'heure : les tâches planifiées refusent de démarrer d'ici là.", "The server's clock is off"),
  "deliveries.failed": w("Des livraisons sont refusées", "Corrigez l'adresse ou l'interface du client, puis relancez l'envoi.", "Deliveries failed", ["/admin/deliveries?status=failed", "deliveries.view"]),
  "deliveries.uncertain": w("Des livraisons sont incertaines", "Tranchez l'envoi qui les porte : la livraison suit.", "Deliveries are uncertain", ["/admin/outbox?state=uncertain", OUTBOX]),
  "hold.on": w("Tous les envois sont retenus", "Marquez ce qui est déjà parti, puis laissez repartir les envois.", "Everything is held", ["/admin/outbox?state=pending", OUTBOX]),
  "indexes.missing": w("Un index manque dans la base", "Demandez à l'exploitation de recréer les index : une promesse n'a plus de garde d'ici là.", "An index is missing"),
  "intercompany.error": w("Un transfert entre les entités n'a pas de prix interne", "Saisissez le prix, puis reprenez les transferts : rien n'est facturé à 0.", "An intercompany transfer has no price", ["/admin/settings/prix", "intercompany.manage"]),
  "invoices.overdue": w("Des factures sont échues", "Relancez les clients concernés.", "Invoices are overdue"),
  "mail.unusable": w("Une boîte d'envoi n'a pas de mot de passe", "Demandez à l'exploitation de le renseigner, puis reprenez le canal.", "A mailbox has no password", ["/admin/outbox", OUTBOX]),
  "outbox.dead": w("Des envois sont abandonnés après 72 h", "Relancez-les, corrigez leur adresse, ou annulez-les.", "Messages were given up", ["/admin/outbox?state=dead", OUTBOX]),
  "outbox.down": w("Un serveur est hors d'atteinte, son canal s'est arrêté", "Rien à faire d'ordinaire : un message essaie toutes les 10 minutes au plus, et tout repart. « Reprendre » essaie tout de suite.", "A server is out of reach", ["/admin/outbox", OUTBOX]),
  "outbox.paused": w("Un canal d'envoi est en pause", "Lisez le motif, corrigez le mot de passe ou le secret, puis reprenez le canal. Rien n'est perdu.", "A channel is paused", ["/admin/outbox", OUTBOX]),
  "outbox.uncertain": w("Personne ne sait si un message est parti", "Cherchez-le chez l'hébergeur ou demandez au client, puis tranchez. Rien n'est renvoyé tout seul.", "A message is uncertain", ["/admin/outbox?state=uncertain", OUTBOX]),
  "processes.missing": w("Un processus ne tourne pas", "Demandez à l'exploitation de le démarrer. Rien n'est perdu : ce qui attend part ensuite.", "A process is not running"),
  "pushes.disabled": w("L'interface d'un client s'est coupée d'elle-même", "Corrigez ses réglages sur la fiche du client, essayez, puis relancez ses échecs.", "A client's interface was disabled", ["/admin/outbox", OUTBOX]),
  "pushes.failing": w("L'interface d'un client échoue un deuxième jour", "Appelez le client : au cinquième jour, elle se coupe.", "A client's interface has been failing", ["/admin/outbox", OUTBOX]),
  "reports.missing": w("Aucun rapport de livraison depuis 26 h", "Lancez la livraison quotidienne ci-dessous, puis cherchez pourquoi elle n'a pas tourné.", "No delivery report for 26 h"),
  "suppressions.addresses": w("Des adresses sont écartées : leur serveur dit qu'elles n'existent pas", "Corrigez l'adresse sur la fiche du client ; si elle existe de nouveau, levez-la.", "Addresses are suppressed", ["/admin/outbox?ecartees=1", OUTBOX]),
  "system.check": w("Un contrôle de la santé a lui-même échoué", "La base est lente ou hors d'atteinte. Si cela dure, signalez-le au développement.", "A health check failed"),
};

/** The words of an alarm; one that the dictionary does not have says so instead of showing its code. */
export function alarmOf(code: string): { text: string; act: string; to?: [string, string] } {
  const word = alarms[code];
  const en = language() === "en";
  if (!word) return { text: en ? "Unknown alarm" : "Alarme inconnue", act: "" };
  return { text: en ? word.en : french(word.fr), act: french(word.act), ...(word.to ? { to: word.to } : {}) };
}
