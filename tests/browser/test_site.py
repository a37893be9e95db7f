"""The `frontend` program: what it weighs, how it is kept, what it lets a page do, how it forwards the API."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from backend.frontend import create_app
from tests.support.browser import BUILT, serving
from tests.support.mongod import free_port
from tests.support.operator import ROOT

COLD_KB, ROUTE_KB = 250, 120
Manifest = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    told: Manifest = json.loads((BUILT / ".vite/manifest.json").read_text())
    return told


def reached(manifest: Manifest, *starts: str) -> set[str]:
    """The chunks that come with these, not those fetched later."""
    seen: set[str] = set()
    left = list(starts)
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += manifest[one].get("imports", [])
    return seen


def kb(manifest: Manifest, chunks: set[str]) -> float:
    files = {manifest[one]["file"] for one in chunks if manifest[one]["file"].endswith(".js")}
    return sum(len(gzip.compress((BUILT / file).read_bytes(), 9)) for file in files) / 1000


def entry(manifest: Manifest) -> str:
    return next(name for name, one in manifest.items() if one.get("isEntry"))


def routes(manifest: Manifest) -> Iterator[str]:
    text = (ROOT / "frontend/src/app/routes.tsx").read_text()
    for path in sorted(set(re.findall(r'import\("@/(features/[\w/]+)"\)', text))):
        yield f"src/{path}.tsx"


def test_a_cold_cockpit_and_each_further_page_are_light(manifest: Manifest) -> None:
    start = entry(manifest)
    shell = reached(manifest, start)
    cold = kb(manifest, reached(manifest, start, "src/features/cockpit/CockpitPage.tsx"))
    heavy = {"cockpit": cold} if cold > COLD_KB else {}
    for page in routes(manifest):
        own = reached(manifest, page) - shell
        later = {one for chunk in own for one in manifest[chunk].get("dynamicImports", [])}
        weight = kb(manifest, (own | reached(manifest, *later)) - shell)
        if weight > ROUTE_KB:
            heavy[page] = weight
    assert heavy == {}


@pytest_asyncio.fixture
async def front() -> AsyncIterator[httpx.AsyncClient]:
    """The site before an API that echoes, and that streams one line then waits to be left."""
    left = asyncio.Event()

    async def echo(request: Request) -> JSONResponse:
        body = (await request.body()).decode()
        return JSONResponse({"path": request.url.path, "query": request.url.query, "method": request.method,
                             "body": body, "cookie": request.headers.get("cookie", "")}, 207)  # fmt: skip

    async def stream(_request: Request) -> StreamingResponse:
        async def lines() -> AsyncIterator[bytes]:
            yield b"data: first\n\n"
            await left.wait()
            yield b"data: second\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    async def leave(_request: Request) -> JSONResponse:
        left.set()
        return JSONResponse({})

    methods = ["GET", "POST", "PUT", "DELETE"]
    api = Starlette(
        routes=[
            Route("/api/stream", stream),
            Route("/api/leave", leave),
            Route("/api/{path:path}", echo, methods=methods),
        ]
    )
    back, web = free_port(), free_port()
    site = create_app(BUILT, f"http://127.0.0.1:{back}")
    async with serving(api, back), serving(site, web), httpx.AsyncClient(base_url=f"http://127.0.0.1:{web}") as one:
        yield one


async def test_files_are_kept_as_long_as_their_name_says(front: httpx.AsyncClient, manifest: Manifest) -> None:
    hashed = await front.get(f"/{manifest[entry(manifest)]['file']}")
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["content-encoding"] == "gzip"
    for path in ("/", "/index.html", "/admin/leads", "/admin/leads/x?entite=ZR7", "/favicon.svg", "/theme.js"):
        assert (await front.get(path)).headers["cache-control"] == "no-cache", path
    page = await front.get("/admin/nulle-part")
    assert page.status_code == 200 and '<div id="root">' in page.text
    again = await front.get("/", headers={"If-None-Match": (await front.get("/")).headers["etag"]})
    assert again.status_code == 304
    gone = await front.get("/assets/old-00000000.js")
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-store")
    assert '<div id="root">' in (await front.get("/.vite/manifest.json")).text, "not served"


async def test_a_page_may_only_run_our_own_scripts(front: httpx.AsyncClient) -> None:
    headers = (await front.get("/")).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["script-src"] == policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*\bsrc=)", (await front.get("/")).text)


async def test_the_api_is_forwarded_as_it_came_and_streams_as_they_come(front: httpx.AsyncClient) -> None:
    answer = await front.post("/api/a%20b/c?x=1&x=2", content='{"a": 1}', headers={"Cookie": "rdz=t"})
    assert answer.status_code == 207
    assert answer.json() == {"path": "/api/a b/c", "query": "x=1&x=2", "method": "POST", "body": '{"a": 1}',
                             "cookie": "rdz=t"}  # fmt: skip
    async with front.stream("GET", "/api/stream") as stream:
        lines = stream.aiter_lines()
        assert await anext(lines) == "data: first", "it came before the end"
        await front.get("/api/leave")
        assert [line async for line in lines if line] == ["data: second"]
