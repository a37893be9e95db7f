"""Test 15 of reliability.md: the pod is down across 09:30, for minutes, hours, a night, ten days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backend.core.weeks import at_paris
from backend.jobs.models import Slot
from tests.support.departure import settle
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade

DAY = date(2026, 3, 12)  # a Thursday; the base is installed and the leads arrive on Wednesday
JOB = "daily_delivery"


def back_at(days: int, hour: int, minute: int) -> datetime:
    return at_paris(DAY + timedelta(days=days), hour, minute).astimezone(UTC)


async def slots(trade: Trade) -> dict[str, str]:
    return {row["slot"]: row["state"] for row in await trade.rows("cron_logs", job=JOB)}


async def cron(trade: Trade) -> dict[str, Any]:
    """What the health page says of the crons."""
    signed = await headers(trade.parts, "super_admin", scope="BOTH")
    answer = await trade.http.get("/api/system/health", headers=signed)
    found: dict[str, Any] = answer.json()["modules"]["cron"]
    return found


@pytest.mark.parametrize(
    ("back", "runs", "skipped"),
    [
        (back_at(0, 9, 40), "2026-03-12", 0),
        (back_at(0, 13, 0), "2026-03-12", 0),
        (back_at(1, 9, 0), None, 1),
        (back_at(1, 10, 0), "2026-03-13", 1),
        (back_at(9, 9, 31), "2026-03-21", 9),
    ],
    ids=["09:25 to 09:40", "to 13:00", "to the next day", "to the next day after 09:30", "ten days"],
)
async def test_a_slot_missed_is_caught_up_the_same_day_or_said_to_be_skipped(
    trade: Trade, back: datetime, runs: str | None, skipped: int
) -> None:
    jobs = trade.parts.jobs
    await jobs.installed_at()
    await trade.buyer()
    for _ in range(3):
        await trade.lead()
    await trade.parts.clock.move_to(trade.parts.mongo, back)
    for _ in range(2):  # started twice: what is done is not done again
        await jobs.ensure_due()
    expected = {(DAY + timedelta(days=n)).isoformat(): "skipped" for n in range(skipped)}
    assert await slots(trade) == expected | ({runs: "success"} if runs else {})
    told = await trade.rows("event_log", action="job_skipped")
    assert sorted(one["entity_id"] for one in told if JOB in one["entity_id"]) == [f"{JOB}:{day}" for day in expected]
    assert (await cron(trade))["status"] == ("degraded" if skipped else "healthy")
    await leads_left(trade, once=bool(runs) and back.weekday() < 5)


async def leads_left(trade: Trade, *, once: bool) -> None:
    """The three leads are with their buyer, in one file; or still wait for an open day."""
    async with mail_server() as mail:
        mail.serve(trade.parts)
        await settle(trade)
    lines = [row for one in mail.messages for file in one.attachments.values() for row in file.splitlines()[1:]]
    assert len(lines) == len(set(lines)) == (3 if once else 0)
    assert {lead["status"] for lead in await trade.rows("leads")} == {"livre" if once else "routed"}


async def test_a_slot_that_nobody_makes_is_late_a_quarter_of_an_hour_after_its_hour(trade: Trade) -> None:
    """Every scheduler is dead, a server still answers: the page says so."""
    await trade.parts.jobs.installed_at()
    for minute, late in ((44, []), (46, [f"{JOB}:{DAY}"])):
        await trade.parts.clock.move_to(trade.parts.mongo, back_at(0, 9, minute))
        said = await cron(trade)
        assert [one for one in said["late"] if JOB in one] == late
    assert said["status"] == "degraded"
    await trade.parts.jobs.ensure_due()
    assert (await cron(trade))["late"] == []


async def test_a_slot_made_and_never_started_is_late_too(trade: Trade) -> None:
    await trade.parts.jobs.installed_at()
    await trade.parts.clock.move_to(trade.parts.mongo, back_at(0, 9, 46))
    await trade.parts.jobs.plan()
    assert f"{JOB}:{DAY}" in (await cron(trade))["late"]
    done = await trade.parts.jobs.last(JOB)
    assert isinstance(done, Slot) and done.state == "due"
