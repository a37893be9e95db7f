"""GET /api/leads/dashboard-stats: every widget, each of the caller's scope, none that can take the others down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.departure import leave
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

PATH = "/api/leads/dashboard-stats"


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def seen(trade: Trade, role: str = "viewer", entity: str = "ZR7", **params: str) -> dict[str, Any]:
    answer = await trade.http.get(PATH, headers=await headers(trade.parts, role, entity), params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_it_takes_the_permission_to_see_leads(trade: Trade) -> None:
    assert (await trade.http.get(PATH)).status_code == 401
    assert (await seen(trade))["week"] == "2026-W11"


async def test_each_widget_of_a_week(trade: Trade, mail: MailServer) -> None:
    client, commande = await trade.buyer(quota_semaine=3)
    lead = await trade.lead()
    await leave(trade)
    sent = await trade.row("deliveries", lead_id=lead["id"])
    await trade.http.post(f"/api/deliveries/{sent['id']}/remove-lead", json={"reason": "hors_zone"},
                          headers=await headers(trade.parts, "ops"))  # fmt: skip
    await trade.lead()
    await trade.lead(produit="PAC")
    body = await seen(trade)
    assert body["lead_stats"] == {"new": 1, "routed": 1, "no_open_orders": 1, "total": 3}
    assert body["delivery_stats"] == {"sent": 1, "pending_csv": 1, "rejected": 0, "removed": 1, "billable": 0}
    assert body["calendar"] == {"ZR7": {"is_delivery_day": True, "reason": None}}
    assert body["top_clients_7d"] == [
        {"client_id": client.id, "entity": "ZR7", "sent": 1, "rejected_7d": 0, "billable_7d": 0,
         "failed_7d": 0, "ready_7d": 0, "client_name": client.name}
    ]  # fmt: skip
    assert body["low_quota_commandes"] == [
        {"commande_id": commande.id, "client_name": client.name, "entity": "ZR7", "produit": "PV",
         "quota": 3, "delivered": 0, "remaining": 2}
    ]  # fmt: skip
    blocked = {"entity": "ZR7", "produit": "PAC", "status": "no_open_orders", "count": 1}
    assert body["blocked_stock"] == [blocked | {"oldest": body["blocked_stock"][0]["oldest"]}]
    assert body["blocked_stock"][0]["oldest"].startswith("2026-03-11T09:0")
    assert body["problem_clients"] == [] and "_errors" not in body
    assert (await seen(trade, week="2026-W10"))["lead_stats"] == {"total": 0}


async def test_a_client_nobody_can_write_to_is_a_problem(trade: Trade) -> None:
    client = await trade.client(email="achats@refuse.fr")
    denied = {"domains": ["refuse.fr"], "simulation_mode": False, "simulation_email": ""}
    await trade.parts.parametres.write("ZR7", "email_denylist", denied, "test")
    [line] = (await seen(trade))["problem_clients"]
    assert (line["client_id"], line["name"], line["entity"]) == (client.id, client.name, "ZR7")
    assert line["reason"].startswith("Toutes les adresses")


async def test_every_widget_is_of_the_scope(trade: Trade, mail: MailServer) -> None:
    await trade.buyer("Midi", "ZR7", quota_semaine=2)
    await trade.buyer("Nord", "MDL", quota_semaine=2)
    for entity in ("ZR7", "MDL"):
        await trade.lead(entity=entity)
        await trade.lead(entity=entity, produit="ITE")
    await leave(trade)
    for entity, name in (("ZR7", "Midi"), ("MDL", "Nord")):
        body = await seen(trade, entity=entity)
        assert body["lead_stats"]["total"] == 2
        assert body["delivery_stats"]["sent"] == 1
        assert set(body["calendar"]) == {entity}
        assert [one["client_name"] for one in body["top_clients_7d"]] == [name]
        assert [one["entity"] for one in body["low_quota_commandes"]] == [entity]
        assert [one["entity"] for one in body["blocked_stock"]] == [entity]
    both = await seen(trade, "super_admin")
    assert both["lead_stats"]["total"] == 4 and set(both["calendar"]) == {"ZR7", "MDL"}


async def test_a_widget_that_fails_is_empty_and_named(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    await trade.lead()

    async def broken(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(trade.parts.leads, "blocked", broken)
    body = await seen(trade)
    assert body["_errors"] == ["blocked_stock"] and body["blocked_stock"] == []
    assert body["lead_stats"]["total"] == 1


async def test_a_week_that_does_not_exist_is_refused(trade: Trade) -> None:
    signed = await headers(trade.parts)
    assert (await trade.http.get(PATH, headers=signed, params={"week": "2026-W99"})).status_code == 422
