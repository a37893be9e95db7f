"""Tests 4 to 7 of reliability.md: the base killed, its connections cut, a transaction left open by a dead process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import pytest_asyncio

from backend.jobs.scheduler import Scheduler
from tests.conftest import WEDNESDAY
from tests.support.fault_smtp import fault_server
from tests.support.figures import note
from tests.support.house import House, OwnMongod, house_on, own_mongod
from tests.support.jobs import Probe, own_jobs, runs_of
from tests.support.load import asked, kept, refused, submitting
from tests.support.oracle import judge, mails_in_line, settled
from tests.support.outbox import eventually, relaying
from tests.support.roles import CALM, KILLED, LEASE, pace, processes, relay, runner

TICK = timedelta(milliseconds=200)
PAST_ANY_TEST = 600  # seconds


@pytest.fixture(scope="module")
def base() -> Iterator[OwnMongod]:
    with own_mongod() as one:
        yield one


@pytest_asyncio.fixture
async def house(base: OwnMongod, environ: dict[str, str]) -> AsyncIterator[House]:
    async with house_on(base.url, environ) as one:
        yield one


@pytest.mark.parametrize("kills", [1, pytest.param(10, marks=[pytest.mark.long, pytest.mark.timeout(1_200)])])
async def test_the_base_is_killed_and_comes_back(base: OwnMongod, house: House, tmp_path: Path, kills: int) -> None:
    log, trade = tmp_path / "taken.log", house.trade
    await mails_in_line(trade, 30 * kills)
    probe = own_jobs(trade.parts, Probe(trade.parts), lease=LEASE)
    await probe.installed_at()
    scheduler = Scheduler(probe, TICK)
    async with fault_server(log) as server:
        server.delay = 0.1
        with processes() as started:
            started += [relay(house.environ | server.environ()) for _ in range(2)]
            scheduler.start()
            async with submitting(trade) as answers:
                await eventually(lambda: asked(answers, 5))
                await trade.parts.clock.move_to(trade.parts.mongo, WEDNESDAY + timedelta(days=1))
                for done in range(kills):
                    await asyncio.to_thread(base.kill)
                    await eventually(lambda so_far=done: refused(answers, so_far))  # type: ignore[misc]
                    await asyncio.to_thread(base.start)
                await eventually(lambda: _once(house))
            await settled(trade)
    await scheduler.stop()
    found = await judge(trade, log)
    note("4 and 5 mongod kill -9", 0, kills, found, 0.0)
    assert found.faults == (0, 0, 0)
    await kept(trade, answers)


async def _once(house: House) -> bool:
    return len(await runs_of(house.trade.parts)) == 1


@pytest.mark.parametrize("command", ["insert", "findAndModify", "update", "commitTransaction"])
@pytest.mark.parametrize("times", [8, pytest.param(100, marks=[pytest.mark.long, pytest.mark.timeout(1_200)])])
async def test_a_connection_cut_under_a_command_doubles_nothing(
    house: House, tmp_path: Path, command: str, times: int
) -> None:
    log, trade = tmp_path / "taken.log", house.trade
    await mails_in_line(trade, max(12, times))
    await house.fail(command, times=times)
    async with fault_server(log) as server:
        server.serve(trade.parts)
        async with relaying(trade.parts.outbox, pace(lease=CALM)):
            async with submitting(trade) as answers:
                await settled(trade)
                await eventually(lambda: asked(answers, 5))
            await house.behave()
            await settled(trade)
    found = await judge(trade, log)
    note(f"6 connection cut under {command}", 0, times, found, 0.0)
    assert found.faults == (0, 0, 0)
    await kept(trade, answers)


async def test_a_run_killed_inside_a_transaction_is_taken_over_at_once(house: House) -> None:
    """Its session is ended by the heir: nobody waits for the transaction to grow old."""
    await house.transactions_live(PAST_ANY_TEST)
    parts = house.trade.parts
    jobs = own_jobs(parts, Probe(parts), lease=LEASE, owner="heir")
    await jobs.run_now("probe", "ops@exemple.fr")
    with processes() as started:
        for point in ("in_txn", "in_takeover"):
            started.append(runner(house.environ, crash_at=point))
            await eventually(lambda: _ended(started))
        assert [one.exitcode for one in started] == [KILLED] * 2

    async def done() -> bool:
        await jobs.run_due("probe")
        return await _once(house)

    await eventually(done)
    [slot] = await house.trade.rows("cron_logs")
    assert (slot["state"], slot["owner"], slot["takeovers"], slot["fence"]) == ("success", "heir", 2, 3)


async def test_a_transaction_without_its_process_blocks_others_for_its_lifetime_only(
    house: House, tmp_path: Path
) -> None:
    log, trade = tmp_path / "taken.log", house.trade
    await house.transactions_live(3)
    await mails_in_line(trade, 4)
    async with fault_server(log) as server:
        with processes() as started:
            started.append(relay(house.environ | server.environ(), crash_at="in_txn", at_once=1))
            await eventually(lambda: _ended(started))
        server.serve(trade.parts)
        async with relaying(trade.parts.outbox, pace(lease=CALM)):
            await settled(trade)
    found = await judge(trade, log)
    assert found.faults == (0, 0, 0) and found.uncertain == 0 and found.sent == 4


async def _ended(started: list[BaseProcess]) -> bool:
    return not any(one.is_alive() for one in started)
