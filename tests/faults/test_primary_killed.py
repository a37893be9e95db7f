"""Three `mongod` on loopback, the primary killed in the middle of the daily run, and again while its mails leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.fault_smtp import fault_server, taken
from tests.support.figures import note
from tests.support.house import House, house_on
from tests.support.load import PAUSE, kept, submitting
from tests.support.oracle import judge, settled
from tests.support.outbox import eventually
from tests.support.replicas import Replicas, replicas
from tests.support.roles import CALM, processes, relay, scheduler
from tests.support.servers import workers
from tests.support.trade import Trade

QUICK_ELECTION, USUAL_ELECTION = 1_500, 10_000  # ms; MongoDB's own default is the second
PATIENCE = 900.0  # seconds: an election, and the lease of 60 s of a run that it interrupted; on a busy machine
SIZES = [
    pytest.param(QUICK_ELECTION, 60, 12, False),
    pytest.param(USUAL_ELECTION, 2_000, 100, True, marks=[pytest.mark.long, pytest.mark.timeout(2_400)]),
]


@pytest.fixture
def three(election_ms: int) -> Iterator[Replicas]:
    with replicas(election_ms) as one:
        yield one


@pytest_asyncio.fixture
async def house(three: Replicas, environ: dict[str, str]) -> AsyncIterator[House]:
    async with house_on(three.url, environ) as one:
        yield one


@contextmanager
def at_work(environ: Mapping[str, str], folder: Path, *, real: bool) -> Iterator[None]:
    """Two processes that send and one that runs what is due; `real`: two `rdz worker`, which do both."""
    if real:
        with workers(2, environ, folder):
            yield
        return
    with processes() as started:
        started.append(scheduler(environ))
        started += [relay(environ, lease=CALM) for _ in range(2)]
        yield


@pytest.mark.parametrize(("election_ms", "leads", "buyers", "real"), SIZES)
async def test_the_primary_is_killed_during_the_daily_run(
    house: House, three: Replicas, tmp_path: Path, leads: int, buyers: int, real: bool
) -> None:
    log, trade = tmp_path / "taken.log", house.trade
    await trade.market(leads, buyers)
    await trade.parts.jobs.run_now("daily_delivery", "ops@exemple.fr")
    async with fault_server(log) as server, submitting(trade, 0.5 if real else PAUSE, produit="PAC") as answers:
        server.delay = 0.05
        with at_work(house.environ | server.environ(), tmp_path, real=real):
            await eventually(lambda: reached(trade, "deliveries", leads // 3), PATIENCE)
            dead = await three.kill_primary()
            await three.back(dead)
            await eventually(lambda: reached(trade, "outbox", buyers // 3, kind="email", state="sent"), PATIENCE)
            await three.kill_primary()
            await eventually(lambda: run_is_over(trade), PATIENCE)
            await settled(trade, PATIENCE)
    found = await judge(trade, log)
    note(f"primary of three killed, {leads} leads", 0, 2, found, 0.0)
    assert found.faults == (0, 0, 0)
    assert found.mails == buyers and found.sent + found.uncertain == buyers
    await each_lead_once(trade, log, leads)
    await kept(trade, answers)


async def reached(trade: Trade, collection: str, number: int, **query: object) -> bool:
    return await trade.parts.mongo.collection(collection).count_documents(query) >= number


async def run_is_over(trade: Trade) -> bool:
    slots = await trade.rows("cron_logs", job="daily_delivery", asked_for=True)
    assert {slot["state"] for slot in slots} <= {"due", "running", "success"}, slots
    return [slot["state"] for slot in slots] == ["success"]


async def each_lead_once(trade: Trade, log: Path, leads: int) -> None:
    """What the server took, file by file: every lead that was for sale, and none twice."""
    accepted = taken(log)
    files = [row["payload"]["csv"] for row in await trade.rows("outbox", kind="email") if row["message_id"] in accepted]
    lines = Counter(line for file in files for line in file.splitlines()[1:])
    doubtful = await trade.rows("deliveries", status="uncertain")
    assert set(lines.values()) == {1} and leads - len(doubtful) <= len(lines) <= leads
    wanted = await trade.rows("leads", produit="PV")
    assert len(wanted) == leads
    assert sum(lead["status"] == "livre" for lead in wanted) == leads - len(doubtful)
