"""The two-minute tour on the demonstration base, by mouse and by keyboard: a step ends when the server confirmed it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest_asyncio
from playwright.async_api import Page, expect

from backend.cli.seed import plant
from backend.cli.tour import plant_tour
from tests.support.browser import PALETTE, PHONE, Desk, sign_in
from tests.support.outbox import relaying
from tests.support.smtp import mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def demo(trade: Trade) -> AsyncIterator[Trade]:
    """The base that `make run` gives, with its worker."""
    async with mail_server() as server:
        server.serve(trade.parts)
        await plant(trade.parts)
        async with relaying(trade.parts.outbox):
            await plant_tour(trade.parts, follow_s=0)
            yield trade


async def step(at: Desk, number: int) -> None:
    panel = at.page.get_by_role("region", name="Visite guidée")
    await panel.get_by_role("heading", name=f"Étape {number} sur 8").wait_for()


async def ran(demo: Trade) -> None:
    """What the worker does once the run is asked for."""
    await demo.parts.jobs.run_due("daily_delivery")


async def over(at: Desk, demo: Trade) -> None:
    """The visit has ended, every step confirmed, and the rejected lead is on no invoice."""
    panel = at.page.get_by_role("region", name="Visite guidée")
    await panel.get_by_text("Trouvé, expliqué, rejeté, revendu, envoyé, prouvé, facturé").wait_for()
    await expect(panel.get_by_label("Faite")).to_have_count(8)
    lead = await demo.row("leads", nom="Fournier", delivery_client_name="Énergies du Rhône")
    assert lead["status"] == "livre"
    client = await demo.row("clients", name="Habitat Occitan")
    invoice = await demo.row("invoices", client_id=client["id"])
    assert (invoice["status"], invoice["week_key"], invoice["amount_ht"]) == ("issued", "2026-W10", Decimal("32.00"))
    assert [check for check in await demo.parts.monitoring.invariants() if check.count] == []


async def test_the_tour_with_the_mouse(at: Desk, demo: Trade) -> None:
    page = at.page
    await sign_in(at, demo.parts, "admin")
    await at.open("/admin/dashboard")
    await page.get_by_role("dialog", name="Bienvenue").get_by_role("button", name="Commencer").click()
    await step(at, 1)
    assert await at.faults() == []
    await page.get_by_role("button", name="Rechercher").click()
    await page.get_by_role("combobox", name=PALETTE).fill("01.99.00.42.17")
    await page.get_by_role("option", name="Camille Fournier").filter(has_text="Livré").first.click()
    await step(at, 2)
    await page.locator("summary").click()
    await step(at, 3)
    await page.get_by_role("button", name="Rejeter").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="Motif").click()
    await page.get_by_role("option", name="Déjà client").click()
    await dialog.get_by_role("button", name="Rejeter la livraison").click()
    await page.get_by_text("Le lead est déjà attribué à Énergies du Rhône").wait_for()
    await step(at, 5)
    await page.get_by_role("link", name="Cockpit").click()
    await page.get_by_role("link", name="Voir qui recevra quoi").click()
    await page.get_by_role("button", name="Lancer maintenant").click()
    await dialog.get_by_text("Lancer l’envoi de 1 lead chez 1 client ?").wait_for()
    await dialog.get_by_role("button", name="Lancer l’envoi").click()
    await page.get_by_text("Envoi lancé").wait_for()
    await ran(demo)
    await step(at, 6)
    await page.get_by_role("link", name="Lots").click()
    await page.get_by_role("heading", level=1, name="Lots").wait_for()
    await page.get_by_role("link", name="Énergies du Rhône").first.click()
    await step(at, 7)
    async with page.expect_download() as file:
        await page.get_by_role("link", name="Télécharger").click()
    text = await asyncio.to_thread((await (await file.value).path()).read_text)
    assert "Fournier,Camille" in text and "0199004217" in text
    await step(at, 8)
    await page.get_by_role("link", name="Facturation").click()
    await page.get_by_role("button", name="Semaine précédente").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name="Habitat Occitan", exact=True))
    await row.get_by_role("button", name="Clore").click()
    await dialog.get_by_role("button", name="Clore la semaine").click()
    await row.get_by_role("button", name="Émettre").click()
    await dialog.get_by_role("button", name="Émettre").click()
    await over(at, demo)
    await at.dress("dark", PHONE)
    assert await at.faults() == []
    await page.get_by_role("button", name="Recommencer").click()
    await step(at, 1)
    await page.get_by_text("Habitat Occitan Nîmes vous appelle au sujet du 01 99 00 42 18").wait_for()
    await page.reload()
    await step(at, 1)
    await page.get_by_role("button", name="Passer").click()
    await step(at, 2)
    await page.get_by_role("button", name="Quitter").last.click()
    await page.get_by_role("region", name="Visite guidée").wait_for(state="detached")
    await page.get_by_role("button", name="Compte de").click()
    await page.get_by_role("menuitem", name="Visite guidée").click()
    await page.get_by_role("dialog", name="Bienvenue").get_by_role("button", name="Plus tard").click()


async def typed(page: Page, text: str) -> None:
    """Ctrl K, a word, Entrée."""
    await page.keyboard.press("Control+k")
    await page.wait_for_function("document.activeElement.getAttribute('role') === 'combobox'")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def tab_to(page: Page, focused: str) -> None:
    """Tab until the element that has the focus is the one that the script recognises, then Entrée."""
    for _ in range(120):
        await page.keyboard.press("Tab")
        if await page.evaluate(f"(one => {focused})(document.activeElement)"):
            await page.keyboard.press("Enter")
            return
    raise AssertionError(f"never reached: {focused}")


async def test_the_tour_with_the_keyboard_alone(at: Desk, demo: Trade) -> None:
    page, keys = at.page, at.page.keyboard
    await sign_in(at, demo.parts, "admin")
    await at.open("/admin/dashboard")
    await page.get_by_role("dialog", name="Bienvenue").wait_for()
    await keys.press("Enter")
    await step(at, 1)
    await keys.press("/")
    await page.get_by_role("combobox", name="Rechercher").wait_for()
    await keys.type("01 99 00 42 17")
    await keys.press("Enter")
    await step(at, 2)
    await page.locator("summary").wait_for()
    await tab_to(page, "one.tagName === 'SUMMARY'")
    await step(at, 3)
    await typed(page, "rejeter")
    await page.get_by_role("combobox", name="Motif").wait_for()
    marked = "document.querySelector('[data-combobox-selected]')?.innerText ?? ''"
    while "Déjà client" not in await page.evaluate(marked):
        await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.press("Enter")
    await step(at, 4)
    await step(at, 5)
    await typed(page, "lancer l'envoi")
    await page.get_by_role("dialog", name="Lancer l’envoi de 1 lead chez 1 client").wait_for()
    await keys.press("Enter")
    await page.get_by_text("Envoi lancé").wait_for()
    await ran(demo)
    await step(at, 6)
    await typed(page, "lots")
    await page.wait_for_url("**/admin/batches")
    await page.locator("tr[data-row]").first.wait_for()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await page.get_by_role("heading", name="Lot d’Énergies du Rhône").wait_for()
    await step(at, 7)
    async with page.expect_download():
        await tab_to(page, "one.matches('a[download]')")
    await step(at, 8)
    await typed(page, "facturation")
    await page.get_by_role("heading", name="Facturation", level=1).wait_for()
    await keys.press("ArrowLeft")
    await page.get_by_role("button", name="Habitat Occitan Nîmes").first.wait_for()
    mine = "one.closest('tr')?.querySelector('button')?.innerText === 'Habitat Occitan'"
    await tab_to(page, f"one.innerText.startsWith('Clore') && {mine}")
    await page.get_by_role("dialog").wait_for()
    await tab_to(page, "one.innerText === 'Clore la semaine'")
    await page.get_by_role("dialog").wait_for(state="detached")
    await tab_to(page, f"one.innerText === 'Émettre' && {mine}")
    await page.get_by_role("dialog").wait_for()
    await keys.press("Enter")
    await over(at, demo)
