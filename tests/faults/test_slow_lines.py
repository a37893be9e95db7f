"""Tests 8 and 10 of reliability.md: the base behind a bad line, the mail server slower than what waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from backend.parametres.service import MAX_AGE
from tests.support.departure import settle
from tests.support.fault_smtp import fault_server
from tests.support.figures import measured, note, percentile
from tests.support.house import House, OwnMongod, house_on, own_mongod
from tests.support.load import asked, kept, submitting
from tests.support.oracle import judge, mails_in_line, settled
from tests.support.outbox import eventually
from tests.support.roles import CALM, processes, relay
from tests.support.servers import serving, workers
from tests.support.toxics import Bandwidth, Clean, Latency, Line, ResetPeer, Slicer, Toxic, proxy
from tests.support.trade import Trade

BAD = {"latency": Latency(0.03, 0.02), "bandwidth": Bandwidth(64_000), "slicer": Slicer(100), "reset": ResetPeer(40)}
WRITTEN = BAD | {"latency": Latency(0.5, 0.2), "reset": ResetPeer(200)}
MINUTES = 2.5  # each of the four: ten in all
SEED = 20260311


@pytest.fixture(scope="module")
def base() -> Iterator[OwnMongod]:
    with own_mongod() as one:
        yield one


@pytest.fixture
def line(base: OwnMongod) -> Iterator[Line]:
    with proxy(base.port, SEED) as one:
        yield one


@pytest_asyncio.fixture
async def house(line: Line, environ: dict[str, str]) -> AsyncIterator[House]:
    """Everything in it reaches its base by the line."""
    async with house_on(f"mongodb://127.0.0.1:{line.port}/?directConnection=true", environ) as one:
        yield one
        line.toxic = Clean()


async def test_bad_lines_to_the_base_lose_and_double_nothing(house: House, line: Line, tmp_path: Path) -> None:
    """Each kind of bad line in turn, while mails leave and leads arrive; the one that is cut comes last."""
    log, trade, slow = tmp_path / "taken.log", house.trade, 0
    await mails_in_line(trade, 4 * len(BAD))
    async with fault_server(log) as server:
        server.delay = 0.05
        with processes() as started:
            started += [relay(house.environ | server.environ(), at_once=1, lease=CALM) for _ in range(2)]
            async with submitting(trade) as answers:
                for n, toxic in enumerate(BAD.values(), 1):
                    slow, line.toxic = len(answers), toxic
                    await eventually(lambda so_far=slow: asked(answers, so_far + 5))  # type: ignore[misc]
                    await eventually(lambda mails=4 * n: sent(trade, mails))  # type: ignore[misc]
            line.toxic = Clean()
            await settled(trade)
    found = await judge(trade, log)
    assert found.faults == (0, 0, 0)
    await kept(trade, answers)
    assert {one.status_code for one in answers[:slow]} == {201}, "slow is not away"
    assert line.resets


async def test_those_who_wait_for_the_settings_share_one_reading(parts: Parts) -> None:
    """However slow the base: else each would read them again after the other, and a crowd never gets through."""
    readings, answered = list[float](), asyncio.Event()

    async def slow() -> dict[str, frozenset[str]]:
        readings.append(time.monotonic())
        await answered.wait()
        return {}

    parts.parametres.read_suppressed(slow)
    try:
        parts.parametres.forget()
        waiting = [asyncio.create_task(parts.parametres.current()) for _ in range(5)]
        await eventually(lambda: asked(readings, 1))
        await asyncio.sleep(1.1 * MAX_AGE)  # the reading takes longer than it may be kept
        answered.set()
        await asyncio.gather(*waiting)
    finally:
        parts.parametres.read_suppressed(parts.suppressions.addresses)
        parts.parametres.forget()
    assert len(readings) == 1


async def test_a_lead_is_kept_first_and_routed_after_where_each_question_costs(house: House, line: Line) -> None:
    trade = house.trade
    client, _ = await trade.buyer()
    line.toxic = Latency(0.4)
    await _read_the_settings(trade, 3)
    told = (await trade.submit()).json()
    line.toxic = Clean()
    assert told["status"] == "new"
    await settle(trade)
    assert (await trade.stored(told["lead_id"]))["delivery_client_id"] == client.id
    story = await trade.rows("event_log", entity_id=told["lead_id"])
    assert sorted(one["action"] for one in story) == ["lead_received", "lead_routed"]
    received = next(one for one in story if one["action"] == "lead_received")
    assert received["details"]["status"] == "new" and received["request_id"]
    await _read_the_settings(trade, 1)
    assert (await trade.lead())["status"] == "routed", "one quick answer is enough to trust it again"


async def _read_the_settings(trade: Trade, times: int) -> None:
    for _ in range(times):
        trade.parts.parametres.forget()
        await trade.parts.parametres.current()


async def sent(trade: Trade, at_least: int) -> bool:
    """Or in doubt: a line may be cut where nobody knows."""
    ended = {"kind": "email", "state": {"$in": ["sent", "uncertain"]}}
    return await trade.parts.mongo.collection("outbox").count_documents(ended) >= at_least


@pytest.mark.long
@pytest.mark.timeout(2_400)
async def test_ten_minutes_of_bad_lines(house: House, line: Line, tmp_path: Path) -> None:
    """Test 8 as written: a real server and a real worker, four callers, each kind of bad line in turn."""
    log, trade = tmp_path / "taken.log", house.trade
    await mails_in_line(trade, 1_000)
    async with fault_server(log) as server, serving(house.environ, tmp_path) as url, caller(trade, url) as door:
        with workers(1, house.environ | server.environ(), tmp_path):
            for name, toxic in WRITTEN.items():
                answers = await _a_while(door, line, toxic, MINUTES * 60)
                statuses = [one.status_code for one in answers]
                times = [one.elapsed.total_seconds() for one in answers]
                measured(f"8 {name}", leads=len(answers), refused_503=statuses.count(503),
                         p50=percentile(times, 0.5), p95=percentile(times, 0.95), resets=line.resets,
                         connections=line.peak)  # fmt: skip
                await kept(trade, answers)
                assert name == "reset" or set(statuses) == {201}, "no exhausted pool"
            await settled(trade, 600)
    found = await judge(trade, log)
    note("8 slow base, 10 minutes", SEED, line.resets, found, 0.0)
    assert found.faults == (0, 0, 0)


async def _a_while(door: Trade, line: Line, toxic: Toxic, seconds: float) -> list[httpx.Response]:
    line.toxic = toxic
    until = time.monotonic() + seconds

    async def over() -> bool:
        return time.monotonic() > until

    async with AsyncExitStack() as stack:
        given = [await stack.enter_async_context(submitting(door)) for _ in range(4)]
        await eventually(over, seconds + 60)
    line.toxic = Clean()
    return [answer for answers in given for answer in answers]


@asynccontextmanager
async def caller(trade: Trade, url: str) -> AsyncIterator[Trade]:
    """The same trade, whose leads come in by a real server."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=180) as http:
        yield replace(trade, http=http)


