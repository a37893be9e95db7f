"""The mail server is away during the daily run, then back: everything leaves once, and nobody does anything."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from backend.outbox.breaker import Breaker
from tests.support.outbox import eventually, relaying
from tests.support.smtp import mail_server
from tests.support.trade import Trade

SHORT = Breaker(
    after=3,
    first=timedelta(milliseconds=300),
    longest=timedelta(milliseconds=600),
    again=timedelta(milliseconds=200),
    probe=timedelta(seconds=3),
)


async def all_down(trade: Trade) -> bool:
    lines = {line["channel"]: line for line in await trade.parts.outbox.channels()}
    return {lines[f"smtp:{code}"]["state"] for code in ("ZR7", "MDL")} == {"down"}


async def all_sent(trade: Trade) -> bool:
    return {one["status"] for one in await trade.rows("deliveries")} == {"sent"}


async def test_a_mail_server_away_during_the_daily_run_costs_nothing(trade: Trade) -> None:
    parts = trade.parts
    parts.outbox.switch.breaker = SHORT
    for name, entity in (("Un", "ZR7"), ("Deux", "ZR7"), ("Trois", "ZR7"), ("Quatre", "MDL"), ("Cinq", "MDL")):
        await trade.buyer(name, entity, produit="PAC" if entity == "MDL" else "PV", quota_semaine=2)
    for produit in ("PV", "PV", "PV", "PV", "PV", "PAC", "PAC", "PAC"):
        await trade.lead(produit=produit)
    async with mail_server() as gone:
        gone.serve(parts)
    async with relaying(parts.outbox):
        assert (await parts.jobs.run_and_wait("daily_delivery", "test")).state == "success"
        await eventually(lambda: all_down(trade))
        line = next(one for one in await parts.outbox.channels() if one["channel"] == "smtp:ZR7")
        assert line["until"] is not None and "Connect call failed" in line["reason"]
        assert (await parts.outbox.health(parts.everyone))["status"] == "degraded"

        async def stopped_twice() -> bool:
            return bool((await trade.row("outbox_channels", _id="smtp:ZR7"))["trips"] >= 3)

        await eventually(stopped_twice)
        rows = await trade.rows("outbox", kind="email")
        assert {row["state"] for row in rows} <= {"pending", "leased"} and max(row["n"] for row in rows) == 1
        async with mail_server(port=gone.port) as back:
            await eventually(lambda: all_sent(trade))
    seen = Counter(message.message["Message-ID"] for message in back.messages)
    assert len(seen) == len(rows) == 5 and set(seen.values()) == {1}
    states = {line["channel"]: line["state"] for line in await parts.outbox.channels()}
    assert set(states.values()) == {"active"}
    assert not await trade.rows("event_log", action="outbox_channel_active")
