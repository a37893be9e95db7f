"""The circuits of the channels: what is open, what may be tried, what was learnt from the last attempts."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from backend.core import log
from backend.core.clock import utcnow
from backend.core.mongo import Doc, Mongo, Tx
from backend.outbox.breaker import Breaker, Circuit, circuit, failed
from backend.outbox.models import TASKS
from backend.outbox.names import own
from backend.outbox.store import OutboxStore

logger = log.get("rdz.outbox")
_BELIEVED = 1.0  # seconds the state of the channels is believed


class Switch:
    """`held`: nothing may leave the house now. What is known is what the base said, 1 s ago at most."""

    def __init__(
        self, mongo: Mongo, store: OutboxStore, channels: Sequence[str], held: Callable[[], Awaitable[bool]] | None
    ) -> None:
        self.breaker = Breaker()
        self._mongo = mongo
        self._store = store
        self._house = tuple(channels)
        self._channels = self._house
        self._held = held
        self._docs: dict[str, Doc] = {}
        self._stopped: frozenset[str] = frozenset()
        self._read_at = float("-inf")

    def forget(self) -> None:
        """The next question reads the base again."""
        self._read_at = float("-inf")

    async def _refresh(self) -> None:
        if time.monotonic() - self._read_at <= _BELIEVED:
            return
        self._docs = await self._store.channel_docs()
        self._channels = (*self._house, *own(self._docs))
        held = self._held is not None and await self._held()
        paused = {name for name, doc in self._docs.items() if doc["state"] == "paused"}
        self._stopped = frozenset(paused | (set(self._channels) - {TASKS} if held else set()))
        self._read_at = time.monotonic()

    def _stage(self, channel: str) -> str:
        return "stopped" if channel in self._stopped else circuit(self._docs.get(channel)).stage(utcnow())

    async def active(self) -> list[str]:
        """Those that rows may be taken from."""
        await self._refresh()
        return [channel for channel in self._channels if self._stage(channel) == "closed"]

    async def to_try(self) -> list[str]:
        """Channels whose stop is over, with a row due, and whose one try this process has just been given."""
        await self._refresh()
        asked = [one for one in self._channels if self._stage(one) == "half_open"]
        due = [one for one in asked if await self._store.any_due(one, utcnow())]
        given = [one for one in due if await self._store.take_probe(one, utcnow(), self.breaker.probe)]
        if given:
            self.forget()
        return given

    async def failed(self, channel: str, reason: str) -> None:
        """The server of `channel` could not be reached."""
        await self._store.know_channel(channel)

        async def write(tx: Tx) -> tuple[Circuit, Circuit]:
            before = circuit(await self._store.channel(tx, channel))
            after = failed(before, reason, utcnow(), self.breaker)
            if after != before:
                await self._store.set_circuit(tx, channel, after.stored())
            return before, after

        before, after = await self._mongo.transaction(write)
        self.forget()
        if after.trips != before.trips:
            logger.error("outbox_channel_down", channel=channel, until=str(after.down_until), cause=reason)

    async def worked(self, channel: str) -> None:
        """The server of `channel` answered: whatever was held against it is forgotten."""
        if circuit(self._docs.get(channel)).ailing:
            await self.reset(channel)

    async def reset(self, channel: str) -> None:
        if await self._store.heal(channel, Circuit().stored()):
            logger.info("outbox_channel_up", channel=channel)
        self.forget()
