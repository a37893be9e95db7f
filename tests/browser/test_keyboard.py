"""The keyboard alone, « back », a reading that fails or waits, three ways of being empty."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, Route

from tests.support.browser import PALETTE, PHONE, WIDE, Desk, sign_in
from tests.support.people import PASSWORD, person
from tests.support.trade import Trade

FOCUSED = "document.activeElement?.innerText || document.activeElement?.getAttribute('aria-label') || ''"


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if name in await page.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab never reaches {name}")


async def test_a_lead_is_found_and_rejected_without_a_mouse(still: Desk, market: Trade) -> None:
    user = await person(market.parts, "ops")
    delivery = await market.row("deliveries", status="sent", client_name="Habitat Occitan")
    page = still.page
    await still.open("/login")
    await page.keyboard.type(user.email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="Cockpit", level=1).wait_for()
    await still.settled()
    await page.keyboard.press("/")
    await page.get_by_role("combobox", name=PALETTE).wait_for()
    await page.keyboard.type("0" + delivery["contact"]["phone"].removeprefix("+33"))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/admin/leads/{delivery['lead_id']}")
    await still.open("/admin/deliveries")
    row = page.locator(f"[data-row='{delivery['id']}']")
    name = await row.get_by_role("button").inner_text()
    await row.get_by_role("button").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("complementary", name=name).wait_for()
    await tab_to(page, "Rejeter")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("combobox", name="Motif").wait_for()
    assert await dialog.evaluate("one => one.contains(document.activeElement)")
    await page.keyboard.press("ArrowDown")
    await page.get_by_role("option", name="Injoignable").wait_for()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await tab_to(page, "Rejeter la livraison")
    await page.keyboard.press("Enter")
    await page.get_by_text("Livraison rejetée.").wait_for()
    assert (await market.row("deliveries", id=delivery["id"]))["outcome"] == "rejected"
    await page.keyboard.press("Escape")
    await page.get_by_role("complementary", name=name).wait_for(state="detached")
    assert await row.evaluate("one => one.contains(document.activeElement)"), "the focus is on its row again"


async def test_back_finds_the_page_the_scroll_and_the_row_again(at: Desk, trade: Trade) -> None:
    await trade.buyer()
    for number in range(30):
        await trade.lead(nom=f"Colin {number:02d}")
    await sign_in(at, trade.parts, "ops")
    page = at.page
    await at.open("/admin/leads?taille=25")
    await page.get_by_role("button", name="Suivant").click()
    await page.get_by_text("26-30 sur 30").wait_for()
    await page.go_back()
    await page.get_by_text("1-25 sur 30").wait_for()
    await page.locator(".table-scroll").evaluate("one => one.scrollTop = 250")
    await page.locator("tbody tr").nth(12).get_by_role("link").first.click()
    await page.get_by_role("heading", name="Chronologie").wait_for()
    await page.go_back()
    await page.get_by_text("1-25 sur 30").wait_for()
    await page.wait_for_function("() => document.querySelector('.table-scroll').scrollTop > 100")
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.locator(".phone-card").nth(10).get_by_role("link").first.click()
    await page.get_by_role("heading", name="Chronologie").wait_for()
    await page.wait_for_function("() => scrollY === 0")
    await page.go_back()
    await page.get_by_text("1-25 sur 30").wait_for()
    await page.wait_for_function("() => scrollY > 400")
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await at.open("/admin/deliveries")
    await page.locator("tbody tr").nth(2).get_by_role("button").click()
    await page.locator("tbody tr[aria-selected=true]").wait_for()
    await page.go_back()
    await page.locator("tbody tr[aria-selected=true]").wait_for(state="detached")
    await page.go_forward()
    await page.locator("tbody tr[aria-selected=true]").wait_for()


async def test_rows_stay_while_they_are_read_again_and_when_it_fails(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    page = at.page
    await at.open("/admin/leads")
    waiting = asyncio.Event()

    async def wait(route: Route) -> None:
        await waiting.wait()
        await route.fulfill(status=503, json={"error": "unavailable", "detail": "", "request_id": "essai"})

    await page.route("**/api/leads/list*", wait)
    await page.get_by_label("Nom, e-mail ou téléphone").fill("zzz")
    await page.locator("table[aria-busy=true]").wait_for()
    assert await page.get_by_role("link", name="Chevalier").count() == 1, "the rows before"
    assert await page.locator("main .skeleton").count() == 0
    waiting.set()
    await page.locator(".error-block").get_by_text("La base ne répond pas").wait_for()
    await page.unroute("**/api/leads/list*", wait)
    await page.get_by_role("button", name="Réessayer").click()
    await page.get_by_text("Aucun résultat avec ces filtres.").wait_for()


async def test_nothing_yet_nothing_found_and_not_allowed_are_three_different_things(at: Desk, trade: Trade) -> None:
    await sign_in(at, trade.parts, "viewer")
    told = []
    await at.open("/admin/leads")
    told.append(await at.page.locator(".empty").inner_text())
    await at.open("/admin/leads?status=new")
    told.append(await at.page.locator(".empty").inner_text())
    await at.open("/admin/users")
    told.append(await at.page.locator(".empty").inner_text())
    assert "Pas encore de lead" in told[0] and "Aucun résultat" in told[1] and "demande une permission" in told[2]
