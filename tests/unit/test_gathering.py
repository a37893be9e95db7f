"""Work of many callers done in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from backend.core.gathering import Gathering


class Clerk:
    """Does what is asked once `open`; notes each go."""

    def __init__(self) -> None:
        self.goes: list[list[int]] = []
        self.open = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> list[str | Exception]:
        self.goes.append(list(items))
        await self.open.wait()
        if 13 in items:
            raise OSError("nothing went")
        return [KeyError(one) if one < 0 else f"done {one}" for one in items]


async def test_the_first_goes_alone_and_the_rest_together_each_with_its_answer() -> None:
    clerk = Clerk()
    together = Gathering(clerk, at_most=3)
    asked = [asyncio.create_task(together.ask("lane", n)) for n in (1, 2, -3, 4, 5)]
    asked.append(asyncio.create_task(together.ask("another lane", 6)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert clerk.goes == [[1, 2, -3], [6]] or clerk.goes == [[1], [6]]
    clerk.open.set()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(one) for one in answers] == ["done 1", "done 2", "-3", "done 4", "done 5", "done 6"]
    assert isinstance(answers[2], KeyError)
    assert max(len(go) for go in clerk.goes) <= 3
    assert await together.ask("lane", 7) == "done 7", "a lane that was empty opens again"


async def test_a_go_that_fails_fails_for_each_and_the_next_one_goes() -> None:
    clerk = Clerk()
    clerk.open.set()
    together = Gathering(clerk, at_most=8)
    asked = [together.ask("lane", n) for n in (12, 13)]
    first = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(one) for one in first] == [OSError, OSError]
    assert await together.ask("lane", 14) == "done 14"


async def test_a_caller_that_left_keeps_nobody_waiting() -> None:
    clerk = Clerk()
    together = Gathering(clerk, at_most=8)
    gone, stays = (asyncio.create_task(together.ask("lane", n)) for n in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    clerk.open.set()
    assert await stays == "done 2"
    with pytest.raises(asyncio.CancelledError):
        await gone
