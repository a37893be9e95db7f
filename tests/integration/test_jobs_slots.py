"""Slots in the base: once each, caught up, taken over, one at a time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from backend.bootstrap import Parts
from backend.core.clock import utcnow
from backend.core.errors import NotFound
from backend.core.paging import Page
from backend.core.weeks import at_paris
from backend.jobs import service as jobs_service
from backend.jobs.models import Slot
from backend.jobs.service import JobsService
from backend.jobs.slots import Weekly
from tests.conftest import WEDNESDAY
from tests.support.commands import CommandLog
from tests.support.explain import listening, slow_plans
from tests.support.jobs import Probe, own_jobs, runs_of
from tests.support.outbox import eventually

TODAY = "probe:2026-03-11"
QUICK = timedelta(seconds=1)


async def installed(parts: Parts, jobs: JobsService, moment: datetime) -> None:
    """Install the base at `moment`, then come back to Wednesday 10:00."""
    await parts.clock.move_to(parts.mongo, moment)
    await jobs.installed_at()
    await parts.clock.move_to(parts.mongo, WEDNESDAY)


async def slot(jobs: JobsService, slot_id: str) -> Slot:
    found = await jobs.one(slot_id)
    assert found is not None
    return found


async def states(parts: Parts) -> dict[str, str]:
    return {doc["_id"]: doc["state"] async for doc in parts.mongo.collection("cron_logs").find({}).sort("_id", 1)}


async def test_slots_before_the_installation_are_not_due(parts: Parts) -> None:
    jobs = own_jobs(parts, Probe(parts))
    assert await jobs.ensure_due() == []
    await parts.clock.move_to(parts.mongo, WEDNESDAY + timedelta(days=1))
    assert await jobs.ensure_due() == ["probe:2026-03-12"]


async def test_five_processes_at_once_run_a_slot_once(parts: Parts) -> None:
    probe = Probe(parts)
    processes = [own_jobs(parts, probe, owner=f"p{n}") for n in range(5)]
    await installed(parts, processes[0], at_paris(WEDNESDAY.date(), 9))
    await asyncio.gather(*(jobs.ensure_due() for jobs in processes))
    assert await runs_of(parts) == [TODAY]
    done = await slot(processes[0], TODAY)
    assert (done.state, done.fence, done.steps, done.takeovers, done.result) == ("success", 1, 1, 0, {"wrote": 1})
    await asyncio.gather(*(jobs.ensure_due() for jobs in processes))
    assert await runs_of(parts) == [TODAY]


async def test_a_day_missed_is_caught_up_until_twenty_hundred_then_skipped(parts: Parts) -> None:
    jobs = own_jobs(parts, Probe(parts))
    await installed(parts, jobs, at_paris(datetime(2026, 3, 8).date(), 12))
    await parts.clock.move_to(parts.mongo, at_paris(WEDNESDAY.date(), 19, 59))
    await jobs.ensure_due()
    assert await states(parts) == {
        "probe:2026-03-09": "skipped",
        "probe:2026-03-10": "skipped",
        "probe:2026-03-11": "success",
    }
    skipped = await parts.mongo.collection("event_log").distinct("entity_id", {"action": "job_skipped"})
    assert skipped == ["probe:2026-03-09", "probe:2026-03-10"]
    await parts.clock.move_to(parts.mongo, at_paris(datetime(2026, 3, 12).date(), 20, 1))
    assert await jobs.ensure_due() == []
    assert (await states(parts))["probe:2026-03-12"] == "skipped"


async def test_a_slot_made_in_time_but_never_started_is_skipped(parts: Parts) -> None:
    jobs = own_jobs(parts, Probe(parts))
    await installed(parts, jobs, at_paris(WEDNESDAY.date(), 9))
    await jobs.plan()
    await parts.clock.move_to(parts.mongo, at_paris(WEDNESDAY.date(), 21))
    assert await jobs.run_due("probe") == []
    await jobs.plan()
    assert await states(parts) == {TODAY: "skipped"}


async def test_every_week_missed_is_caught_up_in_order(parts: Parts) -> None:
    jobs = own_jobs(parts, Probe(parts), schedule=Weekly(0, 8, 0))
    await installed(parts, jobs, at_paris(datetime(2026, 2, 20).date(), 12))
    await jobs.ensure_due()
    assert await runs_of(parts) == ["probe:2026-W09", "probe:2026-W10", "probe:2026-W11"]


@pytest.mark.parametrize(("day", "hour"), [("2026-03-29", 7), ("2026-10-25", 8)])
async def test_the_slots_of_the_clock_changes(parts: Parts, day: str, hour: int) -> None:
    jobs = own_jobs(parts, Probe(parts))
    due = datetime.fromisoformat(f"{day}T{hour:02d}:30:00+00:00")
    await installed(parts, jobs, due - timedelta(hours=8))
    await parts.clock.move_to(parts.mongo, due - timedelta(minutes=1))
    assert await jobs.ensure_due() == []
    await parts.clock.move_to(parts.mongo, due)
    assert await jobs.ensure_due() == [f"probe:{day}"]
    assert (await slot(jobs, f"probe:{day}")).due_at == due


async def test_a_run_asked_for_is_a_slot_of_its_own(parts: Parts) -> None:
    probe = Probe(parts)
    jobs = own_jobs(parts, probe)
    assert await jobs.run_now("probe", "ops@exemple.fr") == f"{TODAY}#2"
    asked = await asyncio.gather(*(jobs.run_now("probe", "ops@exemple.fr") for _ in range(5)))
    assert sorted(asked) == [f"{TODAY}#{n}" for n in range(3, 8)]
    assert sorted(await jobs.run_due("probe")) == [f"{TODAY}#{n}" for n in range(2, 8)]
    assert len(await runs_of(parts)) == 6
    assert await jobs.run_now("probe", "ops@exemple.fr") == f"{TODAY}#8"
    events = await parts.mongo.collection("event_log").count_documents({"action": "job_asked"})
    assert events == 7
    with pytest.raises(NotFound):
        await jobs.run_now("nothing", "ops@exemple.fr")


async def test_a_run_asked_for_waits_while_another_runs(parts: Parts) -> None:
    probe = Probe(parts)
    probe.go_on.clear()
    here, there = own_jobs(parts, probe), own_jobs(parts, Probe(parts), owner="there")
    await installed(parts, here, at_paris(WEDNESDAY.date(), 9))
    running = asyncio.create_task(here.ensure_due())
    await probe.entered.wait()
    asked = await there.run_now("probe", "ops@exemple.fr")
    assert await there.run_due("probe") == []
    assert await states(parts) == {TODAY: "running", asked: "due"}
    probe.go_on.set()
    await running
    assert set(await runs_of(parts)) == {TODAY, asked}


async def test_a_silent_runner_is_taken_over_and_can_write_nothing_more(parts: Parts) -> None:
    silent, other = Probe(parts), Probe(parts)
    silent.go_on.clear()
    first = own_jobs(parts, silent, lease=QUICK, owner="first")
    second = own_jobs(parts, other, lease=QUICK, owner="second")
    await installed(parts, first, at_paris(WEDNESDAY.date(), 9))
    dead = asyncio.create_task(first.ensure_due())
    await silent.entered.wait()
    await parts.mongo.collection("cron_logs").update_one({}, {"$set": {"lease_until": utcnow() - QUICK}})
    assert await second.run_due("probe") == [TODAY]
    silent.go_on.set()
    await dead
    taken = await slot(second, TODAY)
    assert (taken.state, taken.owner, taken.fence, taken.takeovers, taken.steps) == ("success", "second", 2, 1, 1)
    assert await runs_of(parts) == [TODAY]


async def test_a_fenced_run_is_stopped_by_its_heartbeat(parts: Parts) -> None:
    probe = Probe(parts)
    probe.go_on.clear()
    jobs = own_jobs(parts, probe, lease=timedelta(milliseconds=300))
    await installed(parts, jobs, at_paris(WEDNESDAY.date(), 9))
    await jobs.plan()
    running = asyncio.create_task(jobs.run_due("probe"))
    await probe.entered.wait()
    await parts.mongo.collection("cron_logs").update_one({}, {"$inc": {"fence": 1}})
    assert await asyncio.wait_for(running, 30) == [TODAY]
    assert await runs_of(parts) == []


async def test_a_run_stopped_with_its_process_is_given_back_at_once(parts: Parts) -> None:
    probe = Probe(parts)
    probe.go_on.clear()
    jobs = own_jobs(parts, probe)
    await installed(parts, jobs, at_paris(WEDNESDAY.date(), 9))
    running = asyncio.create_task(jobs.ensure_due())
    await probe.entered.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    probe.go_on.set()
    assert await own_jobs(parts, probe, owner="next").run_due("probe") == [TODAY]
    assert await runs_of(parts) == [TODAY]


async def test_an_error_is_kept_and_a_person_may_run_again(parts: Parts) -> None:
    probe = Probe(parts)
    probe.fails = [ZeroDivisionError("oops")]
    jobs = own_jobs(parts, probe)
    await installed(parts, jobs, at_paris(WEDNESDAY.date(), 9))
    await jobs.ensure_due()
    failed = await slot(jobs, TODAY)
    assert (failed.state, failed.error) == ("error", "ZeroDivisionError: oops")
    assert await jobs.ensure_due() == []
    again = await jobs.run_and_wait("probe", "ops@exemple.fr")
    assert (again.state, again.id) == ("success", f"{TODAY}#2")
    assert await jobs.failures_since(WEDNESDAY - timedelta(days=7)) == 1


async def test_an_unreachable_base_interrupts_a_run_that_is_then_taken_over(parts: Parts) -> None:
    probe = Probe(parts)
    probe.fails = [AutoReconnect("gone")]
    jobs = own_jobs(parts, probe, lease=QUICK)
    await installed(parts, jobs, at_paris(WEDNESDAY.date(), 9))

    async def done() -> bool:
        await jobs.ensure_due()
        return (await slot(jobs, TODAY)).state == "success"

    await eventually(done)
    assert (await slot(jobs, TODAY)).takeovers == 1 and await runs_of(parts) == [TODAY]


async def test_no_run_starts_when_the_clocks_disagree(parts: Parts, monkeypatch: Any) -> None:
    jobs = own_jobs(parts, Probe(parts))
    await installed(parts, jobs, at_paris(WEDNESDAY.date(), 9))
    monkeypatch.setattr(jobs_service, "MAX_SKEW", timedelta(seconds=-1))
    assert await jobs.ensure_due() == [] and await states(parts) == {TODAY: "due"}
    monkeypatch.undo()
    assert await jobs.ensure_due() == [TODAY]


async def test_every_query_of_the_slots_is_served_by_an_index(parts: Parts, commands: CommandLog) -> None:
    jobs = own_jobs(parts, Probe(parts))
    await installed(parts, jobs, at_paris(datetime(2026, 2, 1).date(), 9))
    await jobs.ensure_due()
    with listening(commands):
        await jobs.ensure_due()
        await jobs.run_and_wait("probe", "ops@exemple.fr")
        await jobs.cron(parts.everyone, Page(50, 0))
        await jobs.cron(parts.everyone, Page(50, 0), "probe")
        await jobs.health(parts.everyone)
    assert len(commands.seen) > 10
    assert await slow_plans(parts, commands) == []
