"""A person's task whose workers are killed on the way: each row is done once, and the task ends by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.departure import leave
from tests.support.fault_smtp import fault_server
from tests.support.outbox import eventually
from tests.support.people import headers
from tests.support.roles import KILLED, processes, relay
from tests.support.trade import Trade

ROWS = 8


@pytest.mark.parametrize("point", ["in_txn:4", "after_commit:4"])
async def test_a_task_whose_worker_dies_goes_on_and_each_row_has_one_effect(
    trade: Trade, environ: dict[str, str], tmp_path: Path, point: str
) -> None:
    await trade.buyer(quota_semaine=20)
    async with fault_server(tmp_path / "taken.log") as server:
        server.serve(trade.parts)
        for _ in range(ROWS):
            await trade.lead()
        await leave(trade)
        ids = [one["id"] for one in await trade.rows("deliveries", status="sent")]
        signed = await headers(trade.parts, "ops")
        with processes() as started:
            started.append(relay(environ | server.environ(), crash_at=point, at_once=1))
            # A copy leaves a message each time: a row done twice would be seen.
            for action, given in (("remove", {"reason": "hors_zone"}), ("copy", {})):
                body = {"ids": ids, **given}
                answer = await trade.http.post(f"/api/deliveries/bulk/{action}", json=body, headers=signed)
                assert answer.status_code == 202, answer.text
            await eventually(lambda: _dead(started))
            assert started[0].exitcode == KILLED
            started.append(relay(environ | server.environ()))
            await eventually(lambda: _done(trade))
    rows = await trade.rows("task_rows")
    assert {one["state"] for one in rows} == {"succeeded"} and len(rows) == 2 * ROWS
    removed = await trade.rows("event_log", action="lead_removed_from_delivery")
    assert sorted(one["entity_id"] for one in removed) == sorted(ids)
    assert len(await trade.rows("outbox", kind="email_copy")) == 1
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


async def _dead(started: list) -> bool:  # type: ignore[type-arg]
    return not started[0].is_alive()


async def _done(trade: Trade) -> bool:
    return {one["state"] for one in await trade.rows("tasks")} == {"done"}
