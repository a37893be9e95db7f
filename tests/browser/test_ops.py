"""Every action that the permissions of ops allow is done by somebody of ops, and the server says yes."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Error as PlaywrightError

from backend.accounts.permissions import granted
from backend.outbox.models import Row
from tests.browser.actions import EVERY, Action, press
from tests.browser.house import Ids, workshop
from tests.support.browser import WIDE, Desk, sign_in
from tests.support.departure import settle
from tests.support.people import headers
from tests.support.trade import Trade

OWN = [one for one in EVERY if one.permission in granted("ops", None)]


@pytest.mark.timeout(900)
async def test_all_that_ops_may_do_is_done_with_a_click(still: Desk, trade: Trade) -> None:
    async with workshop(trade) as ids:
        await sign_in(still, trade.parts, "ops")
        await still.open(f"/admin/deliveries?fiche={ids['now']}")
        for step in (press("Envoyer maintenant…"), press("Envoyer maintenant")):
            await step(still.page)
        await said(still, "Livraison remise à l’envoi.")
        for one in sorted(OWN, key=lambda one: one.held):
            if one.held and not await trade.parts.hold.is_held():
                await trade.parts.hold.hold("Essai", "test")
            await do(still, one, ids)
        states = {
            name: (await trade.row("outbox", _id=ids[name]))["state"]
            for name in ("requeue", "cancel", "correct", "uncertain", "pending")
        }
        # What was judged not to have arrived left again with the failures of its channel.
        assert states == {"requeue": "pending", "cancel": "cancelled", "correct": "cancelled", "uncertain": "pending",
                          "pending": "sent"}  # fmt: skip
        found = {name: await trade.row("deliveries", id=ids[name]) for name in ("sent", "kept", "waiting")}
        assert [found[name]["outcome"] for name in ("sent", "kept")] == ["rejected", "removed"]
        assert found["waiting"]["status"] == "cancelled"
        lead = await trade.stored(ids["lead"])
        assert [note["text"] for note in lead["notes"]] == ["À rappeler"]
        assert (await trade.stored(ids["aside"]))["status"] == "invalid"
        commande = await trade.row("commandes", id=ids["commande"])
        assert (commande["quota_semaine"], commande["priorite"], commande["active"]) == (12, 3, False)
        assert (await trade.stored(ids["ended"]))["status"] == "no_open_orders"
        assert len(await trade.rows("leads", nom="Henry")) == 2


async def do(at: Desk, one: Action, ids: Ids) -> None:
    """The whole action; the server answers yes, and the page says that it is done."""
    method, path = one.call.split()
    wanted = re.compile(re.sub(r"{\w+}", "[^/?]+", path) + r"(\?.*)?$")
    await at.open(one.page.format(**ids))
    for step in one.how[:-1]:
        await step(at.page)
    async with at.page.expect_response(
        lambda answer: answer.request.method == method and bool(wanted.search(answer.url))
    ) as answered:
        await one.how[-1](at.page)
    answer = await answered.value
    assert answer.ok, f"{one.call}: {answer.status} {await answer.text()}"
    try:
        await at.page.locator(one.shows).first.wait_for()
    except PlaywrightError:
        raise AssertionError(f"{one.source} {one.call}: {await at.page.locator('body').inner_text()}") from None


async def said(at: Desk, text: str) -> None:
    await at.page.locator(".toast-success", has_text=text).first.wait_for()


async def test_an_address_set_aside_is_written_to_again(at: Desk, market: Trade) -> None:
    row = Row.model_validate({**await market.row("outbox", kind="email", entity="ZR7"), "to": "parti@ailleurs.fr"})
    parts = market.parts
    await parts.mongo.transaction(lambda tx: parts.suppressions.note(tx, row, "550 5.1.1 adresse inconnue", "550"))
    boss = await headers(parts, "ops")
    ids = {"ids": [(await market.row("deliveries", status="sent", entity="ZR7"))["id"]]}
    asked = await market.http.post("/api/deliveries/bulk/copy", json=ids, headers=boss)
    assert asked.status_code == 202, asked.text
    await settle(market)
    await sign_in(at, parts, "ops")
    page = await at.open("/admin/outbox")
    await page.get_by_role("button", name="À traiter").click()
    await page.get_by_role("dialog").get_by_role("link", name="Copie de livraisons").wait_for()
    await page.keyboard.press("Escape")
    await page.get_by_text("Adresses écartées").click()
    await page.wait_for_url("**ecartees=1*")
    table = page.get_by_role("region", name="Adresses écartées")
    await table.get_by_text("550 5.1.1 adresse inconnue").wait_for()
    assert "\n".join(await at.faults()) == ""
    await table.get_by_role("button", name="Lever…").click()
    await page.get_by_role("dialog").get_by_role("button", name="Écrire de nouveau").click()
    await page.get_by_text("Aucune adresse n’est écartée.").wait_for()
    assert await market.rows("suppressions") == []
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog").get_by_role("combobox").fill("saisir un lead")
    await page.get_by_role("option", name="Saisir un lead").wait_for()
    top = await page.locator("section.palette").evaluate("one => one.getBoundingClientRect().top")
    assert round(top) == round(0.12 * WIDE["height"]), "its offset is kept"
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/leads/nouveau*")
