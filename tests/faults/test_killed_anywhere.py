"""Test 1 of reliability.md: workers killed at every named point. Nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
from contextlib import AsyncExitStack
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.support.fault_smtp import fault_server
from tests.support.oracle import judge, mails_in_line, settled
from tests.support.outbox import eventually, relaying
from tests.support.roles import CALM, KILLED, pace, processes, relay
from tests.support.trade import Trade

BEFORE = ("after_claim", "after_connect", "after_mail", "after_rcpt", "before_journal")
PAST = ("after_commit", "after_journal", "after_250")  # the first commit of a worker is its journal
ENDED = ("after_sent",)


async def test_workers_killed_at_every_point_lose_and_double_nothing(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "taken.log"
    points = (*BEFORE, *PAST, *ENDED)
    await mails_in_line(trade, 4 * len(points))
    async with AsyncExitStack() as stack:
        server, slow, cruel = [await stack.enter_async_context(fault_server(log)) for _ in range(3)]
        started = stack.enter_context(processes())
        slow.delay = 0.6  # longer than a heartbeat's period
        started.append(relay(environ | slow.environ(), crash_at="in_heartbeat", at_once=1))
        at_the_dot = relay(environ | cruel.environ(), at_once=1)
        cruel.on_dot = lambda: os.kill(at_the_dot.pid or 0, signal.SIGKILL)
        started += [at_the_dot, *(relay(environ | server.environ(), crash_at=one, at_once=1) for one in points)]
        await eventually(lambda: _dead(started))
        started.append(relay(environ | server.environ(), crash_at="in_sweep", at_once=1))
        await eventually(lambda: _dead(started))
        assert {one.exitcode for one in started} == {KILLED}
        server.serve(trade.parts)
        async with relaying(trade.parts.outbox, pace(lease=CALM), owner="survivor"):
            await settled(trade)
    found = await judge(trade, log)
    assert found.faults == (0, 0, 0)
    doubtful = await trade.rows("outbox_attempts", outcome="uncertain")
    owners = sorted(one["owner"].rpartition("-")[0] for one in doubtful)
    owners = [one for one in owners if one != "in_sweep"]  # it was also sending when its sweep killed it
    assert owners == sorted([*PAST, "worker"]), "uncertain only between the journal and `sent`"


async def _dead(started: list[BaseProcess]) -> bool:
    return not any(one.is_alive() for one in started)
