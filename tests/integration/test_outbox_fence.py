"""Leases and fences, tasks, indexes: the guarantees under the relay."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from backend.bootstrap import Parts
from backend.channels.contract import Done, Journal, Outcome, Uncertain
from backend.core.clock import utcnow
from backend.core.errors import Conflict, LostLease
from backend.core.mongo import Tx
from backend.core.paging import Page
from backend.outbox.hold import Hold, finish
from backend.outbox.models import Row
from backend.outbox.relay import Relay
from backend.outbox.service import OutboxService
from tests.support.commands import CommandLog
from tests.support.explain import listening, slow_plans
from tests.support.outbox import QUICK, email, eventually, one, own_outbox, put, relaying

SHORT = timedelta(milliseconds=200)
LONG = timedelta(seconds=60)
ROW = "batch:b1:smtp:1"


async def nothing(row: dict[str, Any], journal: Journal) -> Outcome:
    return Done()


def quiet(parts: Parts) -> OutboxService:
    outbox = own_outbox(parts)
    outbox.register("email", nothing)
    return outbox


async def held(outbox: OutboxService, lease: timedelta) -> Hold:
    asked_at = time.monotonic()
    row = await outbox.store.claim(["smtp:ZR7"], "first", lease, utcnow())
    assert row is not None
    return Hold(outbox, row, lease, asked_at, Random(1))


async def test_a_holder_that_overslept_writes_nothing(parts: Parts) -> None:
    outbox = quiet(parts)
    await put(outbox, email(1))
    asleep = await held(outbox, SHORT)
    await asyncio.sleep(0.3)
    assert await outbox.store.release_expired() == 1
    awake = await held(outbox, LONG)
    before = await one(outbox, ROW)
    with pytest.raises(LostLease):
        await asleep.journal()
    with pytest.raises(LostLease):
        await asleep.finish(Done("late"))
    assert await one(outbox, ROW) == before and awake.row.fence == 2
    assert await outbox.store.attempts(ROW) == []


async def test_the_base_refuses_a_journal_after_the_lease_even_if_the_holder_trusts_itself(parts: Parts) -> None:
    outbox = quiet(parts)
    await put(outbox, email(1))
    hold = await held(outbox, SHORT)
    hold._trusted_until = time.monotonic() + 60
    await asyncio.sleep(0.3)
    with pytest.raises(LostLease):
        await hold.journal()
    assert (await one(outbox, ROW)).phase == "claimed"


async def test_the_holder_stops_trusting_its_lease_before_the_base_does(parts: Parts) -> None:
    outbox = quiet(parts)
    await put(outbox, email(1))
    hold = await held(outbox, LONG)
    hold._trusted_until = time.monotonic() - 0.001
    with pytest.raises(LostLease):
        await hold.journal()


async def test_a_heartbeat_keeps_the_row_and_notices_its_loss(parts: Parts) -> None:
    outbox = quiet(parts)
    await put(outbox, email(1))
    hold = await held(outbox, QUICK.lease)
    first = (await one(outbox, ROW)).lease_until
    keeping = asyncio.create_task(hold.keep())

    async def extended() -> bool:
        now = (await one(outbox, ROW)).lease_until
        return now is not None and first is not None and now > first

    await eventually(extended)
    await parts.mongo.collection("outbox").update_one({"_id": ROW}, {"$inc": {"fence": 1}})
    await asyncio.wait_for(keeping, 30)
    with pytest.raises(LostLease):
        await hold.journal()


async def test_silence_after_the_journal_is_swept_once_and_told(parts: Parts) -> None:
    told: list[str] = []

    async def on_change(tx: Tx, row: Row) -> None:
        told.append(row.state)

    outbox = own_outbox(parts)
    outbox.register("email", nothing, on_change)
    await put(outbox, email(1))
    hold = await held(outbox, SHORT)
    await hold.journal()
    await asyncio.sleep(0.3)
    sweepers = [Relay(outbox, name, QUICK) for name in ("a", "b")]
    await asyncio.gather(*(relay.sweep() for relay in sweepers))
    row = await one(outbox, ROW)
    assert row.state == "uncertain" and row.n == 1
    assert len(await outbox.store.attempts(ROW)) == 1
    with pytest.raises(LostLease):
        await hold.finish(Done("250 late"))
    assert (await one(outbox, ROW)).state == "uncertain"


async def test_the_sweeper_leaves_a_live_lease_alone(parts: Parts) -> None:
    outbox = quiet(parts)
    await put(outbox, email(1))
    hold = await held(outbox, LONG)
    await hold.journal()
    with pytest.raises(LostLease):
        await finish(outbox, hold.row, Uncertain("?"), duration_ms=0, rng=Random(1), expired=True)
    await Relay(outbox, "sweeper", QUICK).sweep()
    assert (await one(outbox, ROW)).state == "leased"


async def uncertain_row(parts: Parts, outbox: OutboxService) -> None:
    await put(outbox, email(1))
    hold = await held(outbox, LONG)
    await hold.journal()
    await hold.finish(Uncertain("silence"))


async def test_a_person_may_resend_only_after_the_quarantine(parts: Parts) -> None:
    outbox = quiet(parts)
    await uncertain_row(parts, outbox)
    with pytest.raises(Conflict) as refused:
        await outbox.resolve(parts.everyone, ROW, "ops@example.test", "resend")
    assert refused.value.code == "invalid_state"
    over = utcnow() - timedelta(minutes=15, seconds=1)
    await parts.mongo.collection("outbox").update_one({"_id": ROW}, {"$set": {"lease_until": over}})
    row = await outbox.resolve(parts.everyone, ROW, "ops@example.test", "resend", "pas dans le journal du relais")
    assert (row.state, row.n, row.tries) == ("pending", 1, 0)
    event = await parts.mongo.collection("event_log").find_one({"action": "outbox_resolved"})
    assert event is not None and event["details"]["verdict"] == "resend" and event["user"] == "ops@example.test"


@pytest.mark.parametrize("verdict", ["sent", "failed"])
async def test_a_person_says_what_became_of_it(parts: Parts, verdict: Any) -> None:
    outbox = quiet(parts)
    await uncertain_row(parts, outbox)
    row = await outbox.resolve(parts.everyone, ROW, "ops@example.test", verdict)
    assert row.state == verdict
    assert row.sent_at == (row.data_at if verdict == "sent" else None)
    with pytest.raises(Conflict):
        await outbox.resolve(parts.everyone, ROW, "ops@example.test", verdict)


async def test_an_identical_task_still_waiting_is_not_doubled(parts: Parts) -> None:
    outbox = quiet(parts)
    for payload in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1, "b": 3}):
        await parts.mongo.transaction(lambda tx, given=payload: outbox.put_task(tx, "chore", given))  # type: ignore[misc]
    assert await parts.mongo.collection("outbox").count_documents({"kind": "chore"}) == 2


async def test_a_task_asked_again_while_it_is_done_is_done_again(parts: Parts) -> None:
    done: list[str] = []
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def chore(row: dict[str, Any], journal: Journal) -> Outcome:
        entered.set()
        await go_on.wait()
        done.append(row["id"])
        return Done()

    outbox = own_outbox(parts)
    outbox.register("chore", chore)
    ask = lambda tx: outbox.put_task(tx, "chore", {"a": 1})  # noqa: E731
    await parts.mongo.transaction(ask)

    async def over() -> bool:
        """The second and third askings share a row, unless the relay was quick enough to take it between them."""
        return len(set(done)) >= 2 and not await outbox_rows(state={"$ne": "sent"})

    def outbox_rows(**query: Any) -> Any:
        return parts.mongo.collection("outbox").count_documents({"kind": "chore", **query})

    async with relaying(outbox):
        await entered.wait()
        await parts.mongo.transaction(ask)
        await parts.mongo.transaction(ask)
        go_on.set()
        await eventually(over)
    assert await outbox_rows() == len(done) in {2, 3}


async def test_a_claim_waits_for_the_transaction_that_asks_for_the_same_task_again(parts: Parts) -> None:
    """Otherwise the task could run before the change that asked for it is visible, and never after."""
    outbox = quiet(parts)
    await parts.mongo.transaction(lambda tx: outbox.put_task(tx, "chore", {"a": 1}))
    claim: list[asyncio.Task[Row | None]] = []

    async def ask_again(tx: Tx) -> None:
        await outbox.put_task(tx, "chore", {"a": 1})
        if not claim:
            claim.append(asyncio.create_task(outbox.store.claim(["tasks"], "me", LONG, utcnow())))
        await asyncio.sleep(0.3)
        assert not claim[0].done()

    await parts.mongo.transaction(ask_again)
    assert await asyncio.wait_for(claim[0], 30) is not None


async def test_every_query_of_the_outbox_is_served_by_an_index(parts: Parts, commands: CommandLog) -> None:
    outbox = quiet(parts)
    await put(outbox, *(email(n) for n in range(20)), *(email(n, entity="MDL", batch="b2") for n in range(20)))
    async with relaying(outbox):
        with listening(commands):
            for state, channel in ((None, None), ("sent", None), (None, "smtp:ZR7"), ("sent", "smtp:ZR7")):
                await outbox.page(parts.everyone, Page(50, 0), state=state, channel=channel)
            await outbox.health(parts.everyone)
            await outbox.detail(parts.everyone, ROW)
            await parts.mongo.transaction(lambda tx: outbox.put_task(tx, "chore", {"a": 1}))
            await parts.mongo.transaction(lambda tx: outbox.make_due(tx, ["b1"]))
            await outbox.resume("smtp:ZR7", "ops@example.test")
    commands.seen[:] = [one for one in commands.seen if "outbox_channels" not in one.values()]  # three rows
    commands.seen[:] = [one for one in commands.seen if "$changeStream" not in str(one.get("pipeline"))]  # the oplog
    assert len(commands.seen) > 10
    assert await slow_plans(parts, commands) == []
