"""What the page of the sources is for: seeing who sends bad leads, and which ones."""

from __future__ import annotations

from playwright.async_api import expect

from tests.support.browser import Desk, sign_in
from tests.support.trade import Trade


async def test_a_bad_source_is_found_and_its_leads_are_opened(at: Desk, market: Trade) -> None:
    for _ in range(2):
        await market.lead(phone="0000", utm_source="bing")
    await sign_in(at, market.parts, "super_admin")
    await at.open("/admin/monitoring?entite=ZR7")
    table = at.page.get_by_role("region", name="Sources")
    await table.get_by_role("button", name="Nocivité").click()
    await at.page.wait_for_url("**tri=toxic*")
    await table.get_by_role("button", name="Nocivité").click()
    await at.page.wait_for_url("**tri=-toxic*")
    await expect(table.locator("tbody tr").first.locator("td").first).to_have_text("bing")
    await at.page.get_by_label("Produit").select_option("PV")
    await at.page.wait_for_url("**produit=PV*")
    await at.settled()
    await table.get_by_role("row", name="bing").get_by_role("link", name="2 sur 2").click()
    await at.page.get_by_text("1-2 sur 2").first.wait_for()
    assert "phone_quality=invalid" in at.page.url and "source=bing" in at.page.url
