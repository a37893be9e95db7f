"""What the charts are for: this week against the last, by mouse, by keys, in a table; then the rows behind."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.async_api import expect

from tests.support.browser import Desk, sign_in
from tests.support.departure import leave
from tests.support.trade import Trade


async def test_a_column_is_compared_read_without_a_mouse_and_opened(at: Desk, market: Trade) -> None:
    clock = market.parts.clock
    await clock.move_to(market.parts.mongo, clock.now() + timedelta(days=7, hours=1))
    await market.lead(utm_source="google")
    await leave(market)
    client = await market.row("clients", name="Solaire du Midi")
    commande = await market.row("commandes", client_id=client["id"])
    sent = await market.rows("deliveries", status="sent", sent_week="2026-W12")
    before = await market.rows("deliveries", status="sent", sent_week="2026-W11")
    assert sent and before
    page = at.page
    await sign_in(at, market.parts, "super_admin")
    await at.open("/admin/dashboard")

    chart = page.get_by_role("slider", name="Leads envoyés par jour")
    await chart.focus()
    await page.keyboard.press("ArrowRight")
    day = f"mercredi 18 mars (en cours), cette semaine {len(sent)}, semaine précédente {len(before)}"
    await expect(chart).to_have_attribute("aria-valuetext", re.compile(re.escape(day)))
    await page.keyboard.press("ArrowLeft")
    await expect(chart).to_have_attribute("aria-valuetext", re.compile("^mardi 17 mars, cette semaine 0"))
    await page.get_by_role("button", name="Voir en tableau").click()
    row = page.get_by_role("row", name="mercredi 18 mars")
    await expect(row.get_by_role("cell")).to_have_text(
        [re.compile("mercredi 18 mars"), str(len(sent)), str(len(before)), re.compile(r"^([+−]\d+|=)$")]
    )
    await page.get_by_role("button", name="Voir en graphique").click()
    await page.locator("rect[data-point='mer. 18']").click()
    await page.wait_for_url("**sent_day=2026-03-18*")
    await page.get_by_text(f"1-{len(sent)} sur {len(sent)}").first.wait_for()
    await page.get_by_text("Jour d’envoi", exact=False).first.wait_for()

    await at.open(f"/admin/clients/{client['id']}?onglet=performance")
    weeks = page.get_by_role("slider", name="Leads des douze dernières semaines")
    await expect(weeks).to_have_attribute("aria-valuetext", re.compile(r"Semaine.12 .*\(en cours\), Envoyés \d+, Fact"))
    await weeks.focus()
    await page.keyboard.press("Home")
    await expect(weeks).to_have_attribute("aria-valuetext", re.compile("Envoyés Pas de mesure"))

    await at.open(f"/admin/commandes/{commande['id']}")
    week = page.get_by_role("slider", name="Leads envoyés par semaine")
    await expect(week).to_have_attribute("aria-valuetext", re.compile(r"Envoyés \d+, Quota 6"))

    await at.open("/admin/monitoring?entite=ZR7")
    await page.get_by_role("region", name="Sources").get_by_role("button", name="google").click()
    panel = page.get_by_role("complementary", name="google")
    received = panel.get_by_role("slider", name="Reçus par jour")
    await expect(received).to_have_attribute("aria-valuetext", re.compile(r"cette période 1, période précédente 3"))
    await panel.get_by_text("Vendus", exact=True).click()
    await expect(panel.get_by_role("slider", name="Vendus par jour")).to_be_visible()
    await panel.locator("rect[data-point='mer. 18']").click()
    await page.wait_for_url("**/admin/leads?*from=2026-03-18*source=google*")
    await page.get_by_text("1-1 sur 1").first.wait_for()
