"""Whatever is sent, the answer is a 4xx that says in French what is wrong, and nothing is stored.

Generated from the OpenAPI: a new route is covered the day it is written.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from backend.server import create_app
from backend.settings import load
from tests.support import malformed
from tests.support.malformed import Operation
from tests.support.people import headers
from tests.support.trade import Trade

SPEC = create_app(
    load({"APP_ENV": "test", "BACKEND_URL": "http://127.0.0.1:8001", "DB_NAME": "never_reached",
          "JWT_SECRET": "for-tests-only-0123456789-0123456789-abc"})
).openapi()  # fmt: skip
OPERATIONS = malformed.operations(SPEC)
CODES = {
    "unauthenticated", "forbidden", "not_found", "invalid_input", "invalid_state", "duplicate", "has_dependents",
    "entity_required", "rate_limited", "payload_too_large", "method_not_allowed", "invalid_api_key",
}  # fmt: skip
ENGLISH = re.compile(r"\b(should|must|input|value|invalid|error|required|not|the|is|are|or|expected)\b", re.IGNORECASE)
QUOTED = re.compile(r"'[a-z_]+'")
KEPT_ASIDE = {"sessions", "system_config", "intake_refusals", "login_failures"}
IGNORED = "Accepté, ignoré"
OPAQUE = {"password", "current_password", "new_password", "refresh_token"}  # any text: hashed or compared, never kept


def complaint(answer: httpx.Response) -> str | None:
    """What is wrong with a refusal; None when it is a good one."""
    if not 400 <= answer.status_code < 500:
        return f"{answer.status_code}"
    body = answer.json()
    told = body["detail"].values() if isinstance(body["detail"], dict) else [body["detail"]]
    if not body["request_id"] or body["error"] not in CODES:
        return f"{answer.status_code} {body}"
    if not told or any(not isinstance(one, str) or ENGLISH.search(QUOTED.sub("", one)) for one in told):
        return f"{answer.status_code} in which language? {body['detail']}"
    return None


class Sender:
    """Sends what is wrong as a super administrator and collects what was not refused as it must be."""

    def __init__(self, http: httpx.AsyncClient, signed: dict[str, str]) -> None:
        self._http = http
        self._signed = signed
        self.complaints: list[str] = []

    async def send(self, one: Operation, url: str, body: str | bytes | None = None, *, field: str = "") -> None:
        signed = self._signed | ({} if body is None else {"Content-Type": "application/json"})
        answer = await self._http.request(one.method, url, headers=signed, content=body)
        wrong = complaint(answer)
        if wrong is None and field and field not in OPAQUE and "JSON illisible." not in answer.text:
            detail = answer.json()["detail"]
            named = isinstance(detail, dict) and field in {key.split(".")[0] for key in detail}
            wrong = None if named and answer.status_code == 422 else f"{field} not named: {detail}"
        if wrong:
            self.complaints.append(f"{one.method} {url[:200]} {str(body)[:80]}: {wrong}")

    async def fields(self, one: Operation, body: dict[str, Any]) -> None:
        for field, schema in malformed.fields(body, SPEC).items():
            values = [] if schema.get("description") == IGNORED else malformed.bad_values(schema, SPEC)
            for value in values:
                if not (value == "null" and one.public):
                    await self.send(one, one.at("inconnu"), f'{{"{field}": {value}}}', field=field)

    async def bodies(self, one: Operation) -> None:
        for body in malformed.BODIES:
            if not (one.public and "_inconnu" in body):
                await self.send(one, one.at("inconnu"), body)
        await self.send(one, one.at("inconnu"), b"\xff\xfe")
        await self.send(one, one.at("inconnu"), '{"a":"' + "x" * 1_048_577 + '"}')

    async def addresses(self, one: Operation) -> None:
        for value in malformed.IDS if "{" in one.path else ():
            await self.send(one, one.at(value))

    async def queries(self, one: Operation) -> None:
        for parameter in one.query:
            for value in malformed.refused_text(parameter, SPEC):
                await self.send(one, f"{one.at('inconnu')}?{parameter['name']}={quote(value)}")


async def counts(trade: Trade) -> dict[str, int]:
    names = sorted(set(await trade.parts.mongo.db.list_collection_names()) - KEPT_ASIDE)
    return {name: await trade.parts.mongo.collection(name).count_documents({}) for name in names}


AREAS = sorted({one.area for one in OPERATIONS})


@pytest.mark.parametrize("area", AREAS)
async def test_what_is_malformed_is_refused_and_leaves_no_trace(trade: Trade, area: str) -> None:
    await trade.buyer()
    await trade.lead()
    tell = Sender(trade.http, await headers(trade.parts, "super_admin"))
    before = await counts(trade)
    for one in OPERATIONS:
        if one.area == area:
            await tell.addresses(one)
            await tell.queries(one)
            if one.body is not None:
                await tell.fields(one, one.body)
                await tell.bodies(one)
    assert not tell.complaints, "\n".join(tell.complaints)
    assert await counts(trade) == before


async def test_an_operator_in_a_filter_is_text_that_finds_nothing(trade: Trade) -> None:
    await trade.buyer()
    await trade.lead()
    signed = await headers(trade.parts, "super_admin")
    for one in OPERATIONS:
        lists = one.query if one.method == "GET" and "{" not in one.path else ()
        for parameter in lists:
            for value in ('{"$ne": null}', '{"$gt": ""}', ".*", "%FF%FE"):
                url = f"{one.path}?{parameter['name']}={quote(value, safe='%')}"
                answer = await trade.http.get(url, headers=signed)
                assert answer.status_code < 500, f"{url}: {answer.text}"
                assert answer.status_code >= 400 or found(answer) == 0, f"{url}: {answer.text}"


def found(answer: httpx.Response) -> int:
    """Rows of a list, or of its export."""
    if answer.headers["content-type"].startswith("text/csv"):
        return len(answer.text.splitlines()) - 1
    return int(answer.json().get("total", 0))


@pytest.mark.parametrize("given", ["Bearer", "Bearer x", "Basic YTpi", "Bearer " + "a" * 20_000, "Bearer a.b.c"])
async def test_a_token_that_is_not_one_is_refused(trade: Trade, given: str) -> None:
    answer = await trade.http.get("/api/leads/list", headers={"Authorization": given})
    assert (answer.status_code, complaint(answer)) == (401, None)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/api/rien", 404), ("PATCH", "/api/clients", 405)])
async def test_an_address_or_a_method_that_is_not_there_is_said_in_french(
    trade: Trade, method: str, path: str, status: int
) -> None:
    answer = await trade.http.request(method, path)
    assert (answer.status_code, complaint(answer)) == (status, None)
