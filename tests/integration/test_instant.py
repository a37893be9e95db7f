"""`instant` clients: each lead leaves alone as soon as it is routed, on open days; the daily run takes the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest_asyncio

from backend.clients.models import Client, ClientUpdate, CrmBody
from backend.clients.push import PushBody
from backend.core.mongo import Doc
from backend.providers.models import NewProvider
from tests.support.buyer_api import BuyerApi, buyer_api
from tests.support.departure import hand_over, settle
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

FRIDAY_MORNING = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)  # 10:00 Paris, after the daily run
FRIDAY_MIDNIGHT = datetime(2026, 3, 13, 22, 59, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 13, 23, 1, tzinfo=UTC)  # 00:01 Paris
MONDAY_RUN = datetime(2026, 3, 16, 8, 30, tzinfo=UTC)


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


@pytest_asyncio.fixture
async def api(trade: Trade) -> AsyncIterator[BuyerApi]:
    async with buyer_api() as server:
        yield server


async def instant(trade: Trade, name: str = "Solaire du Midi", **order: Any) -> Client:
    client = await trade.client(name, delivery_mode="instant")
    await trade.commande(client, **order)
    return client


async def change(trade: Trade, client: Client, **given: Any) -> None:
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(**given), "test")


async def at(trade: Trade, when: datetime) -> None:
    await trade.parts.clock.move_to(trade.parts.mongo, when)
    trade.parts.parametres.forget()


async def delivery(trade: Trade, lead: Doc) -> Doc:
    return await trade.row("deliveries", lead_id=lead["id"], current=True)


async def tasks(trade: Trade) -> set[str]:
    return {row["payload"]["delivery_id"] for row in await trade.rows("outbox", kind="send_instant")}


async def promises_hold(trade: Trade) -> None:
    broken = [check for check in await trade.parts.monitoring.invariants() if check.count]
    assert not broken, broken


async def test_each_lead_leaves_alone_and_the_intake_answers_before(trade: Trade, mail: MailServer) -> None:
    client = await instant(trade)
    leads = [await trade.lead(nom=nom) for nom in ("Durand", "Martin")]
    waiting = [await delivery(trade, lead) for lead in leads]
    assert [(one["status"], one["due_day"], one["week"]) for one in waiting] == [
        ("pending_csv", "2026-03-11", "2026-W11")
    ] * 2, "10:00 on an open day: today, the daily run being over"
    assert await tasks(trade) == {one["id"] for one in waiting} and not mail.messages
    await settle(trade)
    files = [text.decode() for message in mail.messages for text in message.attachments.values()]
    assert [file.count("\r\n") for file in files] == [2, 2]
    assert {message.to for message in mail.messages} == {client.email}
    assert {(await delivery(trade, lead))["status"] for lead in leads} == {"sent"}
    batches = await trade.rows("delivery_batches")
    assert [(one["lead_count"], one["status"]) for one in batches] == [(1, "sent")] * 2
    assert len({one["csv_filename"] for one in batches}) == 2 and all(one["csv_sha256"] for one in batches)
    assert {(await trade.stored(lead["id"]))["status"] for lead in leads} == {"livre"}
    await promises_hold(trade)


async def test_by_its_interface_and_by_mail(trade: Trade, mail: MailServer, api: BuyerApi) -> None:
    client = await instant(trade)
    body = PushBody.model_validate({"enabled": True, "url": api.url, "proof": "api"})
    await trade.parts.pushes.save(trade.parts.everyone, client.id, body, "test")
    lead = await trade.lead()
    await settle(trade)
    assert [call.json["nom"] for call in api.calls] == ["Durand"] and len(mail.messages) == 1
    assert (await delivery(trade, lead))["sent_to"] == [api.url]


async def test_every_way_of_being_routed_puts_the_task(trade: Trade, mail: MailServer) -> None:
    parts, ops = trade.parts, await headers(trade.parts, "ops", "ZR7")
    old = await trade.lead(produit="ITE", departement="29")
    waits, reroutes = await trade.lead(), await trade.lead(produit="PAC")
    await at(trade, parts.clock.now() + timedelta(days=9))
    await parts.stock.mark()
    recent = [await trade.lead(), await trade.lead(produit="PAC")]
    client = await instant(trade)  # opens PV: the durable task routes what waits
    await trade.commande(client, produit="ITE", lb_target_pct=Decimal("0.5"), quota_semaine=10)
    await settle(trade)
    assert (await trade.stored(recent[0]["id"]))["status"] == "livre"
    await trade.commande(client, produit="PAC")
    answer = await trade.http.post(f"/api/leads/{recent[1]['id']}/reroute", headers=ops)
    assert answer.json()["status"] in {"routed", "livre"}, answer.text
    swapped = await trade.lead(phone="0611111111", lp_code="LP1", produit="ITE", departement="29")
    assert swapped["status"] == "replaced_by_lb" and swapped["replacement_lead_id"] == old["id"]
    _, key = await parts.providers.create("ZR7", NewProvider(name="Apporteur", slug="apporteur"), "test")
    provided = await trade.submit({"Authorization": f"Bearer {key}"}, phone="0199007755")
    assert provided.json()["status"] == "routed"
    await settle(trade)
    made = await trade.rows("deliveries")
    assert {one["lead_id"] for one in made} >= {old["id"], recent[0]["id"], recent[1]["id"]}
    assert await tasks(trade) == {one["id"] for one in made}
    assert {one["status"] for one in made} == {"sent"} and len(mail.messages) == len(made) == 4
    assert {(await trade.stored(one["id"]))["status"] for one in (waits, reroutes)} == {"lb"}
    await promises_hold(trade)


async def test_a_closed_day_leaves_it_to_the_next_daily_run(trade: Trade, mail: MailServer) -> None:
    await instant(trade)
    await at(trade, FRIDAY_MIDNIGHT)
    lead = await trade.lead()
    await at(trade, SATURDAY)
    await settle(trade)
    assert (await delivery(trade, lead))["status"] == "pending_csv" and not mail.messages
    await at(trade, MONDAY_RUN)
    slot = await trade.parts.jobs.run_and_wait("daily_delivery", "test")
    assert slot.state == "success", slot.error
    await settle(trade)
    assert (await delivery(trade, lead))["status"] == "sent" and len(mail.messages) == 1


async def test_the_place_is_that_of_today_and_is_shown(trade: Trade) -> None:
    """Friday 10:00: a daily client's lead leaves on Monday, next week; an instant one's today."""
    client = await instant(trade, quota_semaine=5)
    await trade.buyer("Au jour", produit="PAC", quota_semaine=5)
    await at(trade, FRIDAY_MORNING)
    now, later = await delivery(trade, await trade.lead()), await delivery(trade, await trade.lead(produit="PAC"))
    assert (now["week"], now["due_day"]) == ("2026-W11", "2026-03-13")
    assert (later["week"], later["due_day"]) == ("2026-W12", "2026-03-16")
    admin = await headers(trade.parts, "admin", "ZR7")
    shown = (await trade.http.get("/api/commandes", headers=admin)).json()["commandes"]
    assert {one["client_id"] == client.id: (one["week"], one["reserved"]) for one in shown} == {
        True: ("2026-W11", 1),
        False: ("2026-W12", 1),
    }


async def test_without_automatic_sending_it_stops_ready(trade: Trade, mail: MailServer) -> None:
    client = await instant(trade)
    await change(trade, client, auto_send_enabled=False)
    lead = await trade.lead()
    await settle(trade)
    assert (await delivery(trade, lead))["status"] == "ready_to_send" and not mail.messages
    assert (await hand_over(trade, by_hand=True)).handed_over == 1
    await settle(trade)
    assert (await delivery(trade, lead))["status"] == "sent" and len(mail.messages) == 1


async def test_in_simulation_a_marked_copy_leaves_and_the_next_run_sends(trade: Trade, mail: MailServer) -> None:
    client = await instant(trade)
    mode = {"domains": [], "simulation_mode": True, "simulation_email": "essais@zr7-digital.fr"}
    await trade.parts.parametres.write("ZR7", "email_denylist", mode, "test")
    lead = await trade.lead()
    await settle(trade)
    assert [message.to for message in mail.messages] == ["essais@zr7-digital.fr"]
    assert (await delivery(trade, lead))["status"] == "ready_to_send"
    await trade.parts.parametres.write("ZR7", "email_denylist", {**mode, "simulation_mode": False}, "test")
    await hand_over(trade)
    await settle(trade)
    assert mail.messages[-1].to == client.email and (await delivery(trade, lead))["status"] == "sent"


async def test_what_may_not_leave_stays_for_the_daily_run_which_gives_it_to_another(
    trade: Trade, mail: MailServer
) -> None:
    client = await instant(trade)
    lead = await trade.lead()
    await trade.parts.clients.update_crm(
        trade.parts.everyone, client.id, CrmBody(client_status="Blocked"), "test"
    )  # fmt: skip
    await settle(trade)
    first = await delivery(trade, lead)
    assert (first["status"], first["client_id"]) == ("pending_csv", client.id) and not mail.messages
    other, _ = await trade.buyer("Repreneur")
    slot = await trade.parts.jobs.run_and_wait("daily_delivery", "test")
    assert slot.state == "success", slot.error
    await settle(trade)
    last = await delivery(trade, lead)
    assert (last["status"], last["client_id"]) == ("sent", other.id)
    assert [message.to for message in mail.messages] == [other.email]


async def test_what_was_reserved_before_a_change_of_mode_waits_for_the_run(trade: Trade, mail: MailServer) -> None:
    """Daily to instant: what waited goes on waiting. Instant to daily: the task finds nothing to send."""
    client, _ = await trade.buyer()
    reserved = await trade.lead()
    await change(trade, client, delivery_mode="instant")
    await settle(trade)
    assert (await delivery(trade, reserved))["status"] == "pending_csv"
    routed = await trade.lead()
    await change(trade, client, delivery_mode="daily")
    await settle(trade)
    assert (await delivery(trade, routed))["status"] == "pending_csv" and not mail.messages
    assert (await hand_over(trade)).handed_over == 2
    await settle(trade)
    assert len(mail.messages) == 1


async def test_while_everything_is_held_the_batch_waits(trade: Trade, mail: MailServer) -> None:
    await instant(trade)
    await trade.parts.hold.hold("essai", "test")
    trade.parts.outbox.switch.forget()
    await trade.lead()
    await trade.parts.batches.send_at_once((await trade.row("deliveries"))["id"])
    assert "smtp:ZR7" not in await trade.parts.outbox.active_channels()
    assert (await trade.row("outbox", kind="email"))["state"] == "pending"
    await trade.parts.hold.release("test")
    trade.parts.outbox.switch.forget()
    await settle(trade)
    assert len(mail.messages) == 1


async def test_done_many_times_at_once_and_beside_the_daily_run_each_lead_leaves_once(
    trade: Trade, mail: MailServer
) -> None:
    await instant(trade)
    leads = [await trade.lead() for _ in range(6)]
    ids = [(await delivery(trade, lead))["id"] for lead in leads]
    send = trade.parts.batches.send_at_once
    await asyncio.gather(*(send(one) for one in ids[:4] * 3), hand_over(trade))
    await settle(trade)
    lines = [line for message in mail.messages for text in message.attachments.values()
             for line in text.decode().splitlines()[1:]]  # fmt: skip
    assert len(lines) == len(set(lines)) == len(leads)
    assert {one["status"] for one in await trade.rows("deliveries")} == {"sent"}
    await promises_hold(trade)
