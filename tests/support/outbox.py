"""An outbox of the tests' own: its handlers, short leases, and a way to wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from pymongo.errors import ConnectionFailure

from backend.bootstrap import Parts
from backend.core.mongo import Tx
from backend.outbox.models import NewRow, Row
from backend.outbox.relay import Pace, Relay
from backend.outbox.service import OutboxService
from backend.outbox.store import OutboxStore

QUICK = Pace(
    lease=timedelta(seconds=2),
    poll=timedelta(milliseconds=50),
    sweep=timedelta(milliseconds=100),
    stop=timedelta(seconds=20),
)

CALM = replace(QUICK, lease=timedelta(seconds=30))
"""For a relay that nobody kills: a busy machine may make it wait, it must not make it lose its rows."""


def own_outbox(parts: Parts) -> OutboxService:
    """A service without any handler yet, on the same base as `parts`."""
    channels = [f"smtp:{code}" for code in parts.settings.entities]
    return OutboxService(parts.mongo, OutboxStore(parts.mongo), parts.audit, parts.clock, channels)


def email(n: int = 1, entity: str = "ZR7", batch: str = "b1") -> NewRow:
    to = f"acheteur{n}@example.test"
    sender = f"leads@{entity.lower()}.example.test"
    file = {"filename": f"{entity}_PV_2026-03-11_{n}.csv", "csv": "nom\r\nDupont\r\n"}
    payload = {"from": sender, "from_name": entity, "subject": f"Lot {n}", "text": "Bonjour", **file}
    return NewRow(id=f"batch:{batch}:smtp:{n}", kind="email", channel=f"smtp:{entity}", entity=entity, batch_id=batch,
                  client_id="c1", to=to, payload=payload)  # fmt: skip


async def put(outbox: OutboxService, *rows: NewRow) -> None:
    async def write(tx: Tx) -> None:
        await outbox.enqueue(tx, rows)

    await outbox.mongo.transaction(write)
    outbox.poke()


async def one(outbox: OutboxService, row_id: str) -> Row:
    rows = await outbox.rows_of(row_id.split(":")[1])
    return next(row for row in rows if row.id == row_id)


async def eventually(test: Callable[[], Awaitable[bool]], at_most: float = 90.0) -> None:
    """Poll until `test()` is true; the deadline only bounds a failure.

    A question that the base could not hear, because its connections are being cut, is asked again.
    """
    give_up = time.monotonic() + at_most
    while not await _answered(test):
        assert time.monotonic() < give_up, "did not happen"
        await asyncio.sleep(0.02)


async def _answered(test: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await test()
    except ConnectionFailure:
        return False


@asynccontextmanager
async def relaying(outbox: OutboxService, pace: Pace = CALM, owner: str = "here") -> AsyncIterator[Relay]:
    relay = Relay(outbox, owner, pace)
    relay.start()
    try:
        yield relay
    finally:
        await relay.stop()
