"""A reading kept in memory: shared, renewed behind the back of who asks, worth nothing once its state changed."""

from __future__ import annotations

import asyncio

import pytest

from backend.core.kept import Kept, Once

AGE = 60.0


class Base:
    """Answers the number of its readings, each `seconds` long on its own clock, once it is let to."""

    def __init__(self) -> None:
        self.readings = 0
        self.version = 0
        self.now = 0.0
        self.seconds = 0.0
        self.answers = asyncio.Event()
        self.answers.set()
        self.broken = False

    async def read(self) -> int:
        self.readings += 1
        number = self.readings
        await self.answers.wait()
        self.now += self.seconds
        if self.broken:
            raise ConnectionError
        return number

    def kept(self) -> Kept[int]:
        return Kept(self.read, lambda: self.version, AGE, lambda: self.now)


async def test_those_who_wait_share_one_reading_however_long_it_takes() -> None:
    base = Base()
    base.answers.clear()
    base.seconds = 10 * AGE
    one = base.kept()
    waiting = [asyncio.create_task(one.current()) for _ in range(5)]
    await asyncio.sleep(0)
    base.answers.set()
    assert await asyncio.gather(*waiting) == [1] * 5


async def test_a_change_of_state_makes_it_worth_nothing() -> None:
    base = Base()
    one = base.kept()
    assert [await one.current(), await one.current()] == [1, 1]
    base.version += 1
    assert await one.current() == 2


async def test_past_its_life_it_is_read_again() -> None:
    base = Base()
    one = base.kept()
    await one.current()
    base.now += AGE
    assert await one.current() == 2


async def test_past_half_its_life_it_is_read_again_and_nobody_waits() -> None:
    base = Base()
    one = base.kept()
    assert await one.current() == 1
    base.now += 0.6 * AGE
    base.answers.clear()
    assert await one.current() == 1
    base.answers.set()
    while one.last == 1:
        await asyncio.sleep(0)
    assert await one.current() == 2


async def test_it_lives_twice_as_long_as_a_reading_takes() -> None:
    base = Base()
    base.seconds = AGE
    one = base.kept()
    await one.current()
    base.now += 0.5 * AGE  # 1.5 times its age since it was asked for
    assert await one.current() == 1
    await one.stop()


async def test_a_renewal_that_fails_is_told_by_the_next_who_needs_it() -> None:
    base = Base()
    one = base.kept()
    await one.current()
    base.now += 0.6 * AGE
    base.broken = True
    assert await one.current() == 1
    while base.readings == 1:
        await asyncio.sleep(0)
    base.now += AGE
    with pytest.raises(ConnectionError):
        await one.current()
    base.broken = False
    assert await one.current() > 1


async def test_its_pace_is_that_of_its_quickest_recent_reading() -> None:
    base = Base()
    one = base.kept()
    for seconds, pace in ((3.0, 0.0), (2.0, 0.0), (4.0, 2.0), (5.0, 2.0), (6.0, 4.0)):
        base.seconds = seconds
        base.version += 1
        await one.current()
        assert one.pace == pace


async def test_parts_of_one_answer_share_a_reading_and_its_failure() -> None:
    base = Base()
    once = Once(base.read)
    assert list(await asyncio.gather(once(), once())) == [1, 1]
    assert await once() == 1

    base.broken = True
    failing = Once(base.read)
    with pytest.raises(ConnectionError):
        await failing()
    with pytest.raises(ConnectionError):
        await failing()
    assert base.readings == 2
