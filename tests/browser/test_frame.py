"""The frame: signing in, coming back, what each person may open."""

from __future__ import annotations

from tests.support.browser import PALETTE, Desk, sign_in
from tests.support.people import PASSWORD, person
from tests.support.trade import Trade


async def test_one_signs_in_and_returns_to_the_page_asked_for(at: Desk, trade: Trade) -> None:
    user = await person(trade.parts, "ops")
    await at.page.goto(at.url + "/admin/leads?status=new")
    await at.page.wait_for_url("**/login?retour=*")
    await at.page.get_by_label("Adresse e-mail").fill(user.email)
    await at.page.get_by_label("Mot de passe", exact=True).fill("pas le bon")
    await at.page.get_by_role("button", name="Se connecter").click()
    await at.page.get_by_role("alert").get_by_text("incorrect").wait_for()
    await at.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    await at.page.keyboard.press("Enter")
    await at.page.wait_for_url("**/admin/leads?status=new")
    cookies = {one["name"]: one for one in await at.page.context.cookies()}
    assert cookies["rdz"]["httpOnly"] and cookies["rdz"]["sameSite"] == "Lax"


async def test_a_lost_session_is_refreshed_in_silence_and_a_revoked_one_leads_to_the_login(
    at: Desk, trade: Trade
) -> None:
    await sign_in(at, trade.parts, "ops")
    await at.page.context.clear_cookies(name="rdz")  # as when 15 minutes have passed
    await at.open("/admin/leads")
    await at.page.get_by_role("heading", name="Leads").wait_for()
    await trade.parts.mongo.collection("sessions").delete_many({})
    trade.parts.accounts.forget()
    await at.page.goto(at.url + "/admin/deliveries")
    await at.page.wait_for_url("**/login?retour=%2Fadmin%2Fdeliveries")


async def test_what_one_may_not_open_says_so(at: Desk, trade: Trade) -> None:
    user = await person(trade.parts, "viewer", permissions={"leads.view": True}, email="seul@exemple.fr")
    await at.open("/login")
    await at.page.get_by_label("Adresse e-mail").fill(user.email)
    await at.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    await at.page.keyboard.press("Enter")
    await at.page.get_by_text("Cette page demande une permission").wait_for()  # the Cockpit
    links = await at.page.locator(".sidebar nav a").all_inner_texts()
    assert links == ["Leads"]
    await at.open("/admin/nulle-part")
    await at.page.get_by_role("heading", name="Page introuvable").wait_for()


async def test_the_scope_is_in_the_address_and_links_keep_it(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "super_admin")
    await at.open("/admin/leads")
    await at.page.get_by_text("MDL", exact=True).first.click()
    await at.page.wait_for_url("**/admin/leads?entite=MDL")
    await at.page.get_by_text("1-1 sur 1").wait_for()
    await at.page.locator(".sidebar").get_by_role("link", name="Livraisons").click()
    await at.page.wait_for_url("**/admin/deliveries?entite=MDL")


async def test_a_page_is_found_from_the_keyboard(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/dashboard")
    await at.page.keyboard.press("/")
    await at.page.get_by_role("combobox", name=PALETTE).wait_for()
    await at.page.keyboard.type("livr")
    await at.page.get_by_role("option", name="Leads", exact=True).wait_for(state="detached")
    await at.page.get_by_role("option", name="Livraisons").wait_for()
    await at.page.keyboard.press("ArrowDown")
    await at.page.keyboard.press("Enter")
    await at.page.wait_for_url("**/admin/deliveries")
