"""The metronome: it makes due slots run, waits for them at its stop, and loses nothing when it is late."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from backend.bootstrap import Parts
from backend.jobs.scheduler import Scheduler
from tests.conftest import WEDNESDAY
from tests.support.jobs import Probe, own_jobs, runs_of
from tests.support.outbox import eventually

TICK = timedelta(milliseconds=100)


async def test_a_slot_starts_when_the_business_clock_passes_its_hour(parts: Parts) -> None:
    jobs = own_jobs(parts, Probe(parts))
    await jobs.installed_at()
    first, second = Scheduler(jobs, TICK), Scheduler(own_jobs(parts, Probe(parts), owner="other"), TICK)
    first.start()
    second.start()
    try:
        await parts.clock.move_to(parts.mongo, WEDNESDAY + timedelta(days=1))
        await eventually(lambda: wrote(parts, 1))
        await jobs.run_now("probe", "ops@exemple.fr")
        await eventually(lambda: wrote(parts, 2))
    finally:
        await asyncio.gather(first.stop(), second.stop())
    assert await runs_of(parts) == ["probe:2026-03-12", "probe:2026-03-12#2"]


async def wrote(parts: Parts, times: int) -> bool:
    return len(await runs_of(parts)) == times


async def test_stopping_waits_for_the_run(parts: Parts) -> None:
    probe = Probe(parts)
    probe.go_on.clear()
    jobs = own_jobs(parts, probe)
    scheduler = Scheduler(jobs, TICK)
    scheduler.start()
    await jobs.run_now("probe", "ops@exemple.fr")
    await probe.entered.wait()
    stopping = asyncio.create_task(scheduler.stop())
    await asyncio.sleep(0)
    probe.go_on.set()
    await stopping
    assert len(await runs_of(parts)) == 1
