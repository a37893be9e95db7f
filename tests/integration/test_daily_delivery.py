"""The daily run, whole: from what waits to what was sent, and the report of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest_asyncio

from backend.clients.models import ClientUpdate
from backend.core.mongo import Doc
from backend.jobs.models import Run
from tests.support.departure import settle
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade, phone


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def at(trade: Trade, year: int, month: int, day: int, hour: int, minute: int) -> None:
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(year, month, day, hour, minute, tzinfo=UTC))


async def run(trade: Trade) -> Doc:
    slot = await trade.parts.jobs.run_and_wait("daily_delivery", "test")
    assert slot.state == "success", slot.error
    await settle(trade)
    return await trade.row("delivery_reports", slot=slot.id)


async def promises_hold(trade: Trade) -> None:
    broken = [check for check in await trade.parts.monitoring.invariants() if check.count]
    assert not broken, broken


async def test_a_day_from_the_leads_to_the_mailboxes(trade: Trade, mail: MailServer) -> None:
    await trade.buyer("Un", quota_semaine=3)
    await trade.buyer("Deux", priorite=7)
    await trade.buyer("Trois", "MDL", produit="PAC")
    leads = [await trade.lead() for _ in range(5)] + [await trade.lead(produit="PAC")]
    await at(trade, 2026, 3, 12, 8, 30)
    report = await run(trade)
    assert report["entities"]["ZR7"]["handed_over"] == 5
    assert report["entities"]["MDL"]["handed_over"] == 1
    assert sorted(message.to for message in mail.messages) == [
        "deux@zr7-buyers.fr", "trois@mdl-buyers.fr", "un@zr7-buyers.fr"
    ]  # fmt: skip
    assert {(await trade.stored(lead["id"]))["status"] for lead in leads} == {"livre"}
    await promises_hold(trade)


async def test_two_daily_runs_at_once_deliver_each_lead_once(trade: Trade, mail: MailServer) -> None:
    await trade.buyer("Un", quota_semaine=20)
    await trade.buyer("Deux", priorite=7)
    for _ in range(30):
        await trade.lead()
    daily = next(job for job in trade.parts.jobs.jobs if job.name == "daily_delivery")
    slots = [await trade.parts.jobs.run_now("daily_delivery", "test") for _ in range(2)]
    assert len(set(slots)) == 2

    class Unfenced:
        """Two runs truly at once: the slot's own queue is what is taken away here."""

        async def enter(self, _tx: object) -> None: ...

        async def check(self, _tx: object) -> None: ...

    now = trade.parts.clock.now()
    runs = [Run(slot, "daily_delivery", slot, now, "test", 0, Unfenced()) for slot in slots]
    await asyncio.gather(*(daily.run(one) for one in runs))
    await settle(trade)
    sent = await trade.rows("deliveries", status="sent")
    assert len(sent) == len({row["lead_id"] for row in sent}) == 30
    files = [line for message in mail.messages for text in message.attachments.values()
             for line in text.decode().splitlines()[1:]]  # fmt: skip
    assert len(files) == len(set(files)) == 30
    await promises_hold(trade)


async def test_the_share_of_lb_is_filled_from_the_stock(trade: Trade, mail: MailServer) -> None:
    old = [await trade.lead() for _ in range(3)]
    await at(trade, 2026, 3, 24, 9, 0)
    _, commande = await trade.buyer(quota_semaine=10, lb_target_pct=Decimal("0.2"))
    fresh = [await trade.lead() for _ in range(9)]
    await at(trade, 2026, 3, 25, 8, 30)
    report = await run(trade)
    assert report["lb_marked"]["from_old_leads"] == 3
    counter = await trade.row("quota_counters", commande_id=commande.id, week="2026-W13")
    assert (counter["used"], counter["lb"], counter["sent"], counter["lb_sent"]) == (10, 2, 10, 2)
    assert [(await trade.stored(lead["id"]))["status"] for lead in old] == ["livre", "livre", "lb"]
    assert [(await trade.stored(lead["id"]))["status"] for lead in fresh].count("livre") == 8
    await promises_hold(trade)


async def test_without_stock_the_share_goes_to_fresh_leads_and_the_shortfall_is_told(
    trade: Trade, mail: MailServer
) -> None:
    _, commande = await trade.buyer(quota_semaine=5, lb_target_pct=Decimal("0.4"))
    for _ in range(5):
        await trade.lead()
    await at(trade, 2026, 3, 12, 8, 30)
    report = await run(trade)
    assert report["entities"]["ZR7"]["fresh_filled"] == 2
    assert (await trade.row("event_log", action="lb_shortfall"))["entity_id"] == commande.id
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 5


