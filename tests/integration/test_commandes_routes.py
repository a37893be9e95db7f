"""Commandes over HTTP: who may do what, what is refused and how it is said, what it sets in motion."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from backend.core.ids import new_id
from tests.support.desk import tasks
from tests.support.orders import WEEK, OrdersDesk, add_client, add_commande, at_commandes, order
from tests.support.people import headers


@pytest_asyncio.fixture
async def admin(parts: Parts, http: httpx.AsyncClient) -> OrdersDesk:
    return await at_commandes(parts, http, "admin")


@pytest_asyncio.fixture
async def stranger(parts: Parts, http: httpx.AsyncClient) -> OrdersDesk:
    return await at_commandes(parts, http, "admin", "MDL")


@pytest_asyncio.fixture
async def chief(parts: Parts, http: httpx.AsyncClient) -> OrdersDesk:
    return await at_commandes(parts, http, "super_admin", "ZR7", "BOTH")


async def events(parts: Parts) -> list[tuple[str, dict[str, Any]]]:
    rows = parts.mongo.collection("event_log").find({"entity_type": "commande"}).sort("created_at", 1)
    return [(row["action"], row["details"]) async for row in rows]


async def reasons(parts: Parts) -> list[str]:
    """Why routing was asked to look again."""
    return [payload["reason"] for payload in await tasks(parts)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("GET", "/departements"), ("GET", "/products"), ("GET", "/lb-monitor"), ("GET", "/x"),
        ("POST", ""), ("PUT", "/x"), ("DELETE", "/x"), ("POST", "/x/toggle"), ("GET", "/x/stats"),
    ],
)  # fmt: skip
async def test_nothing_without_signing_in(http: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await http.request(method, f"/api/commandes{path}", json={} if method in {"POST", "PUT"} else None)
    assert answer.status_code == 401
    assert answer.json()["error"] == "unauthenticated"


async def test_an_admin_opens_a_commande(admin: OrdersDesk, parts: Parts) -> None:
    client = await add_client(parts)
    answer = await admin.post(body=order(client, lb_target_pct=0.2, priorite=2, prix_lead=25, remise_percent="5"))
    assert answer.status_code == 201, answer.text
    made = answer.json()["commande"]
    assert made["client_name"] == "Solaire du Midi"
    assert (made["entity"], made["lb_target_pct"], made["active"], made["auto_renew"]) == ("ZR7", "0.2", True, True)
    assert (made["week"], made["week_start"], made["quota_remaining"]) == (WEEK, "2026-03-09", 10)
    assert "prix_lead" not in made
    assert [action for action, _ in await events(parts)] == ["order_activate", "commande_created"]
    assert await reasons(parts) == ["commande_opened"]
    read = await admin.get(f"/{made['id']}")
    assert read.json()["commande"] == made


async def test_any_star_is_everywhere_and_zero_is_unlimited(admin: OrdersDesk, parts: Parts) -> None:
    client = await add_client(parts)
    answer = await admin.post(body=order(client, departements=["13", "*", "2A"], quota_semaine=0))
    made = answer.json()["commande"]
    assert made["departements"] == ["*"]
    assert (made["quota_remaining"], made["unlimited"]) == (None, True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"produit": "XXX"}, "produit"),
        ({"departements": []}, "departements"),
        ({"departements": ["99"]}, "departements"),
        ({"departements": ["1"]}, "departements"),
        ({"departements": [13]}, "departements.0"),
        ({"departements": {"$ne": "13"}}, "departements"),
        ({"departements": ["\x00"]}, "departements"),
        ({"quota_semaine": -1}, "quota_semaine"),
        ({"quota_semaine": 10**30}, "quota_semaine"),
        ({"quota_semaine": "10"}, "quota_semaine"),
        ({"quota_semaine": True}, "quota_semaine"),
        ({"lb_target_pct": 1.2}, "lb_target_pct"),
        ({"lb_target_pct": "-0.1"}, "lb_target_pct"),
        ({"lb_target_pct": "NaN"}, "lb_target_pct"),
        ({"lb_target_pct": "abc"}, "lb_target_pct"),
        ({"lb_target_pct": 0.12345}, "lb_target_pct"),
        ({"lb_target_pct": {"$gt": 0}}, "lb_target_pct"),
        ({"priorite": 0}, "priorite"),
        ({"priorite": 11}, "priorite"),
        ({"notes": "a\x00b"}, "notes"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"client_id": {"$ne": None}}, "client_id"),
        ({"client_id": ""}, "client_id"),
        ({"prix_lead": []}, "prix_lead"),
        ({"id": "mine"}, "id"),
    ],
)
async def test_a_bad_field_is_named_and_nothing_is_stored(
    admin: OrdersDesk, parts: Parts, fields: dict[str, Any], field: str
) -> None:
    client = await add_client(parts)
    answer = await admin.post(body=order(client, **fields))
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"] == "invalid_input"
    assert list(answer.json()["detail"]) == [field]
    assert await parts.mongo.collection("commandes").count_documents({}) == 0


async def test_the_client_must_be_of_the_entity(admin: OrdersDesk, chief: OrdersDesk, parts: Parts) -> None:
    client = await add_client(parts, "MDL")
    assert (await admin.post(body=order(client))).status_code == 404
    assert (await admin.post(body=order(client, entity="MDL"))).status_code == 403
    assert (await chief.post(body=order(client, entity="ZR7"))).status_code == 404
    unsaid = await chief.post(body=order(client))
    assert (unsaid.status_code, unsaid.json()["error"]) == (400, "entity_required")
    assert (await chief.post(body=order(client, entity="MDL"))).status_code == 201
    assert (await admin.post(body={**order(client), "client_id": new_id()})).status_code == 404


async def test_one_active_commande_per_client_and_produit(admin: OrdersDesk, parts: Parts) -> None:
    client = await add_client(parts)
    answers = await asyncio.gather(*(admin.post(body=order(client)) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    first = next(answer.json()["commande"]["id"] for answer in answers if answer.status_code == 201)
    assert (await admin.post(body=order(client, produit="PAC"))).status_code == 201
    assert (await admin.post(f"/{first}/toggle")).json() == {"success": True, "active": False, "reserved_leads": 0}
    second = (await admin.post(body=order(client))).json()["commande"]["id"]
    for refused in (await admin.post(f"/{first}/toggle"), await admin.put(f"/{first}", {"active": True})):
        assert refused.status_code == 409
        assert refused.json()["error"] == "duplicate"
        assert refused.json()["detail"] == "Ce client a déjà une commande active pour ce produit."
    assert (await admin.delete(f"/{second}")).status_code == 200
    assert (await admin.post(f"/{first}/toggle")).json()["active"] is True


async def test_another_entity_sees_and_changes_nothing(admin: OrdersDesk, stranger: OrdersDesk, parts: Parts) -> None:
    made = (await admin.post(body=order(await add_client(parts)))).json()["commande"]["id"]
    assert (await stranger.get()).json()["commandes"] == []
    assert (await stranger.get(entity="ZR7")).status_code == 403
    for answer in (
        await stranger.get(f"/{made}"),
        await stranger.get(f"/{made}/stats"),
        await stranger.put(f"/{made}", {"quota_semaine": 1}),
        await stranger.post(f"/{made}/toggle"),
        await stranger.delete(f"/{made}"),
    ):
        assert answer.status_code == 404
    assert (await admin.get(f"/{made}")).json()["commande"]["quota_semaine"] == 10


async def test_each_field_takes_its_permission(http: httpx.AsyncClient, parts: Parts) -> None:
    commande = await add_commande(parts)
    viewer = await at_commandes(parts, http, "viewer")
    ops = await at_commandes(parts, http, "ops")
    for body in ({"quota_semaine": 5}, {"lb_target_pct": 0.1}, {"active": False}, {}):
        assert (await viewer.put(f"/{commande.id}", body)).status_code == 403
    assert (await ops.put(f"/{commande.id}", {"quota_semaine": 5, "lb_target_pct": "0.1"})).status_code == 200
    assert (await ops.post(body={})).status_code == 403
    assert (await ops.delete(f"/{commande.id}")).status_code == 403
    assert (await ops.get("/lb-monitor")).status_code == 403


async def test_a_change_is_told_with_what_it_was(admin: OrdersDesk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=5)
    answer = await admin.put(f"/{commande.id}", {"quota_semaine": 8, "lb_target_pct": "0.25", "priorite": 5})
    assert answer.status_code == 200
    assert answer.json()["commande"]["quota_semaine"] == 8
    details = {"old": {"quota_semaine": 5, "lb_target_pct": "0"}, "new": {"quota_semaine": 8, "lb_target_pct": "0.25"}}
    assert await events(parts) == [("commande_updated", details)]
    assert await reasons(parts) == ["commande_raised"]


async def test_a_change_that_opens_nothing_asks_nothing(admin: OrdersDesk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=5)
    await admin.put(f"/{commande.id}", {"quota_semaine": 4, "notes": "moins"})
    await admin.put(f"/{commande.id}", {"active": False})
    await admin.put(f"/{commande.id}", {"quota_semaine": 4})
    assert await reasons(parts) == []
    assert [action for action, _ in await events(parts)] == ["commande_updated", "order_deactivate"]


async def test_a_pause_says_how_many_leads_it_releases(
    admin: OrdersDesk, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def seven(_commande_id: str) -> int:
        return 7

    monkeypatch.setattr(parts.commandes, "_count_reserved", seven)
    commande = await add_commande(parts)
    assert (await admin.put(f"/{commande.id}", {"active": False})).json()["reserved_leads"] == 7
    assert (await admin.post(f"/{commande.id}/toggle")).json() == {
        "success": True,
        "active": True,
        "reserved_leads": None,
    }
    assert (await admin.post(f"/{commande.id}/toggle")).json()["reserved_leads"] == 7


async def test_a_paused_commande_stays_findable_and_a_deleted_one_does_not(admin: OrdersDesk, parts: Parts) -> None:
    paused, deleted = await add_commande(parts, active=False), await add_commande(parts)
    assert (await admin.delete(f"/{deleted.id}")).json()["deleted_id"] == deleted.id
    assert (await admin.get()).json()["commandes"] == []
    found = (await admin.get(active_only=False)).json()
    assert ([row["id"] for row in found["commandes"]], found["entity"]) == ([paused.id], "ZR7")
    assert (await admin.get(f"/{deleted.id}")).status_code == 404
    assert (await admin.delete(f"/{deleted.id}")).status_code == 404


async def test_a_client_with_an_open_commande_is_not_deleted(
    admin: OrdersDesk, http: httpx.AsyncClient, parts: Parts
) -> None:
    client = await add_client(parts)
    made = (await admin.post(body=order(client))).json()["commande"]["id"]
    path, signed = f"/api/clients/{client.id}", await headers(parts, "admin", "ZR7")
    refused = await http.delete(path, headers=signed)
    assert (refused.status_code, refused.json()["error"]) == (409, "has_dependents")
    assert await parts.commandes.open_orders_of(client.id) == 1
    await admin.post(f"/{made}/toggle")
    assert await parts.commandes.open_orders_of(client.id) == 0
    assert (await http.delete(path, headers=signed)).status_code == 200


async def test_a_commande_that_does_not_renew_pauses_after_its_week(admin: OrdersDesk, parts: Parts) -> None:
    client = await add_client(parts)
    made = (await admin.post(body=order(client, auto_renew=False))).json()["commande"]["id"]
    renewing = await add_commande(parts)
    assert await parts.commandes.pause_expired(parts.clock.now()) == 0
    await parts.clock.move_to(parts.mongo, parts.clock.now() + timedelta(days=7))
    assert await parts.commandes.pause_expired(parts.clock.now()) == 1
    assert await parts.commandes.pause_expired(parts.clock.now()) == 0
    paused = (await admin.get(f"/{made}")).json()["commande"]
    assert paused["active"] is False
    assert (await admin.get(f"/{renewing.id}")).json()["commande"]["active"] is True
    action, details = (await events(parts))[-1]
    assert (action, details["reason"]) == ("order_deactivate", "auto_renew")
    assert (await admin.post(f"/{made}/toggle")).json()["active"] is True
    assert await parts.commandes.pause_expired(parts.clock.now()) == 0
