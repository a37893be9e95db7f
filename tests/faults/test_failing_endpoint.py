"""Test 23 of reliability.md: an interface that always fails. The clock is moved from one attempt to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from backend.clients.models import Client
from backend.clients.push import PushBody
from backend.core.clock import utcnow
from backend.core.mongo import Doc
from backend.outbox.retry import HTTP
from tests.support.buyer_api import BuyerApi, Call, buyer_api
from tests.support.departure import hand_over, settle
from tests.support.outbox import eventually, relaying
from tests.support.people import headers
from tests.support.trade import Trade

PAST = datetime(2000, 1, 1, tzinfo=UTC)
FIRST, SECOND = 5, 3  # leads of the first day, and of the fifth
TO_DEATH = [timedelta(hours=hours) for hours in (12, 24, 36, 48, 60, 71.5)]


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BuyerApi]:
    async with buyer_api() as server:
        server.answer = lambda _call: (500, "en panne", {})
        yield server


async def buyer(trade: Trade, api: BuyerApi, **given: Any) -> Client:
    """Served by its interface alone."""
    denied = {"domains": ["zr7-buyers.fr"], "simulation_mode": False}
    await trade.parts.parametres.write("ZR7", "email_denylist", denied, "test")
    client = await trade.client()
    await save(trade, client, {"enabled": True, "url": api.url, "idempotent": True} | given)
    await trade.commande(client)
    return client


async def save(trade: Trade, client: Client, given: dict[str, Any]) -> None:
    await trade.parts.pushes.save(trade.parts.everyone, client.id, PushBody.model_validate(given), "ops@zr7.fr")


async def shown(trade: Trade, client: Client) -> Doc:
    signed = await headers(trade.parts, "admin", "ZR7")
    told: Doc = (await trade.http.get(f"/api/clients/{client.id}", headers=signed)).json()["client"]
    return told


async def health(trade: Trade) -> Doc:
    module: Doc = await trade.parts.pushes.health(trade.parts.everyone)
    return module


async def rows(trade: Trade, **query: Any) -> list[Doc]:
    return await trade.rows("outbox", kind="http", **query)


async def attempt_all(trade: Trade) -> None:
    """Every row that waits is tried once, now, unless the channel stops meanwhile; then nothing runs."""
    waiting = {row["_id"]: row["n"] for row in await rows(trade, state="pending")}
    await trade.parts.mongo.collection("outbox").update_many({"state": "pending"}, {"$set": {"next_at": PAST}})

    async def tried() -> bool:
        now = {row["_id"]: row for row in await rows(trade)}
        if await trade.rows("outbox_channels", state="paused"):
            return not any(row["state"] == "leased" for row in now.values())
        return all(now[one]["n"] > n or now[one]["state"] != "pending" for one, n in waiting.items())

    async with relaying(trade.parts.outbox):
        await eventually(tried)


async def waits(trade: Trade) -> list[float]:
    """Seconds between the last attempt of each row and its next one."""
    offset = trade.parts.clock.now() - utcnow()
    found = []
    for row in await rows(trade, state="pending"):
        last = await trade.row("outbox_attempts", outbox_id=row["_id"], n=row["n"])
        found.append((row["next_at"] + offset - last["at"]).total_seconds())
    return found


async def move(trade: Trade, when: datetime) -> None:
    await trade.parts.clock.move_to(trade.parts.mongo, when)
    trade.parts.parametres.forget()


async def lives(trade: Trade, start: datetime) -> None:
    """The rows of the first day: tried along the schedule, then every half day, until they are given up."""
    due = start
    for number in range(1, 7):
        await attempt_all(trade)
        base = HTTP.waits[min(number, len(HTTP.waits)) - 1]
        found = await waits(trade)
        assert len(found) == FIRST
        assert all(0.8 * base - 1 <= one <= 1.2 * base + 1 for one in found), (number, found)
        due += timedelta(seconds=max(found))
        await move(trade, due)
    assert len(set(found)) > 1, "no two at the same moment: jitter"
    for late in TO_DEATH:
        assert {row["state"] for row in await rows(trade)} == {"pending"}
        await move(trade, start + late)
        await attempt_all(trade)
    assert {row["state"] for row in await rows(trade)} == {"dead"}


@pytest.mark.timeout(300)
async def test_an_interface_that_always_fails_is_stopped_and_repaired_once(trade: Trade, api: BuyerApi) -> None:
    client, start = await buyer(trade, api), trade.parts.clock.now()
    for _ in range(FIRST):
        await trade.lead()
    assert (await hand_over(trade)).handed_over == FIRST
    await lives(trade, start)
    calls = len(api.calls)
    await trade.parts.batches.revive("ZR7")
    assert {one["status"] for one in await trade.rows("deliveries")} == {"failed"}
    await settle(trade)
    assert len(api.calls) == calls, "given up: nobody calls any more"
    told = await shown(trade, client)  # Wednesday to Saturday: four days
    assert (told["push_enabled"], told["push_state"]) == (True, "failing") and "en panne" in told["push_reason"]
    assert ((await health(trade))["status"], (await health(trade))["failing"][0]["days"]) == ("warning", 4)

    await move(trade, datetime(2026, 3, 16, 8, 30, tzinfo=UTC))  # Monday, the fifth
    for _ in range(SECOND):
        await trade.lead()
    assert (await hand_over(trade)).handed_over == SECOND
    await attempt_all(trade)
    assert (await shown(trade, client))["push_state"] == "failing"
    await move(trade, datetime(2026, 3, 17, 8, 30, tzinfo=UTC))
    await attempt_all(trade)
    await stopped_is_seen_everywhere(trade, client)

    taken: Counter[str] = Counter()

    def repaired(call: Call) -> tuple[int, str, dict[str, str]]:
        taken[call.json["telephone"]] += 1
        return 200, "ok", {}

    api.answer = repaired
    await save(trade, client, {"enabled": True, "idempotent": True})
    await settle(trade)
    assert len(taken) == SECOND, "what waited left by itself"
    name = f"http:ZR7:{client.id}"
    done = await trade.parts.outbox_desk.requeue_channel(trade.parts.everyone, name, "ops@zr7.fr")
    assert (done.requeued, done.refused) == (FIRST, 0)
    await settle(trade)
    assert sorted(taken.values()) == [1] * (FIRST + SECOND)
    assert Counter(one["status"] for one in await trade.rows("deliveries", status={"$ne": "pending_csv"})) == {
        "sent": FIRST + SECOND
    }
    assert ((await shown(trade, client))["push_state"], (await health(trade))["status"]) == ("active", "healthy")
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


async def stopped_is_seen_everywhere(trade: Trade, client: Client) -> None:
    told = await shown(trade, client)
    assert (told["push_enabled"], told["push_state"]) == (False, "disabled") and "en panne" in told["push_reason"]
    assert (told["has_valid_channel"], told["deliverable_code"]) == (False, "api_only")
    [event] = await trade.rows("event_log", action="client_push_disabled")
    assert (event["entity_id"], event["user"]) == (client.id, "system:pushes")
    await trade.row("client_activity", action="client_push_disabled", client_id=client.id)
    channel = await trade.row("outbox_channels", _id=f"http:ZR7:{client.id}")
    assert (channel["state"], channel["changed_by"]) == ("paused", "system:pushes")
    found = await health(trade)
    assert found["status"] == "degraded" and found["failing"][0]["client_id"] == client.id
    assert (await trade.lead())["status"] == "no_open_orders"


async def test_410_stops_it_at_once(trade: Trade, api: BuyerApi) -> None:
    client = await buyer(trade, api)
    api.answer = lambda _call: (410, "plus ici", {})
    for _ in range(2):
        await trade.lead()
    await hand_over(trade)
    await attempt_all(trade)
    assert (await shown(trade, client))["push_state"] == "disabled"
    assert len(await trade.rows("event_log", action="client_push_disabled")) == 1
    assert (await trade.row("outbox_channels", _id=f"http:ZR7:{client.id}"))["state"] == "paused"
    again = await rows(trade, state="failed")
    assert again and all(row["last_error"].startswith("410") for row in again)


async def test_a_call_that_passes_forgets_the_failures(trade: Trade, api: BuyerApi) -> None:
    client = await buyer(trade, api)
    await trade.lead()
    await hand_over(trade)
    await attempt_all(trade)
    assert (await shown(trade, client))["push_state"] == "failing"
    assert (await health(trade))["status"] == "healthy", "one day is not worth an alarm"
    api.answer = lambda _call: (200, "ok", {})
    await attempt_all(trade)
    told = await shown(trade, client)
    assert (told["push_state"], told["push_reason"]) == ("active", "")