async def test_a_delivered_lead_becomes_lb_after_thirty_days_and_never_goes_back_to_its_client_first(
    trade: Trade, mail: MailServer
) -> None:
    first, _ = await trade.buyer("Un", quota_semaine=1)
    lead = await trade.lead()
    await at(trade, 2026, 3, 12, 8, 30)
    await run(trade)
    await at(trade, 2026, 4, 14, 8, 30)
    second, _ = await trade.buyer("Deux", quota_semaine=5, lb_target_pct=Decimal("1"))
    report = await run(trade)
    assert report["lb_marked"]["from_delivered"] == 1
    again = await trade.stored(lead["id"])
    assert (again["status"], again["delivery_client_id"], again["is_lb"]) == ("livre", second.id, True)
    assert set(again["sold_to"]) == {first.id, second.id}
    await promises_hold(trade)


async def test_a_closed_day_marks_lb_and_says_so(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    await trade.lead()
    await at(trade, 2026, 3, 15, 8, 30)  # Sunday
    report = await run(trade)
    assert report["entities"]["ZR7"]["closed"] == "Pas de livraison le dimanche."
    assert not mail.messages


async def test_what_the_gate_releases_is_routed_again_and_leaves_in_the_same_run(
    trade: Trade, mail: MailServer
) -> None:
    client, _ = await trade.buyer("Un")
    other, _ = await trade.buyer("Deux", "MDL")
    lead = await trade.lead()
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(active=False), "test")
    await at(trade, 2026, 3, 12, 8, 30)
    await run(trade)
    assert [message.to for message in mail.messages] == [other.email]
    assert (await trade.stored(lead["id"]))["delivery_client_id"] == other.id
    await promises_hold(trade)


async def test_a_rejected_lead_goes_to_another_client_and_its_place_is_free_again(
    trade: Trade, mail: MailServer
) -> None:
    first, commande = await trade.buyer("Un", quota_semaine=1)
    lead = await trade.lead()
    await at(trade, 2026, 3, 12, 8, 30)
    await run(trade)
    second, _ = await trade.buyer("Deux", priorite=9)
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    ops = await headers(trade.parts, "ops", "ZR7")
    path = f"/api/deliveries/{delivery['id']}/reject-leads"
    answer = await trade.http.post(path, json={"reason": "injoignable"}, headers=ops)
    assert answer.status_code == 200, answer.text
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 0
    await settle(trade)
    again = await trade.stored(lead["id"])
    assert (again["status"], again["delivery_client_id"]) == ("routed", second.id)
    assert first.id in again["refused_clients"]
    await promises_hold(trade)


async def test_a_run_started_late_still_takes_the_places_of_the_week_that_leaves(
    trade: Trade, mail: MailServer
) -> None:
    lead = await trade.lead()
    _, commande = await trade.buyer(quota_semaine=5)
    await at(trade, 2026, 3, 13, 15, 0)  # Friday afternoon
    await run(trade)
    assert (await trade.row("deliveries", lead_id=lead["id"]))["week"] == "2026-W11"
    assert (await trade.row("quota_counters", commande_id=commande.id, week="2026-W11"))["sent"] == 1


async def test_more_waiting_leads_than_a_page_holds_are_all_routed(trade: Trade, mail: MailServer) -> None:
    """Those that wait are read by pages of 200."""
    for _ in range(13):
        await asyncio.gather(*(trade.submit(phone=phone()) for _ in range(20)))
    await trade.buyer()
    await at(trade, 2026, 3, 12, 8, 30)
    report = await run(trade)
    assert report["entities"]["ZR7"]["handed_over"] == 260
    assert len(next(iter(mail.messages[0].attachments.values())).decode().splitlines()) == 261


async def test_a_walk_through_what_waits_ends_at_what_was_there_when_it_began(trade: Trade) -> None:
    """What is received later was routed as it came: a run must not follow a crowd for as long as it lasts."""
    known, later = await trade.lead(), await trade.lead()
    await trade.buyer()
    future = trade.parts.clock.now() + timedelta(hours=1)
    await trade.parts.mongo.collection("leads").update_one({"id": later["id"]}, {"$set": {"created_at": future}})
    assert await trade.parts.leads.route_waiting({}) == 1
    assert (await trade.stored(known["id"]))["status"] == "routed"
    await trade.parts.clock.move_to(trade.parts.mongo, future)
    assert await trade.parts.leads.route_waiting({}) == 1
