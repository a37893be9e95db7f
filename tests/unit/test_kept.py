"""A reading kept in memory: shared, renewed behind the back of who asks, worth nothing once its state changed."""

from __future__ import annotations

import asyncio

import pytest

from backend.core.kept import Kept


class Base:
    """Answers its own number of readings, once it is let to."""

    def __init__(self) -> None:
        self.readings = 0
        self.version = 0
        self.answers = asyncio.Event()
        self.answers.set()
        self.broken = False

    async def read(self) -> int:
        self.readings += 1
        number = self.readings
        await self.answers.wait()
        if self.broken:
            raise ConnectionError
        return number


def kept(base: Base, max_age: float = 60.0) -> Kept[int]:
    return Kept(base.read, lambda: base.version, max_age)


async def test_those_who_wait_share_one_reading_however_long_it_takes() -> None:
    base = Base()
    base.answers.clear()
    one = kept(base, max_age=0.0)
    waiting = [asyncio.create_task(one.current()) for _ in range(5)]
    await asyncio.sleep(0)
    base.answers.set()
    assert await asyncio.gather(*waiting) == [1] * 5


async def test_a_change_of_state_makes_it_worth_nothing() -> None:
    base = Base()
    one = kept(base)
    assert [await one.current(), await one.current()] == [1, 1]
    base.version += 1
    assert await one.current() == 2


async def test_past_half_its_life_it_is_read_again_and_nobody_waits() -> None:
    base = Base()
    one = kept(base, max_age=0.05)
    assert await one.current() == 1
    await asyncio.sleep(0.03)
    base.answers.clear()
    assert await one.current() == 1
    base.answers.set()
    while one.last == 1:
        await asyncio.sleep(0)
    assert await one.current() == 2


async def test_a_renewal_that_fails_is_told_by_the_next_who_needs_it() -> None:
    base = Base()
    one = kept(base, max_age=0.05)
    await one.current()
    await asyncio.sleep(0.03)
    base.broken = True
    assert await one.current() == 1
    await asyncio.sleep(0.05)
    with pytest.raises(ConnectionError):
        await one.current()
    base.broken = False
    assert await one.current() > 1
