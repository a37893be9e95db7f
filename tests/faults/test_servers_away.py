"""Servers of others away or unsure, at the sizes of the issue (`make test-faults`).

Short forms: `test_outbox_breaker`, `test_batches` (a refused login), `test_pushes`.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.cli.crowd import Crowd
from tests.integration.test_pushes import api, no_email, one_in_ten, pushed, sent_units, states
from tests.support.buyer_api import BuyerApi
from tests.support.departure import hand_over
from tests.support.fault_smtp import fault_server
from tests.support.figures import measured, note
from tests.support.mongod import free_port
from tests.support.oracle import judge, settled
from tests.support.outbox import eventually, relaying
from tests.support.servers import workers
from tests.support.trade import Trade

__all__ = ["api"]  # the fixture
pytestmark = [pytest.mark.long, pytest.mark.timeout(3_000)]
BUYERS, LEADS = 20, 100
AWAY = 600.0  # seconds
BACK_AT_MOST = 900.0  # the longest stop of a channel is 10 minutes


async def test_a_mail_server_away_for_ten_minutes_of_the_daily_run_costs_nothing(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    """With `rdz worker` as it is, at its own pace, and nobody there."""
    log, port = tmp_path / "taken.log", free_port()
    await trade.market(LEADS, BUYERS)
    await trade.parts.jobs.run_now("daily_delivery", "ops@exemple.fr")
    async with AsyncExitStack() as there:
        server = await there.enter_async_context(fault_server(log, port=port))
        server.rate = 5
        with workers(1, environ | server.environ(), tmp_path):
            await eventually(lambda: sent(trade, BUYERS // 4), 120)
            server.tell("MAIL", "421 4.3.2 stopping")
            await eventually(lambda: nothing_under_way(trade), 60)
            await there.aclose()
            stopped = time.monotonic()
            await eventually(lambda: passed(stopped + AWAY), AWAY + 60)
            waiting = await trade.rows("outbox", kind="email", state={"$ne": "sent"})
            assert waiting and max(row["n"] for row in waiting) <= 1, "no attempt is burnt"
            async with fault_server(log, port=port):
                back = time.monotonic()
                await settled(trade, BACK_AT_MOST)
                resumed = time.monotonic() - back
    found = await judge(trade, log)
    note("mail server away 10 minutes", 0, 1, found, resumed)
    assert found.faults == (0, 0, 0) and found.sent == found.mails == BUYERS
    assert {one["status"] for one in await trade.rows("deliveries")} == {"sent"}
    assert not await trade.rows("event_log", action="outbox_channel_active"), "nobody did anything"


async def sent(trade: Trade, at_least: int) -> bool:
    return len(await trade.rows("outbox", kind="email", state="sent")) >= at_least


async def nothing_under_way(trade: Trade) -> bool:
    return not await trade.rows("outbox", kind="email", phase="data")


async def passed(moment: float) -> bool:
    return time.monotonic() > moment


@pytest.mark.parametrize("idempotent", [True, False])
async def test_the_leads_of_the_demonstration_through_an_interface_that_times_out_on_one_call_in_ten(
    trade: Trade,
    api: BuyerApi,
    idempotent: bool,
) -> None:
    await no_email(trade)
    client = await pushed(trade, api, idempotent=idempotent, duplicate={"statuses": [409]})
    one_in_ten(api)
    for one in Crowd(["nobody"], 1).people(300, datetime.now(UTC).isoformat()):
        kept = {"phone", "nom", "prenom", "email", "departement", "consent", "rgpd_consent"}
        await trade.lead(**{name: value for name, value in one.body.items() if name in kept})
    leads = len(await trade.rows("deliveries"))
    assert (await hand_over(trade)).handed_over == leads > 250
    await everything_answered(trade)
    doubtful = 0 if idempotent else leads // 10
    assert await states(trade) == Counter({"sent": leads - doubtful} | ({"uncertain": doubtful} if doubtful else {}))
    assert len({call.key for call in api.calls}) == len({call.json["telephone"] for call in api.calls}) == leads
    assert (len(api.calls) > leads) is idempotent, "repeated only where a repetition counts once"
    assert await sent_units(trade, client) == (leads - doubtful, leads - doubtful)
    measured(f"push of 300 demo leads, {'' if idempotent else 'not '}idempotent", delivered=leads - doubtful,
             uncertain=doubtful, calls=len(api.calls), twice=0)  # fmt: skip


async def everything_answered(trade: Trade) -> None:
    """Later attempts are due at once."""
    rows = trade.parts.mongo.collection("outbox")

    async def idle() -> bool:
        await rows.update_many({"state": "pending"}, {"$set": {"next_at": datetime(2000, 1, 1, tzinfo=UTC)}})
        return not await rows.count_documents({"state": {"$in": ["pending", "leased"]}})

    async with relaying(trade.parts.outbox):
        await eventually(idle, 900)
