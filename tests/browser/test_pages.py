"""Every page: at most three calls, nothing for axe to say in both themes, at 1440, at 375 and at 200 %; in French.

Add yours to PAGES.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Request, expect

from backend.core.mongo import Doc
from backend.providers.models import NewProvider
from tests.support.browser import HALF, PHONE, WIDE, Desk, sign_in
from tests.support.departure import settle
from tests.support.french import codes, machine_words
from tests.support.people import headers
from tests.support.trade import Trade

# Path -> its heading. `{lead}`, `{delivery}` and `{client}` are filled with an object of the market.
PAGES = {
    "/admin/dashboard": "Cockpit",
    "/admin/envoi": "Qui recevra quoi\u202f?",
    "/admin/envoi?vue=reports": "Qui recevra quoi\u202f?",
    "/admin/envoi?vue=calendar": "Qui recevra quoi\u202f?",
    "/admin/leads": "Leads",
    "/admin/leads/{lead}": "Camille Fournier",
    "/admin/leads/essai": "Banc d’essai",
    "/admin/leads/nouveau": "Nouveau lead",
    "/admin/leads/{lead}/corriger": "Corriger Camille Fournier",
    "/admin/deliveries?fiche={delivery}": "Livraisons",
    "/admin/batches": "Lots",
    "/admin/batches/{batch}": "Lot de Habitat Occitan",
    "/admin/outbox": "File d’envoi",
    "/admin/health": "Santé",
    "/admin/activity": "Journal",
    "/admin/users?fiche=nouveau": "Utilisateurs",
    "/admin/settings": "Paramètres",
    "/admin/settings/mentions/ZR7": "Paramètres",
    "/admin/facturation": "Facturation",
    "/admin/facturation?vue=mois": "Facturation",
    "/admin/invoices": "Factures",
    "/admin/invoices?vue=impayees": "Factures",
    "/admin/invoices/nouveau": "Nouveau brouillon",
    "/admin/clients/{client}/releve": "Relevé de compte",
    "/admin/intercompany": "Intersociétés",
    "/admin/intercompany?vue=factures": "Intersociétés",
    "/admin/intercompany?vue=prix": "Intersociétés",
    "/admin/clients": "Clients",
    "/admin/clients/nouveau": "Nouveau client",
    "/admin/clients/{client}": "Solaire du Midi",
    "/admin/clients/{client}/rejets": "Rejeter une liste de Solaire du Midi",
    "/admin/clients/{client}/modifier": "Modifier Solaire du Midi",
    "/admin/clients/{client}?onglet=performance": "Solaire du Midi",
    "/admin/clients/{client}?onglet=pricing": "Solaire du Midi",
    "/admin/clients/{client}?onglet=prepaid": "Solaire du Midi",
    "/admin/clients/{client}?onglet=orders": "Solaire du Midi",
    "/admin/clients/{client}?onglet=offers": "Solaire du Midi",
    "/admin/clients/{client}?onglet=reminders": "Solaire du Midi",
    "/admin/clients/{client}?onglet=crm": "Solaire du Midi",
    "/admin/clients/{client}?onglet=push": "Solaire du Midi",
    "/admin/clients/{client}?onglet=activity": "Solaire du Midi",
    "/admin/commandes": "Commandes",
    "/admin/commandes/nouvelle?copie={commande}": "Nouvelle commande",
    "/admin/commandes/{commande}": "Solaire du Midi, PV",
    "/admin/commandes/{commande}/modifier": "Modifier la commande",
    "/admin/departements?fiche=75": "Départements",
    "/admin/providers": "Fournisseurs",
    "/admin/providers/{provider}": "Leads du Sud",
    "/admin/monitoring": "Qualité des sources",
    "/admin/monitoring?vue=margin": "Qualité des sources",
    "/admin/monitoring?fiche=%7Cgoogle": "Qualité des sources",
    "/admin/monitoring?vue=copies": "Qualité des sources",
    "/admin/monitoring?vue=between": "Qualité des sources",
    "/admin/import": "Importer",
    "/admin/tasks": "Mes tâches",
    "/admin/tasks/{task}": "Mise en pause de clients",
    "/admin/account": "Mon compte",
    "/admin/nulle-part": "Page introuvable",
}
FRAME = "/api/me/bootstrap"
CALLS = 3  # the frame's included
LOOKS = (  # the elements are the same in each: what theme and width change is looked at again
    ("light", WIDE, ()),
    ("light", PHONE, ("color-contrast", "target-size", "scrollable-region-focusable", "aria-hidden-focus")),
    ("dark", PHONE, ("color-contrast",)),
    ("dark", WIDE, ("color-contrast",)),
)


async def filled(trade: Trade, path: str) -> str:
    delivery: Doc = await trade.row("deliveries", status="sent", entity="ZR7")
    lead: Doc = await trade.row("leads", nom="Fournier")
    batch: Doc = await trade.row("delivery_batches", client_name="Habitat Occitan")
    client: Doc = await trade.row("clients", name="Solaire du Midi")
    commande: Doc = await trade.row("commandes", client_id=client["id"])
    task: Doc = await trade.row("tasks")
    provider: Doc = await trade.row("providers")
    known = {"task": task, "batch": batch, "delivery": delivery, "lead": lead, "client": client, "commande": commande}
    known["provider"] = provider
    return path.format(**{name: one["id"] for name, one in known.items()})


async def supplied(trade: Trade) -> None:
    await trade.parts.providers.create("ZR7", NewProvider(name="Leads du Sud", slug="leads-du-sud"), "test")


async def asked_for(trade: Trade) -> None:
    """A task of the super administrator's, over."""
    boss = await headers(trade.parts, "super_admin")
    ids = [(await trade.row("clients", name="Maison Verte"))["id"], "inconnu"]
    answer = await trade.http.post("/api/clients/bulk/pause", json={"ids": ids}, headers=boss)
    assert answer.status_code == 202, answer.text
    await settle(trade)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("half", [0, 1])
