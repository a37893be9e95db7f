"""Tests 2 and 3 of reliability.md: workers killed, or paused for longer than their lease, at random moments."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import pytest

from tests.support.fault_smtp import FaultServer, fault_server
from tests.support.figures import note
from tests.support.oracle import OPEN, Judgement, judge, mails_in_line, settled
from tests.support.outbox import eventually, relaying
from tests.support.roles import CALM, LEASE, pace, processes, relay
from tests.support.trade import Trade

AT_ONCE = 4
PATIENT = timedelta(seconds=5)  # a worker that a busy machine makes wait for 1.5 s is not dead
SEED = 20260311
Start = Callable[[], BaseProcess]


@pytest.mark.parametrize(
    ("mails", "workers", "kills"),
    [
        (100, 2, 6),
        pytest.param(10_000, 4, 100, marks=[pytest.mark.long, pytest.mark.timeout(3_600)]),
    ],
)
async def test_random_kills(
    trade: Trade, environ: dict[str, str], tmp_path: Path, mails: int, workers: int, kills: int
) -> None:
    rng, log = Random(SEED), tmp_path / "taken.log"
    await mails_in_line(trade, mails)
    async with fault_server(log, drops=Random(SEED)) as server:
        done = await _killing(trade, environ, server, rng, workers, kills)
        resumed = await _finish(trade, server)
    found = await judge(trade, log)
    note("2 random kill -9", SEED, done, found, resumed)
    assert found.faults == (0, 0, 0) and done >= min(kills, 3)
    assert found.uncertain <= done * AT_ONCE + server.dropped


async def _killing(
    trade: Trade, environ: dict[str, str], server: FaultServer, rng: Random, workers: int, kills: int
) -> int:
    """Keep `workers` working and kill one at random, `kills` times or until nothing is left; how many."""
    done = 0
    server.delay = 0.01
    with processes() as started:

        def start() -> BaseProcess:
            started.append(relay(environ | server.environ(), at_once=AT_ONCE, lease=PATIENT))
            return started[-1]

        living = [start() for _ in range(workers)]
        await asyncio.sleep(0.5)
        while done < kills and await trade.parts.mongo.collection("outbox").count_documents({"state": {"$in": OPEN}}):
            await asyncio.sleep(rng.uniform(0.1, 0.6))
            victim = living.pop(rng.randrange(len(living)))
            victim.kill()
            living.append(start())
            done += 1
    return done


async def _finish(trade: Trade, server: FaultServer) -> float:
    """A survivor does what is left: seconds until the dead hold nothing any more."""
    server.delay = 0.0
    server.serve(trade.parts)
    began = time.monotonic()
    async with relaying(trade.parts.outbox, pace(8, CALM), owner="survivor"):
        await eventually(lambda: _all_inherited(trade))
        resumed = time.monotonic() - began
        await settled(trade, 2_400)
    return resumed


async def _all_inherited(trade: Trade) -> bool:
    return not await trade.rows("outbox", state="leased", owner={"$ne": "survivor"})


@pytest.mark.parametrize(
    ("mails", "pauses"), [(40, 3), pytest.param(1_200, 50, marks=[pytest.mark.long, pytest.mark.timeout(3_600)])]
)
async def test_pauses_longer_than_the_lease(
    trade: Trade, environ: dict[str, str], tmp_path: Path, mails: int, pauses: int
) -> None:
    rng, log = Random(SEED), tmp_path / "taken.log"
    await mails_in_line(trade, mails)
    async with fault_server(log) as server:
        server.delay = 0.08
        with processes() as started:
            started += [relay(environ | server.environ(), at_once=AT_ONCE) for _ in range(2)]
            await asyncio.sleep(0.8)
            for _ in range(pauses):
                await _pause(rng.choice(started), rng)
            found_after = await _settled_and_judged(trade, log)
    note("3 SIGSTOP longer than the lease", SEED, pauses, found_after, 0.0)
    assert found_after.faults == (0, 0, 0)
    late = await trade.rows("outbox_attempts", outcome="sent", kind="email")
    assert len(late) == found_after.sent, "a fenced worker records nothing"


async def _pause(process: BaseProcess, rng: Random) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    await asyncio.sleep(LEASE.total_seconds() + rng.uniform(0.3, 0.6))
    os.kill(process.pid, signal.SIGCONT)
    await asyncio.sleep(rng.uniform(0.05, 0.3))


async def _settled_and_judged(trade: Trade, log: Path) -> Judgement:
    await settled(trade, 2_400)
    return await judge(trade, log)
