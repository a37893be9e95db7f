"""Leads that keep arriving while something goes wrong, and what is promised of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support.trade import Trade, phone

PAUSE = 0.02  # seconds


@asynccontextmanager
async def submitting(trade: Trade, every: float = PAUSE, **given: Any) -> AsyncIterator[list[httpx.Response]]:
    """Submit one lead, then another `every` so many seconds, until the end of the block, whatever is answered."""
    answers: list[httpx.Response] = []
    stop = asyncio.Event()

    async def submit() -> None:
        while not stop.is_set():
            answers.append(await trade.submit(phone=phone(), **given))
            await asyncio.sleep(every)

    task = asyncio.create_task(submit())
    try:
        yield answers
    finally:
        stop.set()
        await task


async def asked(answers: Sequence[object], at_least: int) -> bool:
    return len(answers) >= at_least


async def refused(answers: list[httpx.Response], more_than: int) -> bool:
    return sum(one.status_code == 503 for one in answers) > more_than


async def kept(trade: Trade, answers: list[httpx.Response]) -> None:
    """What was acknowledged is there, once; what was not is refused as it should be."""
    assert answers and {one.status_code for one in answers} <= {201, 503}, {one.status_code for one in answers}
    assert all(one.headers["Retry-After"] for one in answers if one.status_code == 503)
    promised = {one.json()["lead_id"] for one in answers if one.status_code == 201}
    stored = [lead["id"] for lead in await trade.rows("leads", id={"$in": list(promised)})]
    assert sorted(stored) == sorted(promised)