async def test_every_page_is_light_accessible_french_and_fits(at: Desk, market: Trade, half: int) -> None:
    await sign_in(at, market.parts, "super_admin")
    await supplied(market)
    await asked_for(market)
    await at.open("/admin/dashboard")
    wrong: dict[str, list[str]] = {}
    known = codes(market.parts)
    hosts: set[str] = set()
    calls: list[str] = []  # of one page, for as long as it is looked at; each once: a live page asks again

    def note(request: Request) -> None:
        hosts.add(urlsplit(request.url).netloc)
        if "/api/" in request.url:
            calls.append(request.url.removeprefix(at.url))

    at.page.on("request", note)
    for path, heading in list(PAGES.items())[half::2]:
        await at.dress("light", WIDE)
        calls.clear()
        await at.turn(await filled(market, path))
        await expect(at.page.get_by_role("heading", level=1)).to_have_text(heading)
        if english := machine_words(await at.words(), known):
            wrong[f"{path} words"] = english
        for theme, size, rules in LOOKS:
            await at.dress(theme, size)
            if found := await at.faults(*rules):
                wrong[f"{path} {theme} {size['width']}"] = found
        await at.dress("light", HALF)
        if await at.is_too_wide():
            wrong[f"{path} at 200 %"] = ["wider than the window"]
        if len(each := list(dict.fromkeys([FRAME, *calls]))) > CALLS:
            wrong[f"{path} calls"] = each
    assert wrong == {}
    assert hosts <= {urlsplit(at.url).netloc, ""}, "no other host is called"


async def test_a_delivery_is_rejected_with_its_reason_and_the_lead_is_sold_again(at: Desk, market: Trade) -> None:
    delivery = await market.row("deliveries", status="sent", client_name="Habitat Occitan")
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/deliveries")
    await at.page.locator(f"[data-row='{delivery['id']}']").get_by_role("button").click()
    panel = at.page.get_by_role("complementary", name="Camille")
    await panel.get_by_role("button", name="Rejeter").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Rejeter la livraison").click()
    await dialog.get_by_text("Choisissez un motif.").wait_for()
    await dialog.get_by_role("combobox", name="Motif").click()
    await at.page.get_by_role("option", name="Déjà client").click()
    await dialog.get_by_role("button", name="Rejeter la livraison").click()
    await at.page.get_by_text("Livraison rejetée.").wait_for()
    await panel.get_by_text("Rejetée par le client").wait_for()
    stored = await market.row("deliveries", id=delivery["id"])
    assert (stored["outcome"], stored["rejection_reason"]) == ("rejected", "deja_client")
    await at.page.keyboard.press("Escape")
    await at.page.wait_for_url("**/admin/deliveries")


async def test_filters_live_in_the_address_and_come_back(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/leads")
    await at.page.get_by_role("button", name="Filtrer").click()
    await at.page.get_by_role("checkbox", name="Sans commande ouverte").click()
    await at.page.wait_for_url("**/admin/leads?status=no_open_orders")
    await at.page.keyboard.press("Escape")
    await at.page.get_by_role("link", name="Chevalier").click()
    await at.page.get_by_role("heading", name="Commandes examinées").wait_for()
    await at.page.go_back()
    await at.page.get_by_text("1-1 sur 1").wait_for()
    await at.page.get_by_label("Nom, e-mail ou téléphone").fill("introuvable")
    await at.page.get_by_text("Aucun résultat avec ces filtres.").wait_for()
    await at.page.locator(".empty").get_by_role("button", name="Réinitialiser").click()
    await at.page.wait_for_url("**/admin/leads")


async def test_a_channel_is_paused_with_its_reason_and_opened_again(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/outbox")
    line = at.page.get_by_role("listitem").filter(has_text="E-mail ZR7")
    await line.get_by_role("button", name="Mettre en pause").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Mettre en pause").click()
    await dialog.get_by_text("Ce champ est nécessaire.").wait_for()
    await dialog.get_by_role("textbox").fill("Mot de passe changé chez l'hébergeur")
    await dialog.get_by_role("button", name="Mettre en pause").click()
    await line.get_by_text("Mot de passe changé").wait_for()
    channel = await market.row("outbox_channels", _id="smtp:ZR7")
    assert channel["state"] == "paused"
    await line.get_by_role("button", name="Reprendre").click()
    await dialog.get_by_role("button", name="Reprendre le canal").click()
    await line.get_by_text("Ouvert").wait_for()


async def test_a_day_is_closed_where_the_calendar_is_read(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "admin")
    await at.open("/admin/settings")
    await at.page.get_by_role("button", name="Fermer jeudi 12 mars").click()
    await at.page.get_by_role("dialog").get_by_role("button", name="Fermer ce jour").click()
    await at.page.get_by_role("button", name="Ouvrir jeudi 12 mars").wait_for()
    setting = await market.row("settings", key="delivery_calendar", entity="ZR7")
    assert setting["disabled_dates"] == ["2026-03-12"]
