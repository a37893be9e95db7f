"""A row put in line by another process wakes the relay; without the stream, polling finds it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from backend.bootstrap import Parts
from backend.channels.contract import Done, Journal, Outcome
from backend.outbox.relay import Relay
from backend.outbox.service import OutboxService
from tests.support.outbox import QUICK, email, eventually, one, own_outbox, put, relaying

SLOW = replace(QUICK, poll=timedelta(hours=1))


async def done(row: dict[str, Any], journal: Journal) -> Outcome:
    return Done("ok")


def pair(parts: Parts) -> tuple[OutboxService, OutboxService]:
    """The outbox that relays, and that of another process: its `poke` is not heard here."""
    here, elsewhere = own_outbox(parts), own_outbox(parts)
    for outbox in (here, elsewhere):
        outbox.register("email", done)
    return here, elsewhere


async def all_sent(outbox: OutboxService, n: int) -> bool:
    return (await one(outbox, f"batch:b1:smtp:{n}")).state == "sent"


async def test_a_row_of_another_process_wakes_the_relay(parts: Parts) -> None:
    here, elsewhere = pair(parts)
    async with relaying(here, SLOW):
        await put(elsewhere, email(1))
        put_again = 1

        async def sent() -> bool:
            nonlocal put_again
            if not await all_sent(here, put_again):
                put_again += 1  # the stream may open after a first insert: a later one is heard
                await put(elsewhere, email(put_again))
            return await all_sent(here, 1)

        await eventually(sent)


async def test_without_the_stream_polling_finds_every_row(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    here, elsewhere = pair(parts)
    asked = 0

    async def broken() -> AsyncIterator[None]:
        nonlocal asked
        asked += 1
        if asked:
            raise OperationFailure("no change streams here", 40573)
        yield

    monkeypatch.setattr(here.store, "inserted", broken)
    async with relaying(here, QUICK) as relay:
        assert isinstance(relay, Relay)
        await put(elsewhere, email(1))
        await eventually(lambda: all_sent(here, 1))
    assert asked == 1
