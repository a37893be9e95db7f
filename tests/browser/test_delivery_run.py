"""« Qui recevra quoi ? », the suspension of a client's day, « Lancer maintenant », the reports and the calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.browser import Desk, sign_in
from tests.support.departure import settle
from tests.support.trade import Trade


async def test_a_client_is_kept_out_of_the_day_and_let_back_in(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "ops")
    await at.open("/admin/dashboard")
    await at.page.get_by_role("link", name="Voir qui recevra quoi").click()
    await at.page.get_by_role("heading", name="Qui recevra quoi ?", level=1).wait_for()
    table = at.page.get_by_role("region", name="Qui recevra quoi ? ZR7")
    row = table.get_by_role("row").filter(has_text="Solaire du Midi")
    await row.get_by_text("Part", exact=True).wait_for()
    await row.get_by_text("solaire.du.midi@zr7-buyers.fr").wait_for()
    await row.get_by_role("button", name="Suspendre l’envoi du jour").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("Congés")
    await dialog.get_by_role("button", name="Suspendre l’envoi du jour").click()
    await row.get_by_text("Envoi suspendu").wait_for()
    await row.get_by_role("link", name="Solaire du Midi").click()
    await at.page.get_by_text("Motif : Congés").wait_for()
    client = await market.row("clients", name="Solaire du Midi")
    assert client["suspended"]["reason"] == "Congés"
    await at.page.get_by_role("button", name="Reprendre").click()
    await at.page.get_by_text("Envoi repris").wait_for()
    await at.page.get_by_text("Motif : Congés").wait_for(state="detached")
    await at.page.get_by_role("button", name="Annuler").last.click()
    await at.page.get_by_text("Motif : Congés").wait_for()


async def test_the_run_started_by_hand_says_how_many_leads_to_how_many_clients(at: Desk, market: Trade) -> None:
    await market.parts.clock.move_to(market.parts.mongo, datetime(2026, 3, 12, 13, 0, tzinfo=UTC))
    await sign_in(at, market.parts, "super_admin")
    await at.open("/admin/envoi")
    await at.page.get_by_role("button", name="Lancer maintenant").click()
    dialog = at.page.get_by_role("dialog")
    await dialog.get_by_text("Lancer l’envoi de 1 lead chez 1 client ?").wait_for()
    await dialog.get_by_role("button", name="Lancer l’envoi").click()
    await at.page.get_by_text("Envoi lancé").wait_for()
    await market.parts.jobs.run_due("daily_delivery")
    await settle(market)
    assert await market.rows("deliveries", status="pending_csv") == []
    await at.page.get_by_text("Rapports").click()
    report = at.page.get_by_role("region", name="Envoi du 12/03/2026 14:00")
    await report.get_by_role("row").filter(has_text="ZR7").get_by_role("cell", name="1", exact=True).first.wait_for()


async def test_a_day_is_closed_where_it_is_read(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "admin")
    await at.open("/admin/envoi?vue=calendar")
    await at.page.get_by_role("button", name="Fermer jeudi 12 mars").click()
    await at.page.get_by_role("dialog").get_by_role("button", name="Fermer ce jour").click()
    await at.page.get_by_role("button", name="Ouvrir jeudi 12 mars").wait_for()
    stored = await market.row("settings", key="delivery_calendar")
    assert stored["disabled_dates"] == ["2026-03-12"]


async def test_a_line_to_handle_says_who_takes_care_of_it_and_leads_where_it_is_done(at: Desk, market: Trade) -> None:
    await sign_in(at, market.parts, "admin")
    await at.open("/admin/dashboard")
    line = at.page.get_by_role("listitem").filter(has_text="Prix manquant").filter(has_text="Solaire du Midi")
    await line.get_by_role("button", name="Je m’en occupe").click()
    await line.get_by_text("s’en occupe depuis le 11/03/2026").wait_for()
    assert (await market.row("todo_claims"))["by"] == "admin.zr7@exemple.fr"
    await line.get_by_role("button", name="Rendre").click()
    await line.get_by_role("button", name="Je m’en occupe").wait_for()
    await at.page.get_by_role("link", name="CA HT facturable").wait_for()
    await line.get_by_role("link", name="Saisir le prix").click()
    await at.page.get_by_role("button", name="Saisir un prix").wait_for()
