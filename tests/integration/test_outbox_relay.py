"""The relay on a real base and a real SMTP server: once, never lost, never twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import DuplicateKeyError

from backend.bootstrap import Parts
from backend.channels.contract import Done, Failed, Handler, Journal, Outcome, Retry, Snooze
from backend.channels.smtp.handlers import SmtpChannel
from backend.channels.smtp.models import Waits
from backend.core.mongo import Tx
from backend.outbox.models import Row
from backend.outbox.service import OutboxService
from tests.conftest import WEDNESDAY
from tests.support.outbox import QUICK, email, eventually, one, own_outbox, put, relaying
from tests.support.outbox_worker import worker_process
from tests.support.smtp import MailServer, mail_server


def smtp(server: MailServer, waits: Waits | None = None, **mailbox: str) -> SmtpChannel:
    box = server.mailbox("leads@zr7.example.test", **mailbox)
    return SmtpChannel({"ZR7": box, "MDL": box}, waits=waits or Waits(connect=5, command=20, data=20))


def outbox_with(parts: Parts, handler: Handler) -> tuple[OutboxService, list[Row]]:
    """An outbox whose e-mails go to `handler`, and what `on_change` was told (committed or not)."""
    told: list[Row] = []

    async def on_change(tx: Tx, row: Row) -> None:
        told.append(row)

    outbox = own_outbox(parts)
    outbox.register("email", handler, on_change)
    return outbox, told


async def never(row: dict[str, Any], journal: Journal) -> Outcome:
    return Failed("x")


async def settled(outbox: OutboxService, row_id: str, state: str) -> Row:
    async def there() -> bool:
        return (await one(outbox, row_id)).state == state

    await eventually(there)
    return await one(outbox, row_id)


async def test_a_row_is_sent_and_tells_its_story(parts: Parts) -> None:
    async with mail_server() as server:
        outbox, told = outbox_with(parts, smtp(server))
        await put(outbox, email(1))
        async with relaying(outbox):
            row = await settled(outbox, "batch:b1:smtp:1", "sent")
    assert (row.n, row.answer, row.phase, row.last_error) == (1, "250 2.0.0 taken", "done", "")
    assert row.first_attempt_at is not None and abs(row.first_attempt_at - WEDNESDAY) < timedelta(minutes=5)
    assert row.sent_at is not None and row.sent_at >= row.first_attempt_at
    assert [(seen.state, seen.phase) for seen in told] == [("leased", "data"), ("sent", "done")]
    [attempt] = await outbox.store.attempts(row.id)
    assert (attempt.n, attempt.outcome, attempt.counted, attempt.text) == (1, "sent", True, "250 2.0.0 taken")
    assert server.messages[0].message["Message-ID"] == row.message_id
    assert row.message_id.endswith("@zr7.example.test>")


async def test_a_temporary_refusal_waits_and_can_be_hurried(parts: Parts) -> None:
    async with mail_server() as server:
        server.refuse("RCPT", "450 4.2.0 greylisted", times=1)
        outbox, _ = outbox_with(parts, smtp(server))
        await put(outbox, email(1))
        async with relaying(outbox):
            await eventually(lambda: tried(outbox, 1))
            row = await settled(outbox, "batch:b1:smtp:1", "pending")
            assert row.last_error == "450 4.2.0 greylisted" and not server.messages
            assert await parts.mongo.transaction(lambda tx: outbox.make_due(tx, ["b1"])) == 1
            row = await settled(outbox, "batch:b1:smtp:1", "sent")
        assert row.n == 2 and len(server.messages) == 1


async def tried(outbox: OutboxService, times: int) -> bool:
    return (await one(outbox, "batch:b1:smtp:1")).n == times


async def test_a_definite_refusal_waits_for_somebody_to_put_it_back(parts: Parts) -> None:
    async with mail_server() as server:
        server.refuse("RCPT", "550 5.1.1 unknown", times=1)
        outbox, told = outbox_with(parts, smtp(server))
        await put(outbox, email(1))
        async with relaying(outbox):
            failed = await settled(outbox, "batch:b1:smtp:1", "failed")
            assert (failed.last_error, failed.n) == ("550 5.1.1 unknown", 1)
            assert await parts.mongo.transaction(lambda tx: outbox.requeue(tx, ["b1"])) == 1
            outbox.poke()
            sent = await settled(outbox, "batch:b1:smtp:1", "sent")
        assert sent.n == 2 and len(server.messages) == 1
        assert [seen.state for seen in told] == ["failed", "pending", "leased", "sent"]


async def test_a_refused_login_pauses_the_channel_and_spends_no_attempt(parts: Parts) -> None:
    async with mail_server() as server:
        server.refuse("AUTH", "535 5.7.8 no")
        outbox, _ = outbox_with(parts, smtp(server))
        await put(outbox, *(email(n) for n in range(1, 7)), email(7, entity="MDL"))

        async def stopped() -> bool:
            return not {"smtp:ZR7", "smtp:MDL"} & set(await outbox.active_channels())

        async with relaying(outbox):
            await eventually(stopped)

        rows = await outbox.rows_of("b1")
        assert {(row.state, row.n, row.first_attempt_at) for row in rows} == {("pending", 0, None)}
        told = {line["channel"]: line for line in await outbox.channels()}
        assert told["smtp:ZR7"]["state"] == "paused" and "535" in told["smtp:ZR7"]["reason"]
        assert told["smtp:ZR7"]["pending"] == 6 and told["tasks"]["state"] == "active"
        paid = await parts.mongo.collection("outbox_attempts").count_documents({"counted": True})
        assert paid == 0 and await parts.mongo.collection("outbox_attempts").count_documents({}) >= 2

        server.behave()
        await outbox.resume("smtp:ZR7", "ops@example.test")
        async with relaying(outbox):
            for n in range(1, 7):
                await settled(outbox, f"batch:b1:smtp:{n}", "sent")
        assert Counter(mail.to for mail in server.messages) == {f"acheteur{n}@example.test": 1 for n in range(1, 7)}
        assert (await one(outbox, "batch:b1:smtp:7")).state == "pending"
        events = await parts.mongo.collection("event_log").distinct("action", {"entity_id": "smtp:ZR7"})
        assert events == ["outbox_channel_active", "outbox_channel_paused"]


async def test_silence_after_the_data_is_uncertain_and_is_never_sent_again_by_itself(parts: Parts) -> None:
    async with mail_server() as server:
        server.fault("drop_after")
        outbox, told = outbox_with(parts, smtp(server))
        await put(outbox, email(1), email(2))
        async with relaying(outbox):
            states = Counter[str]()

            async def done() -> bool:
                states.clear()
                states.update(row.state for row in await outbox.rows_of("b1"))
                return states == {"uncertain": 1, "sent": 1}

            await eventually(done)
            await outbox.resume("smtp:ZR7", "ops@example.test")
            await asyncio.sleep(3 * QUICK.poll.total_seconds())
        assert await done() and len(server.messages) == 2
        assert Counter(seen.state for seen in told) == {"leased": 2, "uncertain": 1, "sent": 1}


@pytest.mark.parametrize("journaled", [False, True])
async def test_a_handler_that_breaks_is_retried_before_the_journal_and_uncertain_after(
    parts: Parts, journaled: bool
) -> None:
    async def broken(row: dict[str, Any], journal: Journal) -> Outcome:
        if journaled:
            await journal()
        raise ZeroDivisionError("oops")

    outbox, _ = outbox_with(parts, broken)
    await put(outbox, email(1))
    async with relaying(outbox):
        await eventually(lambda: tried(outbox, 1))
    row = await one(outbox, "batch:b1:smtp:1")
    assert row.state == ("uncertain" if journaled else "pending")
    assert row.last_error == "ZeroDivisionError: oops"
    [attempt] = await outbox.store.attempts(row.id)
    assert attempt.phase == ("data" if journaled else "claimed")


async def test_a_snooze_spends_nothing(parts: Parts) -> None:
    async def not_now(row: dict[str, Any], journal: Journal) -> Outcome:
        return Snooze(timedelta(hours=1), "later")

    outbox, _ = outbox_with(parts, not_now)
    await put(outbox, email(1))

    async def snoozed() -> bool:
        return (await one(outbox, "batch:b1:smtp:1")).last_error == "later"

    async with relaying(outbox):
        await eventually(snoozed)
    row = await one(outbox, "batch:b1:smtp:1")
    assert (row.state, row.n, await outbox.store.attempts(row.id)) == ("pending", 0, [])


async def test_an_e_mail_gives_up_at_its_deadline_and_a_task_never(parts: Parts) -> None:
    async def no(row: dict[str, Any], journal: Journal) -> Outcome:
        return Retry("not yet")

    outbox, _ = outbox_with(parts, no)
    outbox.register("chore", no)
    await put(outbox, email(1))
    await parts.mongo.transaction(lambda tx: outbox.put_task(tx, "chore", {"x": 1}))
    await parts.clock.move_to(parts.mongo, WEDNESDAY + timedelta(hours=73))
    async with relaying(outbox):
        row = await settled(outbox, "batch:b1:smtp:1", "dead")
        assert "not yet" in row.last_error

        async def tried_twice() -> bool:
            task = await parts.mongo.collection("outbox").find_one({"kind": "chore"})
            assert task is not None
            return bool(task["n"] >= 2)

        await eventually(tried_twice)


async def test_two_relays_send_each_of_300_rows_once(parts: Parts) -> None:
    async with mail_server() as server:
        first, _ = outbox_with(parts, smtp(server))
        second, _ = outbox_with(parts, smtp(server))
        await put(first, *(email(n) for n in range(300)))

        async def all_sent() -> bool:
            return await parts.mongo.collection("outbox").count_documents({"state": "sent"}) == 300

        async with relaying(first, owner="first"), relaying(second, owner="second"):
            await eventually(all_sent, 110)
        assert Counter(mail.to for mail in server.messages) == {f"acheteur{n}@example.test": 1 for n in range(300)}
        owners = await parts.mongo.collection("outbox_attempts").distinct("owner")
        assert owners == ["first", "second"]


async def test_a_worker_killed_after_the_journal_leaves_an_uncertain_row(parts: Parts, environ: dict[str, str]) -> None:
    async with mail_server() as server:
        server.fault("hang")
        outbox, told = outbox_with(parts, smtp(server))
        await put(outbox, email(1))
        with worker_process(environ, server.port) as process:
            await asyncio.wait_for(server.reached.wait(), 60)
            process.kill()
            process.wait()
        async with relaying(outbox):
            row = await settled(outbox, "batch:b1:smtp:1", "uncertain")
        assert not server.messages and row.n == 1
        assert [seen.state for seen in told] == ["uncertain"]


async def test_a_worker_killed_before_the_journal_is_replaced(parts: Parts, environ: dict[str, str]) -> None:
    async with mail_server() as server:
        server.fault("hang_rcpt")
        outbox, _ = outbox_with(parts, smtp(server))
        await put(outbox, email(1))
        with worker_process(environ, server.port) as process:
            await asyncio.wait_for(server.reached.wait(), 60)
            process.kill()
            process.wait()
        async with relaying(outbox):
            row = await settled(outbox, "batch:b1:smtp:1", "sent")
        assert len(server.messages) == 1 and row.fence == 2


async def test_stopping_finishes_what_is_in_flight_and_takes_nothing_new(parts: Parts) -> None:
    entered, go_on = asyncio.Event(), asyncio.Event()

    async def slow(row: dict[str, Any], journal: Journal) -> Outcome:
        await journal()
        entered.set()
        await go_on.wait()
        return Done("ok")

    outbox, _ = outbox_with(parts, slow)
    await put(outbox, *(email(n) for n in range(10)))
    async with relaying(outbox) as relay:
        await entered.wait()
        stopping = asyncio.create_task(relay.stop())
        await asyncio.sleep(0)
        outbox.on_poke(lambda: None)
        go_on.set()
        await stopping
        outbox.on_poke(relay._wake.set)
    states = Counter(row.state for row in await outbox.rows_of("b1"))
    assert set(states) == {"sent", "pending"} and 1 <= states["sent"] <= 4


async def test_the_same_intent_twice_is_refused_whole(parts: Parts) -> None:
    outbox, _ = outbox_with(parts, never)
    await put(outbox, email(1))
    with pytest.raises(DuplicateKeyError):
        await put(outbox, email(2), email(1))
    assert [row.id for row in await outbox.rows_of("b1")] == ["batch:b1:smtp:1"]


async def test_cancelling_takes_only_what_nobody_is_sending(parts: Parts) -> None:
    outbox, told = outbox_with(parts, never)
    await put(outbox, email(1), email(2))
    held = await outbox.store.claim(
        ["smtp:ZR7"], "me", timedelta(seconds=60), (await one(outbox, "batch:b1:smtp:1")).next_at
    )
    assert held is not None
    assert await parts.mongo.transaction(lambda tx: outbox.cancel(tx, ["b1"])) == 1
    assert [row.state for row in await outbox.rows_of("b1")] == ["leased", "cancelled"]
    assert [seen.state for seen in told] == ["cancelled"]
