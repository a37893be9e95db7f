"""The figures: read by this machine or with the token, bounded labels, true to the base."""

from __future__ import annotations

from datetime import timedelta

import httpx
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from backend.bootstrap import Parts
from tests.integration.test_system_http import row
from tests.support.departure import delivered
from tests.support.outbox import put
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def figures(http: httpx.AsyncClient) -> Figures:
    answer = await http.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(found: Figures, name: str, **labels: str) -> float | None:
    return found.get((name, frozenset(labels.items())))


async def test_what_happened_is_counted(trade: Trade, http: httpx.AsyncClient) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        await trade.buyer()
        await delivered(trade)
    await trade.lead(produit="ITE")
    await trade.parts.outbox.pause("smtp:ZR7", "essai", "ops@exemple.fr")
    await put(trade.parts.outbox, row(1, "ZR7"), row(2, "ZR7"))
    await trade.parts.mongo.collection("outbox").update_one(
        {"id": "batch:b1:smtp:1"}, {"$set": {"created_at": trade.parts.clock.now() - timedelta(60)}}
    )
    await trade.parts.system.beat(["worker"])
    await trade.parts.hold.hold("essai", "ops@exemple.fr")
    found = await figures(http)
    await trade.parts.hold.release("ops@exemple.fr")
    assert value(found, "rdz_outbox_rows", channel="smtp:ZR7", state="pending") == 2
    assert (value(found, "rdz_outbox_oldest_seconds", channel="smtp:ZR7", state="pending") or 0) > 59 * 86_400
    assert value(found, "rdz_outbox_attempts_15m", channel="smtp:ZR7", outcome="sent") == 1
    assert value(found, "rdz_leads_received_15m", entity="ZR7", status="livre") == 1
    assert value(found, "rdz_leads_received_15m", entity="ZR7", status="no_open_orders") == 1
    assert (value(found, "rdz_held"), value(found, "rdz_processes", role="worker")) == (1, 1)
    assert value(found, "rdz_job_late_seconds", job="daily_delivery") == 0


async def test_routes_are_counted_by_their_template(http: httpx.AsyncClient, parts: Parts) -> None:
    signed = await headers(parts, "admin", "ZR7")
    for n in range(3):
        await http.get(f"/api/clients/nobody-{n}", headers=signed)
        await http.get(f"/nowhere/{n}")
    text = (await http.get("/metrics")).text
    assert "nobody" not in text and "nowhere" not in text
    found = await figures(http)
    name = "rdz_http_seconds_count"
    assert (value(found, name, method="GET", route="/api/clients/{client_id}", status="4xx") or 0) >= 3
    assert (value(found, name, method="GET", route="unmatched", status="4xx") or 0) >= 3


async def test_others_need_the_token(parts: Parts, app: FastAPI) -> None:
    async def status(address: str, **given: str) -> int:
        transport = httpx.ASGITransport(app, client=(address, 1), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
            return (await http.get("/metrics", headers=given)).status_code

    assert await status("127.0.0.1") == 200
    assert await status("203.0.113.9") == 401
    assert await status("127.0.0.1", **{"x-forwarded-for": "203.0.113.9"}) == 401
    assert await status("203.0.113.9", authorization="Bearer ") == 401
    parts.metrics._token = "un-jeton-de-mesures"
    try:
        assert await status("203.0.113.9", authorization="Bearer un-jeton-de-mesures") == 200
        assert await status("203.0.113.9", authorization="Bearer un-jeton-de-mesureS") == 401
    finally:
        parts.metrics._token = ""


async def test_the_channels_of_clients_are_counted_together(http: httpx.AsyncClient, parts: Parts) -> None:
    await put(parts.outbox, row(1, "ZR7"), row(2, "ZR7"), row(3, "ZR7"))
    for n in (1, 2):
        await parts.mongo.collection("outbox").update_one(
            {"id": f"batch:b{n}:smtp:{n}"}, {"$set": {"channel": f"http:ZR7:client-{n}"}}
        )
    found = await figures(http)
    assert value(found, "rdz_outbox_rows", channel="http:ZR7", state="pending") == 2
    assert value(found, "rdz_outbox_rows", channel="smtp:ZR7", state="pending") == 1


async def test_a_long_queue_is_an_alert_of_its_entity(http: httpx.AsyncClient, parts: Parts) -> None:
    await put(parts.outbox, *(row(n, "ZR7") for n in range(101)))
    mine, theirs = await headers(parts, "ops", "ZR7"), await headers(parts, "ops", "MDL")
    told = (await http.get("/api/system/health", headers=mine)).json()["modules"]["alerts"]
    sentence = "smtp:ZR7 : 101 envois attendent (plus de 100)."
    assert told == {"status": "warning", "alarms": ["alerts.depth"], "alerts": [sentence]}
    told = (await http.get("/api/system/health", headers=theirs)).json()["modules"]["alerts"]
    assert told == {"status": "healthy", "alarms": [], "alerts": []}
