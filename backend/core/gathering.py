"""Work of many callers done in one go: those who arrive while a go is under way make the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Gathering(Generic[T, R]):
    """`do(items)` gives, for each item, its answer or the exception that its caller gets.

    A lane has one go at a time, of `at_most` items, in the order of their arrival; whoever comes first goes at once.
    """

    def __init__(self, do: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]], at_most: int) -> None:
        self._do = do
        self._at_most = at_most
        self._waiting: dict[str, list[tuple[T, asyncio.Future[R]]]] = {}
        self._going = set[asyncio.Task[None]]()

    async def ask(self, lane: str, item: T) -> R:
        """The answer for `item`, once its go is over."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        mine = item, answer
        if lane in self._waiting:
            self._waiting[lane].append(mine)
        else:
            self._waiting[lane] = [mine]
            task = asyncio.create_task(self._empty(lane))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
        return await answer

    async def _empty(self, lane: str) -> None:
        waiting = self._waiting[lane]
        while waiting:
            going = waiting[: self._at_most]
            del waiting[: self._at_most]
            await self._go(going)
        del self._waiting[lane]

    async def _go(self, going: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._do([item for item, _ in going])
        except Exception as exc:
            answers = [exc] * len(going)
        for (_, future), answer in zip(going, answers, strict=True):
            if future.done():  # its caller is gone
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
