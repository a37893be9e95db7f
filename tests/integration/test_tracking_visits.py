"""Sessions and events of landing pages, as browsers send them."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend.bootstrap import Parts
from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.tracking import rules
from backend.tracking.models import SessionAsk

SESSION = "/api/public/track/session"
VISIT = "/api/public/track/lp-visit"
EVENT = "/api/public/track/event"


async def opened(http: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await http.post(SESSION, json={"lp_code": "LP-PV", **fields})
    assert answer.status_code in {200, 201}
    body: dict[str, Any] = answer.json()
    return body


async def test_a_page_opens_a_session_and_gets_the_visitor_cookie(http: httpx.AsyncClient, parts: Parts) -> None:
    answer = await http.post(SESSION, json={"lp_code": "LP-PV", "form_code": "F1", "utm_source": "meta"})
    body = answer.json()
    assert answer.status_code == 201
    assert body == {
        "success": True, "session_id": body["session_id"], "visitor_id": body["visitor_id"], "lp_code": "LP-PV",
        "form_code": "F1", "reused": False,
    }  # fmt: skip
    cookie = answer.headers["set-cookie"]
    assert cookie == f"_rdz_vid={body['visitor_id']}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
    kept = await parts.tracking.get_session(body["session_id"])
    assert kept is not None
    assert (kept.utm_source, kept.status, kept.ip, kept.created_at) == (
        "meta",
        "active",
        "127.0.0.1",
        kept.created_at,
    )


def test_the_cookie_crosses_sites_on_https() -> None:
    line = rules.visitor_cookie("v1", https=True)
    assert line.endswith("HttpOnly; Secure; SameSite=None; Partitioned")


async def test_the_same_visitor_on_the_same_page_keeps_the_session_for_thirty_minutes(
    http: httpx.AsyncClient, parts: Parts
) -> None:
    first = await opened(http)
    again = await opened(http, utm_source="google")
    assert (again["session_id"], again["reused"]) == (first["session_id"], True)
    assert (await opened(http, lp_code="LP-PAC"))["session_id"] != first["session_id"]
    await parts.clock.move_to(parts.mongo, parts.clock.now() + timedelta(minutes=31))
    later = await opened(http)
    assert later["session_id"] != first["session_id"]
    assert later["visitor_id"] == first["visitor_id"]
    assert (await opened(http))["session_id"] == later["session_id"]


async def test_a_session_without_a_page_is_never_reused(http: httpx.AsyncClient) -> None:
    first = await opened(http, lp_code="")
    assert (await opened(http, lp_code=""))["session_id"] != first["session_id"]


async def test_one_session_when_the_same_visitor_opens_many_at_once(parts: Parts) -> None:
    visitor, ask = new_id(), SessionAsk(lp_code="LP-PV")
    found = await asyncio.gather(*(parts.tracking.open_session(visitor, ask, "") for _ in range(20)))
    assert len({session.id for session, _ in found}) == 1
    assert sum(not reused for _, reused in found) == 1
    assert await parts.mongo.collection("visitor_sessions").count_documents({}) == 1


async def test_a_forged_visitor_cookie_is_replaced(http: httpx.AsyncClient) -> None:
    answer = await http.post(SESSION, json={}, headers={"cookie": "_rdz_vid=$ne"})
    assert answer.status_code == 201
    assert answer.json()["visitor_id"] in answer.headers["set-cookie"]


async def test_a_visit_counts_once_and_fills_in_the_campaign(http: httpx.AsyncClient, parts: Parts) -> None:
    session = await opened(http, utm_medium="cpc")
    beacon = json.dumps({"session_id": session["session_id"], "utm_source": "meta", "utm_medium": "social"})
    headers = {"content-type": "text/plain;charset=UTF-8"}
    first = await http.post(VISIT, content=beacon, headers=headers)
    again = await http.post(VISIT, content=beacon, headers=headers)
    assert (first.status_code, first.json()["duplicate"]) == (201, False)
    assert (again.status_code, again.json()) == (200, {**first.json(), "duplicate": True})
    kept = await parts.tracking.get_session(session["session_id"])
    assert kept is not None and (kept.utm_source, kept.utm_medium) == ("meta", "cpc")


@pytest.mark.parametrize("event", ["lp_visit", "cta_click", "form_start"])
async def test_single_events_count_once_under_concurrency(http: httpx.AsyncClient, parts: Parts, event: str) -> None:
    session = await opened(http, form_code="F1")
    body = {"session_id": session["session_id"], "event_type": event}
    answers = await asyncio.gather(*(http.post(EVENT, json=body) for _ in range(20)))
    assert sorted({answer.status_code for answer in answers}) == [200, 201]
    assert len({answer.json()["event_id"] for answer in answers}) == 1
    assert sum(not answer.json()["duplicate"] for answer in answers) == 1
    kept = await parts.mongo.collection("tracking").find_one({})
    assert kept is not None and (kept["lp_code"], kept["form_code"]) == ("LP-PV", "F1")


async def test_other_events_are_stored_each_time(http: httpx.AsyncClient, parts: Parts) -> None:
    session = await opened(http)
    for _ in range(3):
        answer = await http.post(EVENT, json={"session_id": session["session_id"], "event_type": "scroll_50"})
        assert answer.status_code == 201
    assert await parts.mongo.collection("tracking").count_documents({"event": "scroll_50"}) == 3


@pytest.mark.parametrize("path", [VISIT, EVENT])
async def test_an_unknown_session_is_said(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.post(path, json={"session_id": new_id(), "event_type": "scroll"})
    assert answer.status_code == 404
    assert answer.json()["success"] is False
    assert answer.json()["error"] == "not_found"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (SESSION, b"{", "body"),
        (SESSION, b"", "body"),
        (SESSION, b"[]", "body"),
        (SESSION, b"[" * 60_000, "body"),
        (SESSION, b"\xff\xfe", "body"),
        (SESSION, b'{"lp_code": "\\ud800"}', "body"),
        (SESSION, b'{"lp_code": "a\\u0000b"}', "lp_code"),
        (SESSION, b'{"lp_code": {"$ne": null}}', "lp_code"),
        (SESSION, b'{"utm_source": 12}', "utm_source"),
        (SESSION, json.dumps({"lp_code": "x" * 101}).encode(), "lp_code"),
        (SESSION, json.dumps({"referrer": "x" * 2001}).encode(), "referrer"),
        (VISIT, b"{}", "session_id"),
        (VISIT, b'{"session_id": ""}', "session_id"),
        (VISIT, b'{"session_id": {"$gt": ""}}', "session_id"),
        (EVENT, b'{"session_id": "s"}', "event_type"),
        (EVENT, b'{"session_id": "s", "event_type": "Cta Click"}', "event_type"),
        (EVENT, b'{"session_id": "s", "event_type": "a\\n"}', "event_type"),
        (EVENT, json.dumps({"session_id": "s", "event_type": "x" * 51}).encode(), "event_type"),
    ],
)
async def test_malformed_bodies_are_refused_by_field(
    http: httpx.AsyncClient, parts: Parts, path: str, body: bytes, field: str
) -> None:
    answer = await http.post(path, content=body, headers={"content-type": "text/plain"})
    assert answer.status_code == 422
    assert answer.json()["error"] == "invalid_input"
    assert list(answer.json()["detail"]) == [field]
    assert await parts.mongo.collection("visitor_sessions").count_documents({}) == 0


async def test_a_body_over_64_kb_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(SESSION, content=b"x" * 70_000)
    assert answer.status_code == 413


async def test_null_values_are_empty_ones(http: httpx.AsyncClient) -> None:
    answer = await http.post(SESSION, json={"lp_code": None, "gclid": None, "screen": "unknown fields are ignored"})
    assert answer.status_code == 201


async def test_a_session_is_converted_by_its_first_lead(http: httpx.AsyncClient, parts: Parts) -> None:
    session = await opened(http)

    async def convert(tx: Tx) -> list[bool]:
        ids = [session["session_id"], session["session_id"], new_id()]
        return [await parts.tracking.mark_converted(tx, one, f"lead-{n}") for n, one in enumerate(ids)]

    assert await parts.mongo.transaction(convert) == [True, False, False]
    kept = await parts.tracking.get_session(session["session_id"])
    assert kept is not None and (kept.status, kept.lead_id) == ("converted", "lead-0")


async def test_the_caller_address_follows_the_proxy_only_when_trusted(
    http: httpx.AsyncClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"x-forwarded-for": "6.6.6.6, 203.0.113.9"}
    assert (await http.post(SESSION, json={"lp_code": "A"}, headers=headers)).status_code == 201
    monkeypatch.setattr(parts.settings, "trust_proxy", True)
    await http.post(SESSION, json={"lp_code": "B"}, headers=headers)
    await http.post(SESSION, json={"lp_code": "C"}, headers={"x-forwarded-for": "nonsense"})
    rows = parts.mongo.collection("visitor_sessions").find({}).sort("lp_code", 1)
    assert [row["ip"] async for row in rows] == ["127.0.0.1", "203.0.113.9", "127.0.0.1"]
