"""What the Cockpit says of the day's delivery, and of what it could not read."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from playwright.async_api import Route, expect

from tests.support.browser import Desk, sign_in
from tests.support.departure import settle
from tests.support.trade import Trade


async def test_a_late_delivery_is_launched_followed_and_told(at: Desk, market: Trade) -> None:
    parts, page = market.parts, at.page
    await parts.jobs.installed_at()
    await parts.clock.move_to(parts.mongo, datetime(2026, 3, 12, 8, 42, tzinfo=UTC))
    await sign_in(at, parts, "super_admin")
    await at.open("/admin/dashboard")
    band = page.get_by_role("region", name="Envoi du jour de ZR7")
    await band.get_by_text("Envoi de 9 h 30 en retard de 12 min").wait_for()
    await band.get_by_role("button", name="Lancer maintenant…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Lancer l’envoi").click()
    await page.get_by_text("Envoi lancé").wait_for()
    assert await parts.jobs.ensure_due()
    await at.open("/admin/dashboard")
    await band.get_by_text("Envoi en cours : 0 lot sur 1").wait_for()
    await expect(band.get_by_role("img", name="Lots partis 0 / 1")).to_be_visible()
    await settle(market)
    await at.open("/admin/dashboard")
    await expect(band.locator("strong")).to_contain_text("1 lead chez 1 client")
    await expect(band.locator("strong")).to_contain_text("terminé à 9 h 42")

    async def broken(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        await route.fulfill(response=answer, body=json.dumps(told | {"sources": None, "failed": ["sources"]}))

    await page.route("**/api/cockpit*", broken)
    await at.open("/admin/dashboard")
    await page.get_by_text("Indisponible").wait_for()
    await page.unroute("**/api/cockpit*")
    await page.get_by_role("button", name="Réessayer").click()
    await page.get_by_text("Pas encore assez de leads cette semaine").wait_for()
