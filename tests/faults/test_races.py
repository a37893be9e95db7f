"""Tests 12 to 14 of reliability.md: races for a place, for a claim at the edges of its window, for a slot."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from pymongo.errors import DuplicateKeyError

from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.deliveries.store import DeliveriesStore
from tests.support.jobs import Probe, own_jobs
from tests.support.outbox import eventually
from tests.support.roles import KILLED, LEASE, processes, runner
from tests.support.trade import Trade

LONG = [pytest.mark.long, pytest.mark.timeout(3_600)]


@pytest.mark.parametrize(("leads", "at_once"), [(80, 16), pytest.param(1_000, 64, marks=LONG)])
async def test_racing_leads_fill_a_quota_and_never_pass_it(trade: Trade, leads: int, at_once: int) -> None:
    cap = leads // 2
    _, commande = await trade.buyer(quota_semaine=cap)
    turns = asyncio.Semaphore(at_once)

    async def one() -> None:
        async with turns:
            await trade.lead()

    await asyncio.gather(*(one() for _ in range(leads)))
    await trade.parts.leads.route_waiting({})
    ranks = sorted(delivery["rank"] for delivery in await trade.rows("deliveries"))
    assert ranks == list(range(1, cap + 1))
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == cap
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


@pytest.mark.parametrize(("edge", "free"), [(-1, True), (0, True), (1, False)])
async def test_twins_at_the_edge_of_the_window(trade: Trade, edge: int, free: bool) -> None:
    """A claim that ended `edge` seconds from now: exactly one of the twins takes it, or none."""
    parts, key, twins = trade.parts, f"client|PV|{new_id()}", 20
    store, now = DeliveriesStore(parts.mongo), parts.clock.now()
    old = {"_id": key, "until": now + timedelta(seconds=edge), "lead_id": "old", "delivery_id": "old"}
    await parts.mongo.collection("dedup_claims").insert_one(old)

    async def take(n: int) -> bool:
        async def work(tx: Tx) -> None:
            await store.claim(tx, key, f"lead{n}", f"delivery{n}", now)

        try:
            await parts.mongo.transaction(work, budget=20)
        except DuplicateKeyError:
            return False
        return True

    won = await asyncio.gather(*(take(n) for n in range(twins)))
    assert sum(won) == int(free)
    assert (await trade.row("dedup_claims", _id=key))["lead_id"] == (f"lead{won.index(True)}" if free else "old")


@pytest.mark.parametrize("slots", [6, pytest.param(200, marks=LONG)])
async def test_five_processes_whose_owners_die_do_each_slot_once(
    trade: Trade, environ: dict[str, str], slots: int
) -> None:
    jobs = own_jobs(trade.parts, Probe(trade.parts), lease=LEASE)
    for _ in range(slots):
        await jobs.run_now("probe", "ops@exemple.fr")
    with processes() as started:
        started += [runner(environ, crash_at=point) for point in ("in_txn", "after_commit:2", "after_commit", "", "")]
        await eventually(lambda: _all_done(trade), 600)
        dead = [one.exitcode for one in started if not one.is_alive()]
    assert dead and set(dead) == {KILLED}
    rows = await trade.rows("cron_logs")
    assert len(rows) == slots and all(row["fence"] == row["takeovers"] + 1 for row in rows)
    assert sum(row["takeovers"] for row in rows) >= len(dead), "one more for each pause of a busy machine"


async def _all_done(trade: Trade) -> bool:
    return {row["state"] for row in await trade.rows("cron_logs")} == {"success"}
