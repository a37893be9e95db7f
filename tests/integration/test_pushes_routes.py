"""The settings of a client's own HTTP interface, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from tests.support.buyer_api import BuyerApi, buyer_api
from tests.support.people import headers
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BuyerApi]:
    async with buyer_api() as server:
        yield server


class Desk:
    def __init__(self, http: httpx.AsyncClient, who: dict[str, str], client_id: str) -> None:
        self._http = http
        self._who = who
        self._path = f"/api/clients/{client_id}/push"

    async def put(self, **body: Any) -> httpx.Response:
        return await self._http.put(self._path, json={"enabled": True, **body}, headers=self._who)

    async def get(self) -> httpx.Response:
        return await self._http.get(self._path, headers=self._who)

    async def test(self) -> httpx.Response:
        return await self._http.post(f"{self._path}/test", headers=self._who)


@pytest_asyncio.fixture
async def desk(trade: Trade, http: httpx.AsyncClient) -> Desk:
    client = await trade.client()
    return Desk(http, await headers(trade.parts, "admin", "ZR7"), client.id)


async def test_the_settings_are_saved_and_the_secret_never_shown(desk: Desk, api: BuyerApi, parts: Parts) -> None:
    given = {"url": api.url, "auth": "hmac", "secret": "whsec_c2VjcmV0", "mapping": {"tel": "phone"},
             "idempotent": True, "duplicate": {"statuses": [409]}}  # fmt: skip
    saved = await desk.put(**given)
    assert saved.status_code == 200, saved.text
    shown = (await desk.get()).json()
    assert shown == saved.json()["push"]
    assert (shown["url"], shown["has_secret"], shown["mapping"]) == (api.url, True, {"tel": "phone"})
    assert shown["rules"]["duplicate"] == {"statuses": [409], "markers": []} and shown["proof_used"] == "email"
    assert "whsec" not in saved.text
    logged = [doc async for doc in parts.mongo.collection("event_log").find({"action": "client_push_changed"})]
    assert len(logged) == 1 and "whsec" not in str(logged)
    kept = await desk.put(auth="hmac")
    assert kept.json()["push"]["has_secret"] is True and kept.json()["push"]["url"] == api.url
    assert (await desk.put(auth="hmac", secret="")).status_code == 422


async def test_a_test_call_carries_an_invented_lead_and_tells_the_answer(desk: Desk, api: BuyerApi) -> None:
    assert (await desk.test()).status_code == 409
    await desk.put(url=api.url, auth="bearer", secret="k")
    answer = (await desk.test()).json()
    assert (answer["success"], answer["outcome"], answer["answer"]) == (True, "accepted", '200 {"status": "ok"}')
    [call] = api.calls
    assert call.json["test"] is True and call.json["nom"] == "TEST" and call.headers["authorization"] == "Bearer k"
    api.answer = lambda _: (422, "bad field", {})
    assert (await desk.test()).json()["outcome"] == "refused"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://169.254.169.254/"}, "url"),
        ({"url": "http://api.client.fr/"}, "url"),
        ({"url": "https://a:b@api.client.fr/"}, "url"),
        ({"url": "http://127.0.0.1:9/", "auth": "bearer"}, "secret"),
        ({"url": "http://127.0.0.1:9/", "auth": "basic", "secret": "s"}, "username"),
        ({"url": "http://127.0.0.1:9/", "auth": "header", "secret": "s"}, "header_name"),
        ({"url": "http://127.0.0.1:9/", "auth": "header", "secret": "s", "header_name": "Host"}, "header_name"),
        ({"url": "http://127.0.0.1:9/", "auth": "header", "secret": "s", "header_name": "a b"}, "header_name"),
        ({"url": "http://127.0.0.1:9/", "auth": "bearer", "secret": "é"}, "secret"),
        ({"url": "http://127.0.0.1:9/", "mapping": {"x": "iban"}}, "mapping"),
        ({"url": "http://127.0.0.1:9/", "per_call": "week"}, "per_call"),
        ({"url": "http://127.0.0.1:9/", "refused": {"statuses": [99]}}, "refused"),
        ({"url": "http://127.0.0.1:9/", "unknown": 1}, "unknown"),
    ],
)
async def test_settings_that_cannot_work_are_refused_by_field(desk: Desk, given: dict[str, Any], field: str) -> None:
    answer = await desk.put(**given)
    assert answer.status_code == 422, answer.text
    assert any(name.startswith(field) for name in answer.json()["detail"]), answer.text


async def test_production_refuses_this_machine_at_save(desk: Desk, api: BuyerApi, parts: Parts) -> None:
    parts.pushes.door.loopback = False
    try:
        refused = [await desk.put(url=url) for url in (api.url, api.url.replace("http", "https"))]
    finally:
        parts.pushes.door.loopback = True
    assert [answer.status_code for answer in refused] == [422, 422] and api.connections == 0
