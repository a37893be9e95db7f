"""Test 22 of reliability.md: processes stopped one after the other (SIGTERM) while leads arrive and leave."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from backend.core.ids import new_id
from tests.support.fault_smtp import fault_server
from tests.support.oracle import judge, mails_in_line, settled
from tests.support.outbox import eventually
from tests.support.roles import CALM, processes, relay
from tests.support.servers import serving
from tests.support.trade import Trade, phone


async def submit(http: httpx.AsyncClient, urls: list[str]) -> httpx.Response:
    """A cut connection is tried on the next instance, under the same idempotency key."""
    key = {"Idempotency-Key": new_id()}
    body = {"phone": phone(), "nom": "Durand", "departement": "75", "entity": "ZR7", "produit": "PV"}
    for url in list(urls):
        try:
            return await http.post(f"{url}/api/public/leads", json=body, headers=key)
        except httpx.TransportError:
            continue
    raise AssertionError("nobody answers")


async def at_work(trade: Trade, owner: str) -> bool:
    return bool(await trade.rows("outbox", owner=owner) or await trade.rows("outbox_attempts", owner=owner))


async def test_a_rolling_stop_refuses_no_lead_and_leaves_no_doubt(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    log, answers, stop = tmp_path / "taken.log", list[httpx.Response](), asyncio.Event()
    await mails_in_line(trade, 60)
    async with fault_server(log) as server, httpx.AsyncClient(trust_env=False, timeout=30) as http:
        server.delay = 0.1
        with processes() as started:
            first, second = AsyncExitStack(), AsyncExitStack()
            urls = list(
                await asyncio.gather(
                    first.enter_async_context(serving(environ, tmp_path)),
                    second.enter_async_context(serving(environ, tmp_path)),
                )
            )

            async def load() -> None:
                while not stop.is_set():
                    answers.append(await submit(http, urls))

            loading = asyncio.create_task(load())
            for _ in range(3):
                started.append(one := relay(environ | server.environ(), lease=CALM))
                await eventually(lambda name=f"worker-{one.pid}": at_work(trade, name))  # type: ignore[misc]
                started[-1].terminate()
                await asyncio.to_thread(started[-1].join, 60)
                assert started[-1].exitcode == 0
            await first.aclose()
            started.append(relay(environ | server.environ(), lease=CALM))
            await settled(trade)
            stop.set()
            await loading
            await second.aclose()
    assert len(answers) > 10 and {one.status_code for one in answers} <= {200, 201}
    assert len(await trade.rows("leads")) == len(answers) + 30
    found = await judge(trade, log)
    assert found.faults == (0, 0, 0) and found.uncertain == 0
