"""Jobs of the tests' own, on a base of their own slots."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from backend.bootstrap import Parts
from backend.core.mongo import Tx
from backend.jobs.models import Job, Run
from backend.jobs.service import LEASE, JobsService
from backend.jobs.slots import Daily, Weekly
from backend.jobs.store import JobsStore

SHORT = timedelta(seconds=2)


class Probe:
    """A job that writes one row of `probe` per run, under its fence, and can be made to wait or to fail."""

    def __init__(self, parts: Parts) -> None:
        self.started: list[Run] = []
        self.entered = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.fails: list[Exception] = []
        self._parts = parts

    async def __call__(self, run: Run) -> dict[str, Any]:
        self.started.append(run)
        self.entered.set()
        await self.go_on.wait()
        if self.fails:
            raise self.fails.pop(0)

        async def write(tx: Tx) -> None:
            doc = {"slot": run.slot_id, "takeovers": run.takeovers}
            await self._parts.mongo.collection("probe").insert_one(doc, session=tx)

        await self._parts.mongo.transaction(write, fence=run.fence)
        return {"wrote": 1}


def own_jobs(
    parts: Parts,
    run: Probe,
    *,
    schedule: Daily | Weekly = Daily(9, 30),
    lease: timedelta = LEASE,
    owner: str = "here",
) -> JobsService:
    """A service with the one job `probe`."""
    job = Job("probe", schedule, run)
    return JobsService(parts.mongo, JobsStore(parts.mongo), parts.audit, parts.clock, owner, [job], lease)


def quick_jobs(parts: Parts, owner: str) -> JobsService:
    """The house's jobs on the same base, with a short lease."""
    return JobsService(parts.mongo, JobsStore(parts.mongo), parts.audit, parts.clock, owner, parts.jobs.jobs, SHORT)


async def runs_of(parts: Parts) -> list[str]:
    """Slots that wrote, in order."""
    return [doc["slot"] async for doc in parts.mongo.collection("probe").find({}).sort("_id", 1)]
