"""What belongs to each person: choices that follow them, shortcuts, saved views."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.support.browser import PALETTE, Desk, desk, sign_in
from tests.support.outbox import eventually
from tests.support.trade import Trade


async def test_choices_follow_the_person_to_another_browser(at: Desk, market: Trade, browser: Browser) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/dashboard")
    await at.page.get_by_role("button", name="Réduire le menu").click()
    await at.page.get_by_role("button", name="Compte de").click()
    await at.page.get_by_role("menuitem", name="Sombre").click()
    await at.open("/admin/leads")
    await at.page.get_by_role("button", name="Colonnes").click()
    async with at.page.expect_response("**/api/me/preferences"):
        await at.page.get_by_label("Source", exact=True).uncheck()
    await at.page.get_by_role("columnheader", name="Source").wait_for(state="detached")
    async with desk(browser, at.url) as elsewhere:
        await sign_in(elsewhere, market.parts, "ops")
        await elsewhere.open("/admin/dashboard")
        await elsewhere.page.locator("html[data-mantine-color-scheme=dark]").wait_for()
        await elsewhere.page.get_by_role("button", name="Agrandir le menu").wait_for()
        await elsewhere.open("/admin/leads")
        await elsewhere.page.get_by_role("columnheader", name="Téléphone").wait_for()
        assert await elsewhere.page.get_by_role("columnheader", name="Source").count() == 0


async def test_the_sheet_of_shortcuts_opens_and_single_keys_can_be_switched_off(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/dashboard")
    await at.page.keyboard.press("?")
    sheet = at.page.get_by_role("dialog", name="Raccourcis clavier")
    await sheet.get_by_text("Semaine précédente, semaine suivante").wait_for()
    assert "\n".join(await at.faults()) == ""
    await sheet.get_by_role("link", name="Mon compte").click()
    await at.page.get_by_role("checkbox", name="Raccourcis d’une seule touche").uncheck()
    await at.open("/admin/dashboard")
    week = await at.page.locator(".week-label").inner_text()
    for key in ("?", "/", "ArrowLeft"):
        await at.page.keyboard.press(key)
    await at.page.keyboard.press("Control+k")
    await at.page.get_by_role("combobox", name=PALETTE).wait_for()
    await expect(at.page.get_by_role("dialog")).to_have_count(1)
    assert await at.page.locator(".week-label").inner_text() == week


async def test_a_view_is_saved_found_again_renamed_and_deleted(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/leads?status=livre&q=camille&tri=created_at&masquees=source,email")
    menu = at.page.get_by_role("button", name="Vues")
    await menu.click()
    await at.page.get_by_role("button", name="Enregistrer cette vue").click()
    dialog = at.page.get_by_role("dialog", name="Enregistrer cette vue")
    await dialog.get_by_role("button", name="Enregistrer").click()
    await dialog.get_by_text("Ce champ est nécessaire.").wait_for()
    await dialog.get_by_label("Nom de la vue").fill("Camille livrée")
    await dialog.get_by_role("button", name="Enregistrer").click()
    await at.page.get_by_text("Vue enregistrée.").wait_for()
    await at.open("/admin/leads")
    await menu.click()
    assert "\n".join(await at.faults()) == ""
    await at.page.get_by_role("button", name="Camille livrée", exact=True).click()
    await at.page.wait_for_url("**/admin/leads?status=livre&q=camille&tri=created_at&masquees=source%2Cemail")
    await at.page.get_by_role("columnheader", name="Source").wait_for(state="detached")
    await menu.click()
    await at.page.get_by_role("button", name="Renommer Camille livrée").click()
    dialog = at.page.get_by_role("dialog", name="Renommer la vue")
    await dialog.get_by_label("Nom de la vue").fill("Livrées")
    await dialog.get_by_role("button", name="Renommer").click()
    await menu.click()
    await at.page.get_by_role("button", name="Supprimer Livrées").click()
    await at.page.get_by_text("Vue « Livrées » supprimée.").wait_for()
    await at.page.get_by_text("Aucune vue enregistrée.").wait_for()
    await at.page.get_by_role("button", name="Annuler").click()
    await eventually(lambda: there(market, "Livrées"))
    await at.open("/admin/leads")
    await menu.click()
    await at.page.get_by_role("button", name="Livrées", exact=True).wait_for()
    assert (await market.row("views", name="Livrées"))["filters"] == {"status": ["livre"]}


async def there(trade: Trade, name: str) -> bool:
    return await trade.parts.mongo.collection("views").find_one({"name": name}) is not None


async def test_the_views_that_everybody_has_show_their_rows(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "admin")
    for path, name, said in (
        ("/admin/deliveries", "À envoyer", "1-1 sur 1"),
        ("/admin/deliveries", "Échecs", "Aucun résultat"),
        ("/admin/leads", "Suspects", "Aucun résultat"),
        ("/admin/commandes", "Quotas < 5", "1-2 sur 2"),
        ("/admin/invoices", "Impayées > 30 j", "Aucun résultat"),
    ):
        await at.open(path)
        await at.page.get_by_role("button", name="Vues").click()
        await at.page.get_by_role("button", name=name, exact=True).click()
        await at.page.get_by_text(said).wait_for()


async def test_the_bell_says_what_waits_and_leads_there(at: Desk, market: Trade) -> None:
    await market.parts.mongo.collection("deliveries").update_one(
        {"status": "pending_csv"}, {"$set": {"status": "failed"}}
    )
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/leads")
    await at.page.get_by_role("button", name="À traiter : 1").click()
    panel = at.page.get_by_role("dialog")
    line = panel.get_by_role("listitem").filter(has_text="1 livraison en échec")
    await line.wait_for()
    await panel.get_by_text("En direct").wait_for()
    assert "\n".join(await at.faults()) == ""
    await line.get_by_role("link", name="Relancer").click()
    await at.page.wait_for_url("**/admin/deliveries?status=failed*")
    await at.page.get_by_text("1-1 sur 1").wait_for()
    await panel.wait_for(state="detached")
