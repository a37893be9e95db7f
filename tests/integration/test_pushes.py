"""Leads pushed to a buyer's own HTTP interface: a real server that times out on one call in ten."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest_asyncio

from backend.clients.models import Client, ClientUpdate
from backend.clients.push import PushBody
from backend.core.mongo import Doc
from tests.support.buyer_api import Behaviour, BuyerApi, Call, buyer_api
from tests.support.departure import hand_over, settle
from tests.support.outbox import eventually, relaying
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

LEADS = 60


@pytest_asyncio.fixture
async def api(trade: Trade) -> AsyncIterator[BuyerApi]:
    door = trade.parts.pushes.door
    usual, door.total = door.total, 2.0
    async with buyer_api() as server:
        yield server
    door.total = usual


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def pushed(trade: Trade, api: BuyerApi, **given: Any) -> Client:
    """A buyer whose interface is called, with an open commande; served by it alone unless said otherwise."""
    client = await trade.client()
    body = PushBody.model_validate({"enabled": True, "url": api.url, "proof": "api"} | given)
    await trade.parts.pushes.save(trade.parts.everyone, client.id, body, "test")
    await trade.commande(client)
    return client


async def no_email(trade: Trade) -> None:
    denied = {"domains": ["zr7-buyers.fr"], "simulation_mode": False}
    await trade.parts.parametres.write("ZR7", "email_denylist", denied, "test")


async def work(trade: Trade) -> None:
    """Let the relay work until nothing waits, later attempts being due at once."""
    rows = trade.parts.mongo.collection("outbox")

    async def idle() -> bool:
        soon = datetime(2000, 1, 1, tzinfo=UTC)
        await rows.update_many({"state": "pending"}, {"$set": {"next_at": soon}})
        return not await rows.count_documents({"state": {"$in": ["pending", "leased"]}})

    async with relaying(trade.parts.outbox):
        await eventually(idle)


def one_in_ten(api: BuyerApi) -> None:
    """Each call is taken; one in ten is never answered; a repetition is said to be one."""
    seen: set[str] = set()

    def answer(call: Call) -> Behaviour:
        known = call.key in seen
        seen.add(call.key)
        if call.n % 10 == 0:
            return "hang"
        return (409, '{"error": "duplicate"}', {}) if known else (200, '{"status": "ok"}', {})

    api.answer = answer


async def day_of_leads(trade: Trade, n: int) -> list[Doc]:
    leads = [await trade.lead() for _ in range(n)]
    assert (await hand_over(trade)).handed_over == n
    return leads


async def states(trade: Trade) -> Counter[str]:
    return Counter(row["status"] for row in await trade.rows("deliveries"))


async def sent_units(trade: Trade, client: Client) -> tuple[int, int]:
    """As the commande counts them, as the client does."""
    counter = await trade.row("quota_counters")
    return counter["sent"], (await trade.parts.clients.by_ids([client.id]))[client.id].delivered_total


async def test_each_lead_once_through_an_idempotent_interface_that_times_out(trade: Trade, api: BuyerApi) -> None:
    await no_email(trade)
    client = await pushed(trade, api, idempotent=True, duplicate={"statuses": [409]})
    one_in_ten(api)
    await day_of_leads(trade, LEADS)
    await work(trade)
    assert await states(trade) == {"sent": LEADS}
    assert len({call.key for call in api.calls}) == LEADS < len(api.calls)
    assert len({call.json["telephone"] for call in api.calls}) == LEADS
    assert await sent_units(trade, client) == (LEADS, LEADS)
    batch = await trade.row("delivery_batches")
    assert (batch["status"], batch["lead_count"]) == ("sent", LEADS) and batch["sent_at"]
    assert {row["status"] for row in await trade.rows("leads")} == {"livre"}


async def test_what_nobody_answered_is_parked_when_a_repetition_would_count_twice(trade: Trade, api: BuyerApi) -> None:
    await no_email(trade)
    client = await pushed(trade, api)
    one_in_ten(api)
    await day_of_leads(trade, 30)
    await work(trade)
    assert await states(trade) == {"sent": 27, "uncertain": 3}
    assert (await trade.row("delivery_batches"))["status"] == "uncertain"
    await trade.parts.batches.revive("ZR7")
    await work(trade)
    assert len(api.calls) == len({call.key for call in api.calls}) == 30
    assert await sent_units(trade, client) == (27, 27)
    for row in await trade.rows("outbox", state="uncertain"):
        await trade.parts.outbox.resolve(trade.parts.everyone, row["_id"], "test", "sent")
    assert await states(trade) == {"sent": 30}
    assert await sent_units(trade, client) == (30, 30)
    assert (await trade.row("delivery_batches"))["status"] == "sent"


async def test_a_refused_lead_fails_alone_and_can_be_given_to_another(trade: Trade, api: BuyerApi) -> None:
    await no_email(trade)
    await pushed(trade, api, refused={"markers": ["hors zone"]})
    api.answer = lambda call: (200, "hors zone" if call.json["nom"] == "Refus" else "ok", {})
    refused = await trade.lead(nom="Refus")
    taken = await trade.lead()
    await hand_over(trade)
    await work(trade)
    one = await trade.row("deliveries", lead_id=refused["id"])
    other = await trade.row("deliveries", lead_id=taken["id"])
    assert (one["status"], other["status"]) == ("failed", "sent") and "hors zone" in one["last_error"]
    assert (await trade.row("delivery_batches"))["status"] == "failed"

    async def take_back(tx: Any) -> None:
        await trade.parts.dispatch.release(tx, one["id"], "autre", "test")

    await trade.parts.mongo.transaction(take_back)
    assert (await trade.row("deliveries", id=one["id"]))["status"] == "cancelled"
    assert (await trade.row("delivery_batches"))["status"] == "sent"
    assert (await trade.stored(refused["id"]))["status"] == "new"
    assert await trade.parts.batches.revive("ZR7") == 0


async def test_a_whole_batch_in_one_call(trade: Trade, api: BuyerApi) -> None:
    await no_email(trade)
    client = await pushed(trade, api, per_call="batch", mapping={"lastname": "nom", "src": "=RDZ"})
    await day_of_leads(trade, 3)
    await settle(trade)
    [call] = api.calls
    assert call.json["count"] == 3 and call.json["leads"] == [{"lastname": "Durand", "src": "RDZ"}] * 3
    assert await states(trade) == {"sent": 3}
    assert await sent_units(trade, client) == (3, 3)
    assert (await trade.row("deliveries"))["sent_to"] == [api.url]
    batch = await trade.row("delivery_batches")
    assert batch["acknowledgement"] == "none", "the answer of the interface is the receipt"
    assert batch["sent_week"] == "2026-W11"


async def test_with_both_channels_the_one_that_proves_decides(trade: Trade, api: BuyerApi, mail: MailServer) -> None:
    client = await pushed(trade, api, proof=None)
    api.answer = lambda _: (400, "no", {})
    await day_of_leads(trade, 2)
    await settle(trade)
    assert len(mail.messages) == 1 and len(api.calls) == 2
    assert await states(trade) == {"sent": 2}
    assert await sent_units(trade, client) == (2, 2)
    assert {row["state"] for row in await trade.rows("outbox", kind="http")} == {"failed"}


async def test_the_interface_proves_and_the_mail_only_informs(trade: Trade, api: BuyerApi, mail: MailServer) -> None:
    client = await pushed(trade, api)
    api.answer = lambda call: (200, "ok", {}) if call.n == 1 else (400, "no", {})
    await day_of_leads(trade, 2)
    await settle(trade)
    assert len(mail.messages) == 1
    assert await states(trade) == {"sent": 1, "failed": 1}
    assert await sent_units(trade, client) == (1, 1)
    failed = await trade.row("deliveries", status="failed")
    caller: Any = type("Caller", (), {"scope": trade.parts.everyone, "email": "test"})
    answer = None
    try:
        await trade.parts.dispatch.cancel(caller, failed["id"], "autre")
    except Exception as exc:
        answer = exc
    assert "autre voie" in str(answer)  # the file in the mail had it too


async def test_a_refused_key_stops_this_client_alone_and_one_action_sends_everything(
    trade: Trade, api: BuyerApi
) -> None:
    await no_email(trade)
    client = await pushed(trade, api, auth="bearer", secret="old")
    api.answer = lambda call: (200, "", {}) if call.headers["authorization"] == "Bearer new" else (401, "", {})
    await day_of_leads(trade, 3)
    await settle(trade)
    name = f"http:ZR7:{client.id}"
    assert (await trade.row("outbox_channels", _id=name))["state"] == "paused"
    assert await states(trade) <= Counter({"ready_to_send": 3, "sending": 3})
    assert {row["n"] for row in await trade.rows("outbox", kind="http")} == {0}
    body = PushBody(enabled=True, auth="bearer", secret="new", proof="api")
    await trade.parts.pushes.save(trade.parts.everyone, client.id, body, "test")
    await trade.parts.outbox.resume(name, "test")
    await settle(trade)
    assert await states(trade) == {"sent": 3}
    assert name in {line["channel"] for line in await trade.parts.outbox.channels()}


async def test_an_interface_switched_off_or_gone_is_no_channel(trade: Trade, api: BuyerApi) -> None:
    await no_email(trade)
    client = await pushed(trade, api)
    assert (await trade.parts.clients.reach(client)).ok is False
    now = await trade.parts.clients.get(trade.parts.everyone, client.id)
    assert (await trade.parts.clients.reach(now)).ok is True
    await trade.parts.pushes.save(trade.parts.everyone, client.id, PushBody(enabled=False), "test")
    off = await trade.parts.clients.get(trade.parts.everyone, client.id)
    assert (await trade.parts.clients.reach(off)).reason == "api_only"
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(api_endpoint=""), "test")
    gone = await trade.parts.clients.get(trade.parts.everyone, client.id)
    assert (await trade.parts.clients.reach(gone)).reason == "all_emails_denied"


async def test_an_interface_out_of_reach_is_tried_again_without_a_person(trade: Trade, api: BuyerApi) -> None:
    await no_email(trade)
    client = await pushed(trade, api, url="http://127.0.0.1:1/leads")
    await day_of_leads(trade, 2)
    rows = trade.parts.mongo.collection("outbox")
    async with relaying(trade.parts.outbox):
        await eventually(lambda: _tried(trade))
    assert {row["phase"] for row in await trade.rows("outbox", kind="http")} == {None}  # never journaled
    await trade.parts.pushes.save(
        trade.parts.everyone, client.id, PushBody(enabled=True, url=api.url, proof="api"), "test"
    )
    await rows.update_many({}, {"$set": {"next_at": datetime(2000, 1, 1, tzinfo=UTC)}})
    await settle(trade)
    assert await states(trade) == {"sent": 2} and len(api.calls) == 2


async def _tried(trade: Trade) -> bool:
    rows = await trade.rows("outbox", kind="http")
    return all(row["last_error"] for row in rows)
