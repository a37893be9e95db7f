"""What the pages of clients, commandes, départements and providers are for."""

from __future__ import annotations

from tests.support.browser import Desk, sign_in
from tests.support.trade import Trade


async def test_a_client_is_created_and_its_sheet_says_what_is_missing(at: Desk, trade: Trade) -> None:
    await sign_in(at, trade.parts, "admin")
    await at.open("/admin/clients")
    await at.page.get_by_role("link", name="Créer un client").first.click()
    await at.page.get_by_label("Nom", exact=True).fill("Énergies du Rhône")
    await at.page.get_by_label("Adresse e-mail", exact=True).fill("pas une adresse")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.locator("[id$=-error]").first.wait_for()
    await at.page.get_by_label("Adresse e-mail", exact=True).fill("leads@energies-rhone.fr")
    await at.page.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_role("heading", name="Énergies du Rhône", level=1).wait_for()
    stored = await trade.row("clients", name="Énergies du Rhône")
    assert (stored["entity"], stored["email"]) == ("ZR7", "leads@energies-rhone.fr")
    await at.page.get_by_text("Il manque 2 points.").wait_for()
    await at.page.get_by_role("link", name="Tarifs").click()
    await at.page.get_by_role("button", name="Saisir un prix").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_label("Prix HT").fill("25,50")
    await dialog.get_by_role("button", name="Saisir un prix").click()
    await at.page.get_by_text("Prix enregistré.").wait_for()
    await at.page.get_by_role("region", name="Prix appliqués aujourd’hui").get_by_text("25,50").first.wait_for()


async def test_a_pause_says_how_many_leads_it_releases(at: Desk, market: Trade) -> None:
    waiting = await market.row("deliveries", status="pending_csv")
    commande = await market.row("commandes", id=waiting["commande_id"])
    await sign_in(at, market.parts, "ops")
    await at.open(f"/admin/commandes/{commande['id']}")
    await at.page.get_by_role("button", name="Mettre en pause").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_text("1 lead réservé sera libéré").wait_for()
    await dialog.get_by_role("button", name="Mettre en pause").click()
    await at.page.get_by_text("Commande en pause").first.wait_for()
    await at.page.get_by_role("button", name="Rouvrir").wait_for()
    assert (await market.row("commandes", id=commande["id"]))["active"] is False
    await at.page.get_by_role("button", name="Annuler").click()
    await at.page.get_by_role("button", name="Mettre en pause").wait_for()
