"""« Exporter » under a list gives what is on screen."""

from __future__ import annotations

from tests.support.browser import Desk, sign_in
from tests.support.trade import Trade


async def test_a_filtered_list_is_taken_away_with_the_columns_shown(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/deliveries?status=sent")
    await at.page.get_by_role("button", name="Colonnes").click()
    await at.page.get_by_role("checkbox", name="Département").uncheck()
    await at.page.keyboard.press("Escape")
    async with at.page.expect_download() as waiting:
        await at.page.get_by_role("button", name="Exporter").click()
    file = await waiting.value
    assert file.suggested_filename == "livraisons_ZR7_2026-03-11.csv"
    text = (await file.path()).read_text("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "Lead;État;Client;Suite;Produit;Entité;Créée le;Envoyée le"
    assert lines[1].startswith("Camille Garnier;Envoyé;Solaire du Midi;Acceptée;PV;ZR7;")
    assert len(lines) == 1 + len(await market.rows("deliveries", entity="ZR7", status="sent"))


async def test_who_may_not_export_is_not_offered_it(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "viewer")
    await at.open("/admin/leads")
    await at.page.get_by_role("button", name="Colonnes").wait_for()
    assert await at.page.get_by_role("button", name="Exporter").count() == 0
