"""A daily run killed in the middle is taken over: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.support.departure import settle
from tests.support.jobs import quick_jobs
from tests.support.outbox import eventually
from tests.support.roles import processes, scheduler
from tests.support.smtp import mail_server
from tests.support.trade import Trade

LEADS = 30
BUYERS = 6


def reached(trade: Trade, collection: str, number: int, **query: object) -> Callable[[], Awaitable[bool]]:
    async def test() -> bool:
        return await trade.parts.mongo.collection(collection).count_documents(query) >= number

    return test


@pytest.mark.parametrize(
    ("collection", "number", "query"),
    [
        ("deliveries", LEADS // 2, {}),
        ("delivery_batches", 1, {}),
        ("delivery_batches", BUYERS // 2, {"handed_over": True}),
    ],
    ids=["half of the leads", "first batch", "half of the batches"],
)
async def test_a_killed_runner_is_taken_over(
    trade: Trade, environ: dict[str, str], collection: str, number: int, query: dict[str, object]
) -> None:
    await trade.market(LEADS, BUYERS)
    await trade.parts.jobs.run_now("daily_delivery", "ops@exemple.fr")
    with processes() as started:
        started.append(scheduler(environ))
        await eventually(reached(trade, collection, number, **query))
    jobs = quick_jobs(trade.parts, "heir")

    async def over() -> bool:
        await jobs.run_due("daily_delivery")
        slots = await trade.rows("cron_logs", job="daily_delivery")
        return all(slot["state"] == "success" for slot in slots)

    await eventually(over)
    async with mail_server() as mail:
        mail.serve(trade.parts)
        await settle(trade)
    rows = [line for message in mail.messages for file in message.attachments.values()
            for line in file.decode().splitlines()[1:]]  # fmt: skip
    assert len(rows) == len(set(rows)) == LEADS
    assert {lead["status"] for lead in await trade.rows("leads")} == {"livre"}
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]
