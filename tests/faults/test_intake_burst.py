"""Tests 1 and 11 of reliability.md at the way in: leads asked several times, a server killed before its answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from backend import bootstrap
from backend.core.ids import new_id
from backend.server import create_app
from tests.support.burst import Caller
from tests.support.figures import measured, percentile
from tests.support.mongod import free_port
from tests.support.roles import KILLED, processes, server
from tests.support.servers import healthy, several
from tests.support.trade import Trade, phone

TIMES = 3


async def test_a_burst_of_each_lead_three_times_at_two_servers_stores_it_once(trade: Trade) -> None:
    leads = 40
    _, commande = await trade.buyer(quota_semaine=leads // 2)
    asks = [({"Idempotency-Key": new_id()}, {"phone": phone()}) for _ in range(leads)]
    other = bootstrap.build(trade.parts.settings)
    transport = httpx.ASGITransport(create_app(parts=other), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://other") as http:
        await other.clock.refresh(other.mongo)
        both = [trade, Trade(other, http)]
        turns = [(both[(n + k) % 2], ask) for n, ask in enumerate(asks) for k in range(TIMES)]
        answers = await asyncio.gather(*(one.submit(key, **body) for one, (key, body) in turns))
        await bootstrap.stop(other)
    assert Counter(one.status_code for one in answers) == {201: leads, 200: leads * (TIMES - 1)}
    stored = {lead["id"] for lead in await trade.rows("leads")}
    assert len(stored) == leads == len({one.json()["lead_id"] for one in answers})
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == leads // 2
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


async def test_a_server_killed_after_its_commit_has_kept_the_lead_that_it_could_not_answer(
    trade: Trade, environ: dict[str, str]
) -> None:
    """The caller, cut, asks again under its key: the first answer, one lead, one place."""
    await trade.buyer()
    asks = [({"Idempotency-Key": new_id()}, {"phone": phone()}) for _ in range(4)]
    url = f"http://127.0.0.1:{(port := free_port())}"
    with processes() as started:
        started.append(server(environ, port, crash_at="after_intake_commit"))
        await healthy(url, started[0].is_alive)
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
            doomed = Trade(trade.parts, http)
            cut = await asyncio.gather(*(doomed.submit(key, **body) for key, body in asks), return_exceptions=True)
        await asyncio.to_thread(started[0].join, 60)
        assert started[0].exitcode == KILLED
    assert all(isinstance(one, httpx.TransportError) for one in cut)
    before = len(await trade.rows("leads"))
    assert before >= 1
    again = [await trade.submit(key, **body) for key, body in asks]
    assert Counter(one.status_code for one in again) == {200: before, 201: len(asks) - before}
    known = [one.json() for one in again if one.status_code == 200]
    assert all((one["status"], one["first_status"]) == ("double_submit", "routed") for one in known), known
    assert len(await trade.rows("leads")) == len(await trade.rows("deliveries")) == len(asks)
    assert (await trade.row("quota_counters"))["used"] == len(asks)


@pytest.mark.long
@pytest.mark.timeout(2_400)
@pytest.mark.parametrize(("leads", "seconds"), [(10_000, 60.0)])
async def test_ten_thousand_leads_each_three_times_in_a_minute(
    trade: Trade, environ: dict[str, str], tmp_path: Path, leads: int, seconds: float
) -> None:
    """Test 11 as written, on two servers. The third asking goes to the server of the first."""
    for n in range(10):
        await trade.buyer(f"Acheteur {n}", quota_semaine=leads // 20)
    async with several(2, environ, tmp_path) as urls:
        caller = Caller(urls, connections=24)
        began = time.monotonic()

        async def lead(n: int) -> None:
            await asyncio.sleep(began + n * seconds / leads - time.monotonic())
            body = {"phone": phone(), "nom": "Durand", "departement": "75", "entity": "ZR7", "produit": "PV"}
            key = new_id()
            await asyncio.gather(*(caller.post(n + k, "/api/public/leads", body, key) for k in range(TIMES)))

        await asyncio.gather(*(lead(n) for n in range(leads)))
        took = time.monotonic() - began
        caller.close()
    statuses = Counter(one.status for one in caller.answers)
    measured(f"11 burst of {leads} leads, {TIMES} times each", asked_in=f"{seconds:.0f} s", answered_in=f"{took:.0f} s",
             p50=percentile((one.seconds for one in caller.answers), 0.5),
             p95=percentile((one.seconds for one in caller.answers), 0.95), answers=dict(statuses))  # fmt: skip
    assert statuses[201] == leads and statuses[200] == leads * (TIMES - 1)
    assert not [status for status in statuses if status >= 500]
    assert len(await trade.rows("leads")) == leads
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]
