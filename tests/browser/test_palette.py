"""One box from the keyboard: what was opened, what can be done here, the pages, everything that is found."""

from __future__ import annotations

from playwright.async_api import expect

from tests.support.browser import PALETTE, Desk, sign_in
from tests.support.trade import Trade


async def test_a_lead_is_found_by_its_number_and_rejected_from_the_keyboard_alone(at: Desk, market: Trade) -> None:
    delivery = await market.row("deliveries", status="sent", client_name="Habitat Occitan")
    lead = await market.row("leads", id=delivery["lead_id"])
    national = "0" + lead["phone"].removeprefix("+33")
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/dashboard")
    keys = at.page.keyboard
    await keys.press("/")  # what is typed before the box is there is in it
    spaced = " ".join(national[n : n + 2] for n in range(0, 10, 2))
    await keys.type(spaced)
    await expect(at.page.get_by_role("combobox", name=PALETTE)).to_have_value(spaced)
    await keys.press("Enter")  # before the answer: it opens when it is there
    await at.page.wait_for_url(f"**/admin/leads/{lead['id']}")
    await at.page.get_by_role("heading", name="Chronologie").wait_for()
    await keys.press("Control+k")
    await at.page.get_by_role("combobox", name=PALETTE).wait_for()
    await keys.type("rejeter")
    await keys.press("Enter")
    await at.page.get_by_role("combobox", name="Motif").wait_for()
    while "Déjà client" not in await at.page.evaluate(
        "document.querySelector('[data-combobox-selected]')?.innerText ?? ''"
    ):
        await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.press("Enter")
    await at.page.get_by_text("Livraison rejetée.").wait_for()
    stored = await market.row("deliveries", id=delivery["id"])
    assert (stored["outcome"], stored["rejection_reason"]) == ("rejected", "deja_client")


async def test_the_run_is_asked_for_and_the_first_lot_opened_from_the_keyboard(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "admin")
    await at.open("/admin/dashboard")
    keys = at.page.keyboard
    await keys.press("Control+k")
    await at.page.get_by_role("combobox", name=PALETTE).wait_for()
    await keys.type("lancer l'envoi")
    await keys.press("Enter")
    await at.page.get_by_role("dialog", name="Lancer l’envoi de 1 lead chez 1 client").wait_for()
    await keys.press("Enter")
    await at.page.get_by_text("Envoi lancé").wait_for()
    assert (await market.row("cron_logs", job="daily_delivery"))["requested_by"] == "admin.zr7@exemple.fr"
    await keys.press("Control+k")
    await at.page.get_by_role("combobox", name=PALETTE).wait_for()
    await keys.type("lots")
    await keys.press("Enter")
    await at.page.wait_for_url("**/admin/batches")
    await at.page.locator("tr[data-row]").first.wait_for()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await at.page.get_by_role("heading", name="Lot de").wait_for()


async def test_what_was_opened_comes_back_and_objects_are_told_with_their_state(at: Desk, market: Trade) -> None:
    client = await market.row("clients", name="Habitat Occitan")
    await sign_in(at, market.parts, "super_admin")
    await at.open(f"/admin/clients/{client['id']}")
    await at.open("/admin/dashboard")
    await at.page.get_by_role("button", name="Rechercher un lead").click()
    recents = at.page.get_by_role("group", name="Ouverts récemment")
    await recents.get_by_role("option", name="Habitat Occitan").wait_for()
    assert await at.faults() == []
    await at.page.keyboard.type("camille")
    leads = at.page.get_by_role("group", name="Leads")
    await leads.get_by_role("option", name="Camille Fournier").get_by_text("Livré").wait_for()
    await at.page.get_by_role("group", name="Livraisons").get_by_role("option").first.wait_for()
    await at.dress("dark", {"width": 375, "height": 812})
    assert await at.faults() == []
    await at.page.get_by_role("combobox", name=PALETTE).fill("perimetre mdl")
    await at.page.keyboard.press("Enter")
    await at.page.wait_for_url("**/admin/dashboard?entite=MDL")


async def test_one_is_offered_only_what_one_may_do(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "viewer")
    await at.open("/admin/dashboard")
    await at.page.keyboard.press("Control+k")
    await at.page.get_by_role("combobox", name=PALETTE).fill("lancer")
    await at.page.get_by_text("Rien ne correspond à « lancer ».").wait_for()
    await at.page.get_by_role("combobox", name=PALETTE).fill("facture")
    await at.page.get_by_text("Rien ne correspond à « facture ».").wait_for()