async def test_a_throttled_relay_gets_all_of_a_backlog_once(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "taken.log"
    await mails_in_line(trade, 40)
    async with fault_server(log) as server:
        server.rate = 40
        with processes() as started:
            started.append(relay(environ | server.environ(), at_once=8, lease=CALM))
            async with submitting(trade, produit="PAC") as answers:
                await settled(trade)
                await eventually(lambda: asked(answers, 5))
    found = await judge(trade, log)
    assert found.faults == (0, 0, 0) and found.sent == 40
    assert {one.status_code for one in answers} == {201}
    await kept(trade, answers)


@pytest.mark.long
@pytest.mark.timeout(3_600)
async def test_ten_thousand_mails_through_a_relay_that_takes_twenty_a_second(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    """Test 10 as written, with one `rdz serve` and one `rdz worker`."""
    log, moments = tmp_path / "taken.log", list[float]()
    await mails_in_line(trade, 10_000)
    async with fault_server(log) as server, serving(environ, tmp_path) as url, caller(trade, url) as door:
        server.rate, server.on_dot = 20, lambda: moments.append(time.monotonic())
        async with submitting(door, produit="PAC") as before:
            await eventually(lambda: asked(before, 600), 300)
        with workers(1, environ | server.environ(), tmp_path):
            async with submitting(door, produit="PAC") as during:
                await settled(trade, 2_400)
    found = await judge(trade, log)
    times = [[one.elapsed.total_seconds() for one in answers] for answers in (before, during)]
    measured("10 throttled relay", mails=len(moments), a_second=f"{len(moments) / (moments[-1] - moments[0]):.2f}",
             API_p95_before=percentile(times[0], 0.95), during=percentile(times[1], 0.95),
             p50_before=percentile(times[0], 0.5), p50_during=percentile(times[1], 0.5))  # fmt: skip
    note("10 throttled relay", 0, 0, found, 0.0)
    assert found.faults == (0, 0, 0) and found.sent == 10_000
    assert {one.status_code for one in (*before, *during)} == {201}
