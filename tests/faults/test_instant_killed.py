"""Leads of an `instant` client while workers race for them and die at each point of the way. Each leaves once."""

from __future__ import annotations

from contextlib import AsyncExitStack
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.support.fault_smtp import fault_server
from tests.support.oracle import judge, settled
from tests.support.outbox import eventually, relaying
from tests.support.roles import KILLED, pace, processes, relay
from tests.support.trade import Trade

POINTS = ("after_claim", "in_txn", "after_commit", "after_sent")
"""The task taken; its batch and its row written, not committed; committed, the task not ended; the task ended."""
LEADS = 12


async def test_two_processes_racing_and_others_killed_on_the_way(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "taken.log"
    client = await trade.client(delivery_mode="instant")
    await trade.commande(client)
    for _ in range(LEADS):
        await trade.lead()
    assert len(await trade.rows("outbox", kind="send_instant", state="pending")) == LEADS
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(fault_server(log))
        started = stack.enter_context(processes())
        started += [relay(environ | server.environ(), crash_at=one, at_once=1) for one in POINTS]
        await eventually(lambda: _dead(started))
        assert {one.exitcode for one in started} == {KILLED}
        racing = [relay(environ | server.environ(), at_once=2) for _ in range(2)]
        started += racing
        server.serve(trade.parts)
        async with relaying(trade.parts.outbox, pace(), owner="survivor"):
            await settled(trade)
    found = await judge(trade, log)
    assert found.faults == (0, 0, 0)
    assert (found.mails, found.sent + found.uncertain) == (LEADS, LEADS), "one e-mail per lead, whoever built it"
    batches = await trade.rows("delivery_batches")
    assert [one["lead_count"] for one in batches] == [1] * LEADS
    # On a slow machine a lease of 1.5 s may end while its message leaves: said uncertain, never sent again.
    assert {one["status"] for one in await trade.rows("deliveries")} <= {"sent", "uncertain"}


async def _dead(started: list[BaseProcess]) -> bool:
    return not any(one.is_alive() for one in started)
