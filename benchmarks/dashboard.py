"""`make bench-dashboard`: every page in a real browser on a base of 100,000 leads and 500 clients.

Starts its own mongod, server and Chromium; fills the base (`benchmarks.fill`); opens each page cold three times, on the
biggest client, its biggest lot. Times are the page's own (`performance.now()`, from the start of its navigation),
median of the three: first rows, and settled, when no skeleton is left. Then each of its calls once more, alone and
warm (the server's share), and, where a list is searched, the slowest key: from its press to the paint that follows.
Machines are noisy: compare within one run.
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

from backend import bootstrap
from backend.core import log
from backend.core.mongo import Doc
from backend.server import create_app
from backend.settings import load
from benchmarks.fill import fill
from tests.browser.test_pages import PAGES
from tests.support.browser import Desk, chromium, desk, sign_in, site
from tests.support.mongod import running_mongod
from tests.support.people import headers, person
from tests.support.trade import Trade

LEADS, CLIENTS, OPENINGS, SLOW_MS = 100_000, 500, 3, 1_000
RESULTS = Path(__file__).parent / "results"
TEXT = "camille four"
WATCH = """() => {
    const seen = window.__seen = { rows: null, settled: null, task: 0, key: 0 };
    const has = selector => document.querySelector(selector) !== null;
    const look = () => {
        const busy = !has("h1") || has(".skeleton, [aria-busy=true]");
        seen.settled = busy ? null : seen.settled ?? performance.now();
        if (has("main :is([data-row], tbody tr):not(:has(.skeleton))")) seen.rows ??= performance.now();
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    const longest = (name, entries) => { for (const one of entries) seen[name] = Math.max(seen[name], one.duration); };
    new PerformanceObserver(list => longest("task", list.getEntries())).observe({ type: "longtask", buffered: true });
    new PerformanceObserver(list => longest("key", list.getEntries().filter(one => one.name.startsWith("key"))))
        .observe({ type: "event", durationThreshold: 16 });
}"""


@dataclass(frozen=True)
class Opening:
    page: str
    first_rows_ms: int
    """Of a table or a list; of the whole page where it has none."""
    settled_ms: int
    longest_task_ms: int
    """While it opens; 0: none of 50 ms or more."""
    calls: int
    slowest_call_ms: int
    """Alone and warm, from the request to the end of the answer."""
    slowest_call: str
    typing_ms: int | None
    """The slowest key, to its paint; 0: under 16 ms; None: the page has no search."""
    typing_task_ms: int | None


async def subjects(trade: Trade) -> dict[str, str]:
    """What the pages are opened on: the biggest client and what is its own."""
    clients = trade.parts.mongo.collection("clients")
    client = (await clients.find({}).sort("delivered_total", -1).to_list(1))[0]
    mine = {"client_id": client["id"]}
    batches = trade.parts.mongo.collection("delivery_batches")
    batch = (await batches.find(mine).sort("lead_count", -1).to_list(1))[0]
    delivery = await trade.row("deliveries", **mine, status="sent", current=True)
    found: dict[str, Doc] = {
        "client": client,
        "batch": batch,
        "delivery": delivery,
        "commande": await trade.row("commandes", **mine),
        "lead": await trade.row("leads", id=delivery["lead_id"]),
        "task": await trade.row("tasks"),
        "provider": await trade.row("providers", slug="leads-du-sud"),
    }
    return {name: one["id"] for name, one in found.items()}


async def opening(at: Desk, api: httpx.AsyncClient, page: str, path: str) -> Opening:
    calls = await at.calls_of(path)
    seen = [await _opened(at, path) for _ in range(OPENINGS)]
    rows = statistics.median(one["rows"] or one["settled"] for one in seen)
    settled = statistics.median(one["settled"] for one in seen)
    task = max(one["task"] for one in seen)
    took = {call: await _alone(api, call) for call in calls}
    slowest = max(took, key=lambda call: took[call])
    key, typed = await typing(at) or (None, None)
    return Opening(
        page,
        round(rows),
        round(settled),
        round(task),
        len(calls),
        round(took[slowest]),
        slowest.split("?")[0],
        key,
        typed,
    )


async def _opened(at: Desk, path: str) -> dict[str, float]:
    await at.page.goto("about:blank")
    await at.open(path)
    await at.page.wait_for_load_state("networkidle")
    await at.page.wait_for_function("() => window.__seen.settled !== null")
    seen: dict[str, float] = await at.page.evaluate("window.__seen")
    return seen


async def _alone(api: httpx.AsyncClient, call: str) -> float:
    """Median of three, in milliseconds, after one that warms it."""
    times = []
    for _ in range(4):
        start = time.perf_counter()
        (await api.get(call)).raise_for_status()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[1:])


async def typing(at: Desk) -> tuple[int, int] | None:
    search = at.page.locator("main input[type=search]")
    if not await search.count():
        return None
    await search.focus()
    await at.page.evaluate("() => { window.__seen.key = window.__seen.task = 0; }")
    await search.press_sequentially(TEXT, delay=60)
    await at.settled()
    await at.page.wait_for_load_state("networkidle")
    seen: dict[str, float] = await at.page.evaluate("window.__seen")
    return round(seen["key"]), round(seen["task"])


def versions(mongod: str, browser: str) -> dict[str, str | int | float | None]:
    return {
        "python": platform.python_version(),
        "mongod": mongod,
        "chromium": browser,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
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
        await fill(trade, leads, CLIENTS)
        await person(parts, "super_admin")
        print(f"{leads} leads, {CLIENTS} clients in {time.perf_counter() - start:.0f} s")
        await measure(trade, leads)
    await parts.mongo.client.drop_database("rdz_bench")
    await bootstrap.stop(parts)


async def measure(trade: Trade, leads: int) -> None:
    """Every page, on a base that is full."""
    parts, known = trade.parts, await subjects(trade)
    mongod = (await parts.mongo.client.server_info())["version"]
    async with chromium() as browser, site(create_app(parts=parts)) as address, desk(browser, address) as at:
        await sign_in(at, parts, "super_admin")
        await at.page.add_init_script(f"({WATCH})()")
        signed = await headers(parts, "super_admin", scope="BOTH")
        told, rows = versions(mongod, browser.version), []
        async with httpx.AsyncClient(base_url=address, headers=signed, timeout=60) as api:
            for page in PAGES:
                rows.append(await opening(at, api, page, page.format(**known)))
                tell(rows[-1])
        keep(rows, told, leads)


def tell(one: Opening) -> None:
    slow = "  <- slow" if one.first_rows_ms > SLOW_MS else ""
    typed = "" if one.typing_ms is None else f"  key {one.typing_ms} ms"
    print(
        f"{one.page:<46}{one.first_rows_ms:>6} ms{one.settled_ms:>6} ms  task{one.longest_task_ms:>5} ms"
        f"{one.calls:>3} calls{one.slowest_call_ms:>6} ms {one.slowest_call}{typed}{slow}",
        flush=True,
    )


def keep(rows: list[Opening], told: dict[str, str | int | float | None], leads: int) -> None:
    RESULTS.mkdir(exist_ok=True)
    body = {**told, "leads": leads, "clients": CLIENTS, "pages": [asdict(one) for one in rows]}
    (RESULTS / "dashboard.json").write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    with running_mongod() as url:
        asyncio.run(run(url, int(os.environ.get("LEADS", LEADS))))


if __name__ == "__main__":
    main()
