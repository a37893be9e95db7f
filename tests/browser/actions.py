"""Every action of the dashboard: where it is, who may do it, how it is done, what it asks of the API.

A `useWrite` of the dashboard that is not here fails `test_actions.py`: declare yours. `{names}` in an address are the
objects of `house.py`. What people press is named as they read it; ordinary spaces and quotes are typed here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page

Step = Callable[[Page], Awaitable[None]]


def words(text: str) -> str:
    """French typography, as `lib/typography.ts` puts it."""
    for mark in ";:!?%€»":
        text = text.replace(f" {mark}", f"\u202f{mark}")
    return text.replace("'", "\u2019").replace("« ", "«\u202f")


@dataclass(frozen=True)
class Action:
    source: str
    """The file of `features/` that calls."""
    call: str
    permission: str | None
    """The key that offers it, and that the endpoint asks for."""
    page: str
    offered: str
    """Playwright selector of what is there when it is offered."""
    how: tuple[Step, ...]
    """From the page to the call; the last one calls."""
    before: tuple[Step, ...] = ()
    """Answered by the server, even when the call is refused on purpose."""
    held: bool = False
    """Exists only while everything is held."""
    shows: str = ".toast-success"
    """What is there once the server said yes."""


async def _scope(page: Page) -> Locator:
    """The dialog when one is open, else the page."""
    dialog = page.get_by_role("dialog")
    return dialog.last if await dialog.count() else page.locator("main")


async def _opened(page: Page) -> None:
    await page.get_by_role("dialog").last.wait_for()


def press(name: str) -> Step:
    async def step(page: Page) -> None:
        await (await _scope(page)).get_by_role("button", name=words(name), exact=True).first.click()

    return step


def click(selector: str) -> Step:
    async def step(page: Page) -> None:
        await page.locator(selector).first.click()

    return step


def fill(label: str, text: str) -> Step:
    async def step(page: Page) -> None:
        await (await _scope(page)).get_by_label(words(label), exact=True).first.fill(text)

    return step


def pick(label: str, option: str) -> Step:
    async def step(page: Page) -> None:
        await (await _scope(page)).get_by_role("combobox", name=words(label)).click()
        await page.get_by_role("option", name=words(option)).first.click()

    return step


def flip(label: str) -> Step:
    async def step(page: Page) -> None:
        await (await _scope(page)).get_by_label(words(label), exact=True).first.click()

    return step


def button(name: str) -> str:
    return f'main >> role=button[name="{words(name)}"]'


def link(name: str) -> str:
    return f'main >> role=link[name="{words(name)}"]'


SAVE = press("Enregistrer")
SETTING = "fieldset.form:not(:disabled)"


def _ask(
    source: str, call: str, permission: str | None, page: str, name: str, *how: Step, held: bool = False
) -> Action:
    """A button, then what its dialog asks."""
    asked = (_opened, *how) if how else ()
    return Action(source, call, permission, page, button(name), (press(name), *asked), held=held)


def _setting(source: str, key: str, tab: str, *how: Step) -> Action:
    where = f"/admin/settings/{tab}/ZR7"
    return Action(source, f"PUT /api/settings/{key}", "settings.manage", where, SETTING, (*how, SAVE))


_ROW, _ONE, _LEAD = "/api/outbox/{row_id}", "/api/deliveries/{delivery_id}", "/api/leads/{lead_id}"
_CLIENT, _INVOICE = "/api/clients/{client_id}", "/api/invoices/{invoice_id}"
_SUSPEND = "main >> button[aria-label^='Suspendre ']"
_TAKE_UP = "main >> button[aria-label^='Reprendre ']"
_PERSON = (fill("Téléphone", "01 99 00 77 88"), fill("Nom", "Henry"), fill("Département", "75"))
_RUN = 'main >> li:not(:has-text("Livraison quotidienne")) >> role=button[name="Lancer maintenant…"]'
_LAUNCH = words('[role=dialog] >> role=button[name="Lancer l\'envoi"]')  # opened once the figures are there
_REASON = pick("Motif", "Hors zone")
_LEFT = (fill("Parti le (heure de Paris)", "2026-03-11T11:30"), fill("Preuve (identifiant vu chez l'hébergeur…)", "Vu"))

DAILY = [
    _ask("deliveries/deciding.ts", f"POST {_ONE}/reject-leads", "deliveries.outcome",
         "/admin/deliveries?fiche={sent}", "Rejeter…", _REASON, press("Rejeter la livraison")),
    _ask("deliveries/deciding.ts", f"POST {_ONE}/remove-lead", "deliveries.outcome",
         "/admin/deliveries?fiche={kept}", "Retirer…", _REASON, press("Retirer la livraison")),
    Action("bulk/RejectsPage.tsx", f"POST {_CLIENT}/pasted-rejects", "deliveries.outcome",
           "/admin/clients/{client}/rejets", 'main >> role=textbox[name="Texte du client"]',
           (fill("Texte du client", "01 99 00 42 17"), press("Chercher les numéros")),
           shows="main >> text=Numéros trouvés"),
    _ask("deliveries/Sending.tsx", f"POST {_ONE}/send", "deliveries.resend",
         "/admin/deliveries?fiche={copied}", "Renvoyer une copie…", press("Renvoyer une copie")),
    _ask("deliveries/SendCopy.tsx", f"POST {_ONE}/send", "deliveries.resend",
         "/admin/batches/{batch}", "Renvoyer une copie…", press("Renvoyer une copie")),
    _ask("deliveries/Sending.tsx", f"POST {_ONE}/cancel", "deliveries.resend",
         "/admin/deliveries?fiche={waiting}", "Annuler l'envoi…", press("Annuler l'envoi")),
    _ask("leads/LeadActions.tsx", f"POST {_LEAD}/notes", "leads.add_note",
         "/admin/leads/{lead}", "Ajouter une note…", fill("Note", "À rappeler"), press("Ajouter la note")),
    _ask("leads/LeadActions.tsx", f"POST {_LEAD}/reroute", "leads.reroute",
         "/admin/leads/{lead}", "Chercher un acheteur"),
    _ask("leads/LeadActions.tsx", f"PUT {_LEAD}/status", "leads.edit_status",
         "/admin/leads/{aside}", "Écarter…", fill("Motif", "Faux numéro"), press("Écarter le lead")),
    Action("leads/CorrectPage.tsx", f"PUT {_LEAD}", "leads.edit_status", "/admin/leads/{lead}", link("Corriger"),
           (click(link("Corriger")), fill("Nom", "Chevallier"), SAVE)),
    Action("leads/EntryPage.tsx", "POST /api/leads", "leads.edit_status", "/admin/leads?entite=ZR7",
           link("Saisir un lead"), (click(link("Saisir un lead")), *_PERSON, SAVE)),
    Action("leads/BenchPage.tsx", "POST /api/leads", "leads.edit_status", "/admin/leads/essai?entite=ZR7",
           button("Essayer"), (fill("Téléphone", "01 99 00 77 99"), fill("Département", "75"), press("Essayer")),
           shows=link("Voir le lead d'essai")),
    _ask("leads/Mending.tsx", f"POST {_LEAD}/resubmit", "leads.edit_status", "/admin/leads/{ended}",
         "Soumettre à nouveau", press("Soumettre à nouveau")),
    _ask("leads/LeadActions.tsx", f"DELETE {_LEAD}", "leads.delete",
         "/admin/leads/{gone}", "Retirer du commerce…", fill("Motif", "Demande"), press("Retirer le lead")),
    _ask("outbox/MessageActions.tsx", f"POST {_ROW}/requeue", "outbox.manage",
         "/admin/outbox?fiche={requeue}", "Relancer…", press("Relancer l'envoi")),
    _ask("outbox/MessageActions.tsx", f"POST {_ROW}/cancel", "outbox.manage",
         "/admin/outbox?fiche={cancel}", "Annuler…", press("Annuler l'envoi")),
    _ask("outbox/MessageActions.tsx", f"POST {_ROW}/correct-recipient", "outbox.manage",
         "/admin/outbox?fiche={correct}", "Corriger l'adresse…",
         fill("Nouvelle adresse e-mail", "bureau2@zr7-buyers.fr"), press("Corriger l'adresse")),
    _ask("outbox/MessageActions.tsx", f"POST {_ROW}/resolve", "outbox.manage",
         "/admin/outbox?fiche={uncertain}", "Trancher…", pick("Motif", "Il n'est pas arrivé"), press("Trancher")),
    _ask("outbox/MarkDialog.tsx", f"POST {_ROW}/mark-sent", "outbox.manage", "/admin/outbox?fiche={pending}",
         "Marquer comme parti…", *_LEFT, press("Marquer comme parti"), held=True),
    _ask("outbox/ChannelsCard.tsx", "POST /api/outbox/channels/{channel}/pause", "outbox.manage", "/admin/outbox",
         "Mettre en pause…", fill("Motif, affiché à l'équipe", "Essai"), press("Mettre en pause")),
    _ask("outbox/ChannelsCard.tsx", "POST /api/outbox/channels/{channel}/requeue", "outbox.manage", "/admin/outbox",
         "Relancer les échecs…", press("Relancer les échecs")),
    _ask("outbox/ChannelsCard.tsx", "POST /api/outbox/channels/{channel}/resume", "outbox.manage", "/admin/outbox",
         "Reprendre", press("Reprendre le canal")),
    _ask("outbox/Hold.tsx", "POST /api/system/hold", "system.manage", "/admin/outbox",
         "Retenir tous les envois…", fill("Motif, affiché à l'équipe", "Essai"), press("Retenir les envois")),
    _ask("outbox/Hold.tsx", "DELETE /api/system/hold", "system.manage", "/admin/outbox",
         "Laisser repartir…", press("Laisser repartir"), held=True),
    Action("system/running.ts", "POST /api/system/cron/{job}/run", "system.manage", "/admin/health", _RUN,
           (click(_RUN), _opened, press("Lancer maintenant"))),
    _ask("delivery_run/launch.ts", "POST /api/system/cron/{job}/run", "system.manage", "/admin/envoi",
         "Lancer maintenant…", click(_LAUNCH)),
    Action("delivery_run/Suspension.tsx", f"POST {_CLIENT}/suspension", "deliveries.resend",
           "/admin/clients/{client}", _SUSPEND, (click(_SUSPEND), press("Suspendre l'envoi du jour"))),
    Action("delivery_run/Suspension.tsx", f"DELETE {_CLIENT}/suspension", "deliveries.resend",
           "/admin/clients/{suspended}", _TAKE_UP, (click(_TAKE_UP),)),
]  # fmt: skip

_NEW_CLIENT = (fill("Nom", "Énergies du Rhône"), fill("Adresse e-mail", "leads@energies-rhone.fr"))
TRADE = [
    Action("clients/ClientFormPage.tsx", "POST /api/clients", "clients.create", "/admin/clients",
           link("Créer un client"), (click(link("Créer un client")), pick("Entité", "ZR7"), *_NEW_CLIENT, SAVE)),
    Action("clients/ClientFormPage.tsx", f"PUT {_CLIENT}", "clients.edit", "/admin/clients/{client}",
           link("Modifier"), (click(link("Modifier")), fill("Nom", "Solaire du Midi bis"), SAVE)),
    _ask("clients/SummaryTab.tsx", f"PUT {_CLIENT}", "clients.edit", "/admin/clients/{client}",
         "Désactiver", press("Désactiver")),
    Action("clients/CrmTab.tsx", f"PUT {_CLIENT}/crm", "clients.crm", "/admin/clients/{client}?onglet=crm",
           'main >> role=textbox[name="Conditions de paiement (facultatif)"]',
           (fill("Conditions de paiement (facultatif)", "45 jours"), SAVE)),
    Action("clients/CrmTab.tsx", f"POST {_CLIENT}/notes", "clients.crm", "/admin/clients/{client}?onglet=crm",
           button("Ajouter une note"), (fill("Note", "À rappeler"), press("Ajouter une note"))),
    _ask("clients/PricingTab.tsx", f"POST {_CLIENT}/pricing/product", "billing.manage",
         "/admin/clients/{client}?onglet=pricing", "Saisir un prix", fill("Prix HT", "31,50"), press("Saisir un prix")),
    _ask("clients/PricingTab.tsx", f"PUT {_CLIENT}/pricing", "billing.manage",
         "/admin/clients/{client}?onglet=pricing", "Modifier", fill("Remise (%)", "5"), press("Modifier")),
    _ask("clients/PricingTab.tsx", f"DELETE {_CLIENT}/pricing/product/{{product_code}}", "billing.manage",
         "/admin/clients/{client}?onglet=pricing", "Retirer", press("Retirer")),
    _ask("clients/PrepaidTab.tsx", f"POST {_CLIENT}/prepayment/add-units", "billing.close",
         "/admin/clients/{client}?onglet=prepaid", "Recharger", fill("Nombre de leads", "5"), press("Recharger")),
    _ask("clients/OffersTab.tsx", f"POST {_CLIENT}/credits", "billing.manage", "/admin/clients/{client}?onglet=offers",
         "Offrir des leads", pick("Commande", "PV"), fill("Nombre", "1"), press("Offrir des leads")),
    _ask("clients/OffersTab.tsx", f"DELETE {_CLIENT}/credits/{{credit_id}}", "billing.manage",
         "/admin/clients/{open}?onglet=offers", "Retirer", press("Retirer")),
    Action("clients/PushTab.tsx", f"PUT {_CLIENT}/push", "clients.edit", "/admin/clients/{client}?onglet=push",
           'main >> role=textbox[name="Adresse de l’interface"]',
           (fill("Adresse de l'interface", "https://solaire.test/leads"), SAVE)),
    _ask("clients/PushTab.tsx", f"POST {_CLIENT}/push/test", "clients.edit", "/admin/clients/{pushed}?onglet=push",
         "Envoyer l'essai", press("Envoyer l'essai")),
    Action("commandes/CommandeFormPage.tsx", "POST /api/commandes", "commandes.create", "/admin/commandes/{commande}",
           link("Dupliquer"), (click(link("Dupliquer")), pick("Client", "Toiture 0"), SAVE)),
    Action("commandes/CommandeFormPage.tsx", "PUT /api/commandes/{commande_id}", "commandes.edit_quota",
           "/admin/commandes/{commande}", link("Modifier"),
           (click(link("Modifier")), fill("Quota", "12"), fill("Priorité", "3"), SAVE)),
    _ask("commandes/CommandePage.tsx", "PUT /api/commandes/{commande_id}", "commandes.activate_pause",
         "/admin/commandes/{commande}", "Mettre en pause", press("Mettre en pause")),
    _ask("providers/dialogs.tsx", "POST /api/providers", "providers.access", "/admin/providers", "Créer un fournisseur",
         fill("Nom", "Leads du Nord"), fill("Identifiant", "leads-du-nord"), pick("Entité", "ZR7"),
         press("Créer un fournisseur")),
    _ask("providers/dialogs.tsx", "PUT /api/providers/{provider_id}", "providers.access", "/admin/providers",
         "Modifier", fill("Nom", "Leads du Sud bis"), SAVE),
    _ask("providers/ProvidersPage.tsx", "PUT /api/providers/{provider_id}", "providers.access", "/admin/providers",
         "Mettre en pause", press("Mettre en pause")),
    _ask("providers/ProvidersPage.tsx", "POST /api/providers/{provider_id}/rotate-key", "providers.access",
         "/admin/providers", "Remplacer la clé", press("Remplacer la clé")),
    _ask("margin/ProviderBooks.tsx", "POST /api/providers/{provider_id}/costs", "billing.manage",
         "/admin/providers/{provider}", "Modifier le prix…", press("Fixer le prix")),
]  # fmt: skip

_WEEK = "/admin/facturation?semaine={week}"
_OPEN_WEEK = f"{_WEEK}&fiche={{open}}"
_LINE = (fill("Désignation", "Mise en place"), fill("Prix unitaire HT", "120"))
_OF_OPEN = "tr:has-text('Habitat Occitan') >> role=button[name='Clore…']"
_OF_CLOSED = "tr:has-text('Solaire du Midi') >> role=button[name='Émettre']"
MONEY = [
    _ask("billing/CloseDialog.tsx", "POST /api/billing/week/{week_key}/close", "billing.close", _WEEK,
         "Tout clore…", press("Clore la semaine")),
    Action("billing/CloseDialog.tsx", "POST /api/billing/week/{week_key}/close", "billing.close", _WEEK, _OF_OPEN,
           (press("Clore quand même…"), fill("Motif", "Offert"), press("Clore la semaine")),
           before=(click(_OF_OPEN), press("Clore la semaine"))),
    Action("billing/CloseDialog.tsx", f"POST {_INVOICE}/issue", "billing.close", _WEEK, _OF_CLOSED,
           (click(_OF_CLOSED), press("Émettre la facture"))),
    _ask("billing/WeekPanel.tsx", f"POST {_CLIENT}/credits", "billing.manage", _OPEN_WEEK,
         "Offrir des unités…", press("Offrir les unités")),
    _ask("billing/WeekPanel.tsx", f"DELETE {_CLIENT}/credits/{{credit_id}}", "billing.manage", _OPEN_WEEK,
         "Retirer", press("Retirer les unités offertes")),
    Action("invoices/DraftPage.tsx", "POST /api/invoices", "billing.manage", "/admin/invoices",
           link("Nouveau brouillon…"),
           (click(link("Nouveau brouillon…")), pick("Client", "Solaire du Midi"), *_LINE,
            press("Enregistrer le brouillon"))),
    Action("invoices/DraftPage.tsx", f"PUT {_INVOICE}", "billing.manage", "/admin/invoices/{draft}", link("Modifier"),
           (click(link("Modifier")), *_LINE, press("Enregistrer le brouillon"))),
    _ask("invoices/InvoiceActions.tsx", f"POST {_INVOICE}/issue", "billing.close", "/admin/invoices/{draft}",
         "Émettre", press("Émettre la facture")),
    _ask("invoices/InvoiceActions.tsx", f"DELETE {_INVOICE}", "billing.manage", "/admin/invoices/{draft}",
         "Supprimer", press("Supprimer le brouillon")),
    _ask("invoices/InvoiceActions.tsx", f"POST {_INVOICE}/send", "billing.close", "/admin/invoices/{issued}",
         "Envoyer…", press("Envoyer la facture")),
    _ask("reminders/RemindDialog.tsx", "POST /api/reminders", "billing.close", "/admin/invoices/{late}",
         "Relancer…", press("Envoyer la relance")),
    _ask("invoices/AvoirDialog.tsx", f"POST {_INVOICE}/credit-note", "billing.close", "/admin/invoices/{issued}",
         "Faire un avoir…", fill("Motif", "Geste"), press("Émettre l'avoir")),
    _ask("invoices/Payments.tsx", f"POST {_INVOICE}/payments", "billing.manage", "/admin/invoices/{issued}",
         "Enregistrer un règlement…", press("Enregistrer le règlement")),
    _ask("invoices/Payments.tsx", f"POST {_INVOICE}/payments/{{payment_id}}/undo", "billing.manage",
         "/admin/invoices/{issued}", "Annuler", press("Annuler le règlement")),
    _ask("intercompany/Prices.tsx", "PUT /api/intercompany/pricing", "intercompany.manage",
         "/admin/intercompany?vue=prix", "Modifier…", fill("Prix HT par lead", "14"), press("Fixer le prix")),
    _ask("intercompany/GenerateDialog.tsx", "POST /api/intercompany/generate-invoices", "intercompany.manage",
         "/admin/intercompany", "Facturer une semaine…", press("Facturer la semaine")),
    _ask("intercompany/Transfers.tsx", "POST /api/intercompany/retry-errors", "intercompany.manage",
         "/admin/intercompany", "Reprendre les transferts à corriger"),
    _ask("intercompany/Transfers.tsx", "POST /api/intercompany/transfers/{transfer_id}/cancel", "intercompany.manage",
         "/admin/intercompany", "Annuler…", press("Annuler le transfert")),
]  # fmt: skip

_CLOSE_DAY = "main >> button[aria-label^='Fermer ']"
_USER = (fill("Nom", "Paul Martin"), fill("Adresse e-mail", "paul@exemple.fr"))
HOUSE = [
    Action("parametres/CalendarTab.tsx", "PUT /api/settings/delivery-calendar", "settings.manage",
           "/admin/settings/calendrier/ZR7", _CLOSE_DAY, (click(_CLOSE_DAY), press("Fermer ce jour"))),
    _setting("parametres/CalendarTab.tsx", "delivery-calendar", "calendrier", flip("Samedi")),
    Action("parametres/FormsTab.tsx", "PUT /api/settings/forms-config", "settings.manage",
           "/admin/settings/formulaires/ZR7", button("Ajouter"),
           (fill("Code du formulaire", "pv-2026"), press("Ajouter"))),
    _setting("parametres/RulesTabs.tsx", "email-denylist", "envois", fill("Domaines refusés", "exemple.test")),
    _setting("parametres/RulesTabs.tsx", "cross-entity", "echanges", flip("ZR7 cède ses leads aux autres")),
    _setting("parametres/RulesTabs.tsx", "source-gating", "sources", fill("Sources suspendues", "bing")),
    _setting("parametres/RulesTabs.tsx", "return-window", "retours", fill("Délai de retour, en jours", "9")),
    _setting("parametres/RulesTabs.tsx", "overlap-guard", "retours",
             flip("Protéger les clients communs aux deux entités")),
    _setting("parametres/LegalTab.tsx", "legal", "mentions", fill("Raison sociale", "ZR7 Exemple")),
    _ask("users/UserPanel.tsx", "DELETE /api/auth/users/{user_id}", "users.manage", "/admin/users?fiche={user}",
         "Désactiver…", press("Désactiver le compte")),
    _ask("users/UserPanel.tsx", "PUT /api/auth/users/{user_id}", "users.manage", "/admin/users?fiche={left}",
         "Réactiver…", press("Réactiver le compte")),
    Action("users/UserForm.tsx", "POST /api/auth/users", "users.manage", "/admin/users?fiche=nouveau",
           'main >> role=textbox[name="Adresse e-mail"]', (*_USER, SAVE)),
    _ask("users/UserPanel.tsx", "POST /api/auth/users/{user_id}/invite", "users.manage", "/admin/users?fiche={user}",
         "Envoyer un lien…", press("Envoyer le lien")),
    Action("users/UserForm.tsx", "PUT /api/auth/users/{user_id}", "users.manage", "/admin/users?fiche={user}",
           'main >> role=textbox[name="Nom"]', (fill("Nom", "Lucie Martin"), SAVE)),
    Action("accounts/AccountPage.tsx", "POST /api/auth/password", None, "/admin/account",
           'main >> role=textbox[name="Mot de passe actuel"]',
           (fill("Mot de passe actuel", "a"), fill("Nouveau mot de passe", "quatre-mots-sans-rapport"), SAVE)),
]  # fmt: skip

ACTIONS = {"daily": DAILY, "trade": TRADE, "money": MONEY, "house": HOUSE}
EVERY = [one for group in ACTIONS.values() for one in group]
