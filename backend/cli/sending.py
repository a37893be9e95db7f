"""Sending a crowd of prospects to the public intake, a few at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from backend.cli.crowd import Prospect, Tally
from backend.cli.desk import Desk

_AT_ONCE = 16


async def submit_all(desk: Desk, prospects: Iterable[Prospect]) -> Tally:
    """Send everything; those marked so, twice in a row."""
    tally = Tally()
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(prospect: Prospect) -> None:
        async with gate:
            for _ in range(2 if prospect.twice else 1):
                await desk.submit(prospect, tally)

    await asyncio.gather(*(one(prospect) for prospect in prospects))
    return tally
