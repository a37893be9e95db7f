"""`make bench-dashboard`: every page in a real browser on a base of 100,000 leads and 500 clients.

Starts its own mongod, server and Chromium; fills the base with copies of documents that the house itself made. Per
page: milliseconds until the last skeleton is gone (median of three cold openings), calls to the API, and, where a list
is searched, the longest task while typing. Machines are noisy: compare within one run.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import statistics
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.async_api import Request

from backend import bootstrap, tables
from backend.core import log
from backend.core.indexes import merged
from backend.server import create_app
from backend.settings import load
from tests.browser.house import Ids, treasury, workshop
from tests.browser.test_pages import PAGES, filled
from tests.support.browser import Desk, chromium, desk, sign_in, site
from tests.support.crowd import crowd
from tests.support.mongod import running_mongod
from tests.support.people import person
from tests.support.trade import Trade

LEADS, CLIENTS, OPENINGS, SLOW_MS = 100_000, 500, 3, 1_000
BIG = {
    "leads",
    "deliveries",
    "event_log",
    "lead_routing",
    "billing_ledger",
    "outbox",
    "outbox_attempts",
    "delivery_batches",
}
CHUNK = 5_000
RESULTS = Path(__file__).parent / "results"
WATCH = """() => { window.__tasks = []; new PerformanceObserver(seen => window.__tasks.push(...seen.getEntries().map(
    one => one.duration))).observe({ type: "longtask", buffered: false }); }"""


@dataclass(frozen=True)
class Opening:
    page: str
    first_rows_ms: int
    calls: int
    slowest_call_ms: int
    """As the browser waited for its first byte."""
    typing_ms: int | None
    """The longest task while typing; None: the page has no search."""


async def fill(trade: Trade, leads: int) -> Ids:
    """A house at work, then copies of what it holds."""
    async with workshop(trade) as ids:
        ids = await treasury(trade, ids)
    names = set(merged(tables.INDEXES))
    held = {one for one in names if await trade.parts.mongo.collection(one).find_one({})}
    await crowd(
        trade.parts, but=(names - held) | (names - {"clients", "commandes", "invoices", "providers"}), size=CLIENTS
    )
    for first in range(0, leads, CHUNK):
        await crowd(trade.parts, but=names - (BIG & held), size=CHUNK, first=first)
    return ids


async def opening(at: Desk, trade: Trade, page: str) -> Opening:
    path = await filled(trade, page)
    times: list[float] = []
    for _ in range(OPENINGS):
        await at.page.goto("about:blank")
        start = time.perf_counter()
        await at.open(path)
        times.append((time.perf_counter() - start) * 1000)
    waits: list[float] = []
    at.page.on("requestfinished", note := lambda one: waits.append(_wait(one)))
    calls = await at.calls_of(path)
    at.page.remove_listener("requestfinished", note)
    return Opening(page, round(statistics.median(times)), len(calls), round(max(waits)), await typing(at))


def _wait(request: Request) -> float:
    timing = request.timing
    return timing["responseStart"] - timing["requestStart"] if "/api/" in request.url else 0.0


async def typing(at: Desk) -> int | None:
    search = at.page.locator("main input[type=search]")
    if not await search.count():
        return None
    await at.page.evaluate(WATCH)
    await search.press_sequentially("camille four", delay=60)
    await at.settled()
    await at.page.wait_for_load_state("networkidle")
    tasks: list[float] = await at.page.evaluate("window.__tasks")
    return round(max(tasks, default=0))


def versions(mongod: str, browser: str) -> dict[str, str | int | None]:
    return {
        "python": platform.python_version(),
        "mongod": mongod,
        "chromium": browser,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


async def run(url: str, leads: int) -> None:
    environ = {"APP_ENV": "test", "MONGO_URL": url, "DB_NAME": "rdz_bench", "BACKEND_URL": "http://127.0.0.1:8001",
               "JWT_SECRET": "for-benches-only-0123456789-0123456789", "LOG_LEVEL": "ERROR"}  # fmt: skip
    log.configure("ERROR", pretty=False)
    parts = bootstrap.build(load(environ))
    await bootstrap.start(parts)
    await parts.clock.move_to(parts.mongo, datetime(2026, 3, 11, 9, 0, tzinfo=UTC))
    transport = httpx.ASGITransport(create_app(parts=parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as http:
        trade = Trade(parts, http)
        start = time.perf_counter()
        await fill(trade, leads)
        await person(parts, "super_admin")
        print(f"{leads} leads, {CLIENTS} clients in {time.perf_counter() - start:.0f} s")
        mongod = (await parts.mongo.client.server_info())["version"]
        async with chromium() as browser, site(create_app(parts=parts)) as address, desk(browser, address) as at:
            await sign_in(at, parts, "super_admin")
            rows = []
            for page in PAGES:
                rows.append(await opening(at, trade, page))
                tell(rows[-1])
            keep(rows, versions(mongod, browser.version), leads)
    await parts.mongo.client.drop_database("rdz_bench")
    await bootstrap.stop(parts)


def tell(one: Opening) -> None:
    slow = "  <- slow" if one.first_rows_ms > SLOW_MS else ""
    typed = "" if one.typing_ms is None else f"{one.typing_ms:>8} ms"
    print(
        f"{one.page:<52}{one.first_rows_ms:>7} ms{one.calls:>4} calls{one.slowest_call_ms:>7} ms{typed}{slow}",
        flush=True,
    )


def keep(rows: list[Opening], told: dict[str, str | int | None], leads: int) -> None:
    RESULTS.mkdir(exist_ok=True)
    body = {**told, "leads": leads, "clients": CLIENTS, "pages": [asdict(one) for one in rows]}
    (RESULTS / "dashboard.json").write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    with running_mongod() as url:
        asyncio.run(run(url, int(os.environ.get("LEADS", LEADS))))


if __name__ == "__main__":
    main()
