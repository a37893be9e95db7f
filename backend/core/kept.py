"""A reading of the base kept in memory for a moment."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
_RECENT = 3


@dataclass(frozen=True, slots=True)
class _Reading(Generic[T]):
    value: T
    state: Hashable
    asked: float
    life: float


class Kept(Generic[T]):
    """At most `max_age` seconds old when asked; twice what a reading takes where the base is slower than that.

    `state` tells when it is worth nothing any more, whatever its age. While somebody asks, it is read again in the
    background from half of its age on: nobody waits. However slow the base, one reading serves all who wait for it.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[T]],
        state: Callable[[], Hashable],
        max_age: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._state = state
        self._max_age = max_age
        self._clock = clock
        self._reading = asyncio.Lock()
        self._found: _Reading[T] | None = None
        self._renewal: asyncio.Task[T] | None = None
        self._took = deque[float](maxlen=_RECENT)

    async def current(self) -> T:
        asked = self._clock()
        found = self._fresh(asked)
        if found is None:
            async with self._reading:
                found = self._fresh(asked)
                return found.value if found else await self._again()
        if asked - found.asked > found.life / 2 and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._renew())
            self._renewal.add_done_callback(_heard)
        return found.value

    @property
    def pace(self) -> float:
        """Seconds that the quickest of the last readings took; 0 before there are enough to tell."""
        return min(self._took) if len(self._took) == _RECENT else 0.0

    @property
    def last(self) -> T | None:
        """What was read last, however old."""
        return self._found.value if self._found else None

    async def stop(self) -> None:
        """End the reading that nobody waits for."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    def _fresh(self, asked: float) -> _Reading[T] | None:
        found = self._found
        return found if found and found.state == self._state() and asked - found.asked < found.life else None

    async def _renew(self) -> T:
        async with self._reading:
            return await self._again()

    async def _again(self) -> T:
        state, asked = self._state(), self._clock()
        value = await self._read()
        self._took.append(self._clock() - asked)
        self._found = _Reading(value, state, asked, max(self._max_age, 2 * self._took[-1]))
        return value


class Once(Generic[T]):
    """A reading that several parts of one answer share: whoever asks first makes it, all get it or its failure."""

    def __init__(self, read: Callable[[], Awaitable[T]]) -> None:
        self._read = read
        self._made: asyncio.Future[T] | None = None

    async def __call__(self) -> T:
        if self._made is None:
            self._made = asyncio.ensure_future(self._read())
        return await asyncio.shield(self._made)


def _heard(task: asyncio.Task[T]) -> None:
    """A reading in the background that failed is asked again, and its failure told, by the next who needs it."""
    if not task.cancelled():
        task.exception()
