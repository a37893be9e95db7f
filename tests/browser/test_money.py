"""The week is closed with its refusals told, issued, paid and credited, by someone in front of the dashboard."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from backend.providers.models import NewProvider
from tests.support.books import WEEK, companies, customer, desk, identified, internal_price, next_week
from tests.support.browser import PHONE, WIDE, Desk, sign_in
from tests.support.departure import leave, settle
from tests.support.smtp import mail_server
from tests.support.trade import Trade

pytestmark = pytest.mark.timeout(600)


@pytest_asyncio.fixture
async def sold(trade: Trade) -> AsyncIterator[Trade]:
    """Last week: two units for a client with a price, one for a client without."""
    async with mail_server() as server:
        server.serve(trade.parts)
        await companies(trade)
        await customer(trade, quota_semaine=2, priorite=1)
        client, _ = await trade.buyer("Habitat Occitan", quota_semaine=1, priorite=2)
        await identified(trade, client, 78)
        for nom in ("Fournier", "Lefèvre", "Garnier"):
            await trade.lead(nom=nom, prenom="Camille")
        await leave(trade)
        await next_week(trade)
        yield trade


async def test_a_week_is_closed_with_its_refusals_told_then_issued_paid_and_credited(at: Desk, sold: Trade) -> None:
    await sign_in(at, sold.parts, "admin")
    await at.open(f"/admin/facturation?semaine={WEEK}")
    page = at.page
    await page.get_by_role("button", name="Tout clore").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Clore la semaine").click()
    await dialog.get_by_text("sans prix").wait_for()
    await expect(dialog.get_by_text("1 client clos")).to_have_count(1)
    await dialog.get_by_role("button", name="Clore quand même").click()
    await dialog.get_by_role("button", name="Clore la semaine").click()
    await dialog.get_by_text("Donnez le motif.").wait_for()
    await dialog.get_by_label("Motif").fill("Offert au lancement")
    await dialog.get_by_role("button", name="Clore la semaine").click()
    await page.get_by_text("1 client clos.").wait_for()
    forced = await sold.row("billing_weeks", forced="Offert au lancement")
    assert forced["state"] != "open"

    row = page.locator(".table tr", has_text="Solaire du Midi").first
    await row.get_by_role("button", name="Émettre").click()
    await page.get_by_role("dialog").get_by_role("button", name="Émettre la facture").click()
    await page.get_by_text("Facture émise").wait_for()
    await row.get_by_role("link").click()

    await page.get_by_role("button", name="Enregistrer un règlement").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Montant").fill("10,50")
    await dialog.get_by_role("button", name="Enregistrer le règlement").click()
    await page.get_by_text("Règlement enregistré.").wait_for()
    await page.locator("h1 ~ .page-intro").get_by_text("Partiellement payée").wait_for()
    assert str((await sold.row("invoice_payments"))["amount"]) == "10.50"

    await page.get_by_role("checkbox", name="Sélectionner PV").first.check()
    await page.locator(".selection-bar").get_by_role("button", name="Faire un avoir").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("1 unité choisie").wait_for()
    await dialog.get_by_label("Motif").fill("Geste commercial")
    await dialog.get_by_role("button", name="Émettre l’avoir").click()
    await page.get_by_text("Avoir émis").wait_for()
    avoir = await sold.row("invoices", type="credit_note")
    assert (avoir["units"], avoir["status"]) == (1, "issued")
    assert await at.faults() == []
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await at.settled()
    assert await at.faults() == []
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await page.get_by_role("link", name="Ouvrir le relevé").click()
    # 60 billed, 30 credited, 10.50 paid
    told = page.locator(".figure", has_text="Solde de la période").get_by_text("19,50")
    await told.wait_for()


async def test_an_open_week_is_not_closed_and_says_why(at: Desk, sold: Trade) -> None:
    await sold.lead(nom="Petit")
    await sign_in(at, sold.parts, "admin")
    await at.open("/admin/facturation")
    close = at.page.get_by_role("button", name="Tout clore")
    assert await close.get_attribute("aria-disabled") == "true"
    await close.hover()
    await at.page.get_by_role("tooltip").get_by_text("n’est pas terminée").wait_for()


async def test_a_price_between_entities_is_set_where_it_is_missing(at: Desk, sold: Trade) -> None:
    await internal_price(sold)
    await sign_in(at, sold.parts, "super_admin")
    await at.open("/admin/intercompany?vue=prix")
    await at.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    row = at.page.locator(".table tr", has_text="Prix manquant").first
    await row.get_by_role("button", name="Fixer").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_label("Prix HT par lead").fill("12,5")
    await dialog.get_by_role("button", name="Fixer le prix").click()
    await at.page.get_by_text("Prix interne fixé.").wait_for()
    prices = [str(one["unit_price_ht"]) for one in await sold.rows("intercompany_pricing")]
    assert sorted(prices) == ["10.00", "12.50"]


async def test_a_late_client_is_reminded_from_impayees_and_the_cockpit_with_a_text_read_first(
    at: Desk, sold: Trade
) -> None:
    client_id = (await sold.row("clients", name="Solaire du Midi"))["id"]
    money = await desk(sold)
    made = (await money.post("/invoices", {"client_id": client_id, "amount_ht": "100.00"})).json()["invoice"]
    number = (await money.post(f"/invoices/{made['id']}/issue")).json()["invoice"]["invoice_number"]
    await next_week(sold, 5)
    await sign_in(at, sold.parts, "admin")
    page = at.page
    await at.open("/admin/invoices?vue=impayees")
    await page.locator(".table tr", has_text="Jamais").get_by_role("button", name="Relancer").click()
    dialog = page.get_by_role("dialog")
    await dialog.locator(".letter").get_by_text(number).wait_for()
    assert await at.faults() == []
    await dialog.get_by_label("Message").fill("Bonjour,\n\nUn oubli, sans doute ?")
    await dialog.get_by_role("button", name="Envoyer la relance").click()
    await page.get_by_text("Relance en cours d’envoi").wait_for()
    await settle(sold)
    kept = await sold.row("reminders", client_id=client_id)
    assert (kept["state"], kept["level"], "Un oubli, sans doute ?" in kept["text"]) == ("sent", "courteous", True)

    await at.open("/admin")
    await page.locator(".todo li", has_text="facture en retard").get_by_role("button", name="Relancer").click()
    await dialog.get_by_text("Proposé d’après les relances déjà parties").wait_for()
    level = dialog.get_by_role("combobox", name="Ton de la relance")
    await expect(level).to_have_value("Relance ferme")
    await dialog.locator(".letter").get_by_text("indemnité forfaitaire").wait_for()
    await level.click()
    await page.get_by_role("option", name="Rappel courtois").click()
    await dialog.get_by_label("Relancer une seconde fois").wait_for()  # until then what is shown is the other letter
    await dialog.get_by_role("button", name="Envoyer la relance").click()
    await dialog.get_by_role("alert").get_by_text("Cochez la case").wait_for()
    await dialog.get_by_label("Relancer une seconde fois").check()
    await dialog.get_by_role("button", name="Envoyer la relance").click()
    await page.get_by_text("Relance en cours d’envoi").wait_for()

    await at.open(f"/admin/clients/{client_id}?onglet=reminders")
    await expect(page.locator("main li", has_text="Rappel courtois")).to_have_count(2)
    await page.get_by_role("link", name=number).first.click()
    await page.get_by_role("heading", name=number).wait_for()
    await page.get_by_role("button", name="Voir les relances").click()
    await expect(page.locator("main li", has_text="Rappel courtois")).to_have_count(2)
    assert await at.faults() == []


async def test_what_a_lead_costs_is_said_on_its_provider_and_the_week_tells_what_is_left(at: Desk, sold: Trade) -> None:
    provider, key = await sold.parts.providers.create("ZR7", NewProvider(name="Leads du Sud", slug="sud"), "test")
    assert (await sold.submit({"Authorization": f"Bearer {key}"}, nom="Mercier")).status_code == 201
    await leave(sold)
    await sign_in(at, sold.parts, "admin")
    page = at.page
    await at.open("/admin/facturation")
    card = page.locator(".card", has=page.get_by_role("heading", name="Marge de la semaine"))
    await expect(card.locator(".figure", has_text="Marge HT")).to_contain_text("Prix inconnu")
    await card.get_by_role("link", name="Leads du Sud").first.click()
    await page.get_by_role("heading", name="Leads du Sud").wait_for()
    costs = page.get_by_role("region", name="Prix d’achat")
    await costs.locator("tr", has_text="PV").get_by_role("button", name="Modifier le prix").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Prix d’achat HT par lead").fill("huit")
    await dialog.get_by_role("button", name="Fixer le prix").click()
    await dialog.get_by_text("Donnez un montant").wait_for()
    await dialog.get_by_label("Prix d’achat HT par lead").fill("8,50")
    await dialog.get_by_role("button", name="Fixer le prix").click()
    await page.get_by_text("Prix d’achat fixé.").wait_for()
    await expect(page.get_by_role("region", name="Huit dernières semaines").locator("tr").nth(1)).to_contain_text(
        "16,50"
    )
    assert str((await sold.row("provider_costs", provider_id=provider.id))["cost_ht"]) == "8.50"
    assert await at.faults() == []

    await at.open("/admin/facturation")
    await expect(card.locator(".figure", has_text="Marge HT")).to_contain_text("16,50")
    by_client = page.get_by_role("region", name="Par client")
    await expect(by_client.locator("tr", has_text="Solaire du Midi")).to_contain_text("16,50")
    await at.open("/admin/monitoring?vue=margin")
    await expect(page.locator("main tr", has_text="sud")).to_contain_text("16,50")
