"""Commandes over HTTP: who may do what, what is refused and how it is said, what it sets in motion."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from backend.clients.models import Client, ClientCreate
from backend.core.ids import new_id
from backend.core.mongo import Tx
from tests.support.commands import CommandLog
from tests.support.orders import WEEK, add_commande
from tests.support.people import headers

URL = "/api/commandes"


class Desk:
    """A person at the orders page."""

    def __init__(self, http: httpx.AsyncClient, signed: dict[str, str]) -> None:
        self._http = http
        self._signed = signed

    async def get(self, path: str = "", **params: Any) -> httpx.Response:
        return await self._http.get(f"{URL}{path}", headers=self._signed, params=params)

    async def post(self, path: str = "", body: Any = None) -> httpx.Response:
        return await self._http.post(f"{URL}{path}", headers=self._signed, json=body)

    async def put(self, path: str, body: Any) -> httpx.Response:
        return await self._http.put(f"{URL}{path}", headers=self._signed, json=body)

    async def delete(self, path: str) -> httpx.Response:
        return await self._http.delete(f"{URL}{path}", headers=self._signed)


@pytest_asyncio.fixture
async def admin(parts: Parts, http: httpx.AsyncClient) -> Desk:
    return Desk(http, await headers(parts, "admin", "ZR7"))


@pytest_asyncio.fixture
async def stranger(parts: Parts, http: httpx.AsyncClient) -> Desk:
    return Desk(http, await headers(parts, "admin", "MDL"))


@pytest_asyncio.fixture
async def chief(parts: Parts, http: httpx.AsyncClient) -> Desk:
    return Desk(http, await headers(parts, "super_admin", "ZR7", "BOTH"))


async def add_client(parts: Parts, entity: str = "ZR7", name: str = "Solaire du Midi") -> Client:
    body = ClientCreate(name=name, email=f"{new_id()[:8]}@solaire-midi.fr")
    return await parts.clients.create(entity, body, "demo@zr7.fr")


def order(client: Client, **fields: Any) -> dict[str, Any]:
    return {"client_id": client.id, "produit": "PV", "departements": ["13", "83"], "quota_semaine": 10, **fields}


async def events(parts: Parts) -> list[tuple[str, dict[str, Any]]]:
    rows = parts.mongo.collection("event_log").find({"entity_type": "commande"}).sort("created_at", 1)
    return [(row["action"], row["details"]) async for row in rows]


async def tasks(parts: Parts) -> list[str]:
    rows = parts.mongo.collection("outbox").find({"kind": "route_waiting"})
    return [row["payload"]["reason"] async for row in rows]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("GET", "/departements"), ("GET", "/products"), ("GET", "/lb-monitor"), ("GET", "/x"),
        ("POST", ""), ("PUT", "/x"), ("DELETE", "/x"), ("POST", "/x/toggle"), ("GET", "/x/stats"),
    ],
)  # fmt: skip
async def test_nothing_without_signing_in(http: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await http.request(method, f"{URL}{path}", json={} if method in {"POST", "PUT"} else None)
    assert answer.status_code == 401
    assert answer.json()["error"] == "unauthenticated"


async def test_an_admin_opens_a_commande(admin: Desk, parts: Parts) -> None:
    client = await add_client(parts)
    answer = await admin.post(body=order(client, lb_target_pct=0.2, priorite=2, prix_lead=25, remise_percent="5"))
    assert answer.status_code == 201, answer.text
    made = answer.json()["commande"]
    assert made["client_name"] == "Solaire du Midi"
    assert (made["entity"], made["lb_target_pct"], made["active"], made["auto_renew"]) == ("ZR7", "0.2", True, True)
    assert (made["week"], made["week_start"], made["quota_remaining"]) == (WEEK, "2026-03-09", 10)
    assert "prix_lead" not in made
    assert [action for action, _ in await events(parts)] == ["order_activate", "commande_created"]
    assert await tasks(parts) == ["commande_opened"]
    read = await admin.get(f"/{made['id']}")
    assert read.json()["commande"] == made


async def test_any_star_is_everywhere_and_zero_is_unlimited(admin: Desk, parts: Parts) -> None:
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
    admin: Desk, parts: Parts, fields: dict[str, Any], field: str
) -> None:
    client = await add_client(parts)
    answer = await admin.post(body=order(client, **fields))
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"] == "invalid_input"
    assert list(answer.json()["detail"]) == [field]
    assert await parts.mongo.collection("commandes").count_documents({}) == 0


async def test_the_client_must_be_of_the_entity(admin: Desk, chief: Desk, parts: Parts) -> None:
    client = await add_client(parts, "MDL")
    assert (await admin.post(body=order(client))).status_code == 404
    assert (await admin.post(body=order(client, entity="MDL"))).status_code == 403
    assert (await chief.post(body=order(client, entity="ZR7"))).status_code == 404
    unsaid = await chief.post(body=order(client))
    assert (unsaid.status_code, unsaid.json()["error"]) == (400, "entity_required")
    assert (await chief.post(body=order(client, entity="MDL"))).status_code == 201
    assert (await admin.post(body={**order(client), "client_id": new_id()})).status_code == 404


async def test_one_active_commande_per_client_and_produit(admin: Desk, parts: Parts) -> None:
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


async def test_another_entity_sees_and_changes_nothing(admin: Desk, stranger: Desk, parts: Parts) -> None:
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
    viewer = Desk(http, await headers(parts, "viewer", "ZR7"))
    ops = Desk(http, await headers(parts, "ops", "ZR7"))
    for body in ({"quota_semaine": 5}, {"lb_target_pct": 0.1}, {"active": False}, {}):
        assert (await viewer.put(f"/{commande.id}", body)).status_code == 403
    assert (await ops.put(f"/{commande.id}", {"quota_semaine": 5, "lb_target_pct": "0.1"})).status_code == 200
    assert (await ops.post(body={})).status_code == 403
    assert (await ops.delete(f"/{commande.id}")).status_code == 403
    assert (await ops.get("/lb-monitor")).status_code == 403


async def test_a_change_is_told_with_what_it_was(admin: Desk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=5)
    answer = await admin.put(f"/{commande.id}", {"quota_semaine": 8, "lb_target_pct": "0.25", "priorite": 5})
    assert answer.status_code == 200
    assert answer.json()["commande"]["quota_semaine"] == 8
    details = {"old": {"quota_semaine": 5, "lb_target_pct": "0"}, "new": {"quota_semaine": 8, "lb_target_pct": "0.25"}}
    assert await events(parts) == [("commande_updated", details)]
    assert await tasks(parts) == ["commande_raised"]


async def test_a_change_that_opens_nothing_asks_nothing(admin: Desk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=5)
    await admin.put(f"/{commande.id}", {"quota_semaine": 4, "notes": "moins"})
    await admin.put(f"/{commande.id}", {"active": False})
    await admin.put(f"/{commande.id}", {"quota_semaine": 4})
    assert await tasks(parts) == []
    assert [action for action, _ in await events(parts)] == ["commande_updated", "order_deactivate"]


async def test_a_pause_says_how_many_leads_it_releases(
    admin: Desk, parts: Parts, monkeypatch: pytest.MonkeyPatch
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


async def test_a_paused_commande_stays_findable_and_a_deleted_one_does_not(admin: Desk, parts: Parts) -> None:
    paused, deleted = await add_commande(parts, active=False), await add_commande(parts)
    assert (await admin.delete(f"/{deleted.id}")).json()["deleted_id"] == deleted.id
    assert (await admin.get()).json()["commandes"] == []
    found = (await admin.get(active_only=False)).json()
    assert ([row["id"] for row in found["commandes"]], found["entity"]) == ([paused.id], "ZR7")
    assert (await admin.get(f"/{deleted.id}")).status_code == 404
    assert (await admin.delete(f"/{deleted.id}")).status_code == 404


async def test_the_list_is_by_priority_filtered_and_paged(chief: Desk, parts: Parts) -> None:
    third = await add_commande(parts, priorite=9)
    first = await add_commande(parts, entity="MDL", priorite=1, produit="PAC")
    second = await add_commande(parts, priorite=4)
    body = (await chief.get()).json()
    assert [row["id"] for row in body["commandes"]] == [first.id, second.id, third.id]
    assert (body["count"], body["total"], body["entity"]) == (3, 3, "BOTH")
    assert [row["id"] for row in (await chief.get(limit=1, skip=1)).json()["commandes"]] == [second.id]
    assert [row["id"] for row in (await chief.get(produit="PAC")).json()["commandes"]] == [first.id]
    assert [row["id"] for row in (await chief.get(entity="ZR7")).json()["commandes"]] == [second.id, third.id]
    assert [row["id"] for row in (await chief.get(client_id=third.client_id)).json()["commandes"]] == [third.id]
    assert (await chief.get(entity="NOPE")).status_code == 400


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"week": "2026-W60"}, "week"),
        ({"week": "hier"}, "week"),
        ({"week": "9999-W53"}, "week"),
        ({"limit": 501}, "limit"),
        ({"skip": -1}, "skip"),
        ({"produit": "$ne"}, "produit"),
        ({"active_only": "oui?"}, "active_only"),
    ],
)
async def test_a_bad_parameter_is_named(admin: Desk, params: dict[str, Any], field: str) -> None:
    answer = await admin.get(**params)
    assert answer.status_code == 422
    assert list(answer.json()["detail"]) == [field]


async def fill(parts: Parts, commande_id: str) -> None:
    """Three places held this week, one of them LB; two leads left, one of them LB; one left the week before."""
    commande = (await parts.commandes.by_ids([commande_id]))[commande_id]
    await parts.commandes.counters([(commande, WEEK)])

    async def work(tx: Tx) -> None:
        for lb in (True, False, False):
            assert await parts.commandes.take_place(tx, commande_id, WEEK, lb=lb)
        await parts.commandes.note_sent(tx, commande_id, WEEK, units=2, lb_units=1)
        await parts.commandes.note_sent(tx, commande_id, "2026-W10", units=1, lb_units=0)

    await parts.mongo.transaction(work)


async def test_the_counters_of_the_week_are_shown(admin: Desk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=10)
    await fill(parts, commande.id)
    shown = (await admin.get()).json()["commandes"][0]
    assert (shown["leads_delivered_this_week"], shown["lb_delivered_this_week"]) == (2, 1)
    assert (shown["reserved"], shown["quota_remaining"], shown["unlimited"]) == (3, 7, False)
    past = (await admin.get(week="2026-W10")).json()["commandes"][0]
    assert (past["week_start"], past["leads_delivered_this_week"], past["reserved"]) == ("2026-03-02", 1, 0)


async def test_without_a_week_the_list_shows_the_one_new_leads_take_from(
    admin: Desk, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def next_week(_entity: str) -> str:
        return "2026-W12"

    monkeypatch.setattr(parts.commandes, "_due_week", next_week)
    commande = await add_commande(parts)
    assert (await admin.get()).json()["commandes"][0]["week"] == "2026-W12"
    assert (await admin.get(f"/{commande.id}")).json()["commande"]["week"] == "2026-W12"


async def test_reading_makes_no_counter(admin: Desk, parts: Parts) -> None:
    commande = await add_commande(parts)
    await admin.get()
    await admin.get(f"/{commande.id}/stats")
    assert await parts.mongo.collection("quota_counters").count_documents({}) == 0


async def test_stats_come_from_the_counters(admin: Desk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=10)
    await fill(parts, commande.id)
    stats = (await admin.get(f"/{commande.id}/stats")).json()
    assert stats["current_week"] == {
        "start": "2026-03-09", "week": WEEK, "delivered": 2, "lb_delivered": 1, "reserved": 3, "quota": 10,
    }  # fmt: skip
    assert stats["total_delivered"] == 3
    assert [(week["week_offset"], week["delivered"]) for week in stats["last_4_weeks"]] == [
        (-1, 1), (-2, 0), (-3, 0), (-4, 0),
    ]  # fmt: skip


async def test_the_lb_monitor_compares_what_left_with_the_target(chief: Desk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=10, lb_target_pct="0.2")
    await add_commande(parts, quota_semaine=10)
    await fill(parts, commande.id)
    body = (await chief.get("/lb-monitor")).json()
    assert (body["week_key"], body["scope"], body["count"]) == (WEEK, "BOTH", 1)
    line = body["commandes"][0]
    assert (line["units_accepted"], line["lb_accepted"], line["fresh_accepted"]) == (2, 1, 1)
    assert (line["actual_lb_pct"], line["delta"], line["status"]) == ("0.5000", "0.3000", "over")


async def test_departements_and_products_are_listed(admin: Desk) -> None:
    body = (await admin.get("/departements")).json()
    assert (body["count"], len(body["departements"]), body["names"]["2A"]) == (101, 101, "Corse-du-Sud")
    assert (await admin.get("/products")).json()["products"] == ["PV", "PAC", "ITE"]


async def test_a_client_with_an_open_commande_is_not_deleted(admin: Desk, parts: Parts) -> None:
    client = await add_client(parts)
    made = (await admin.post(body=order(client))).json()["commande"]["id"]
    assert await parts.commandes.open_orders_of(client.id) == 1
    await admin.post(f"/{made}/toggle")
    assert await parts.commandes.open_orders_of(client.id) == 0


async def test_a_commande_that_does_not_renew_pauses_after_its_week(admin: Desk, parts: Parts) -> None:
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


async def test_lists_and_candidates_read_through_indexes(chief: Desk, parts: Parts, commands: CommandLog) -> None:
    for n in range(30):
        await add_commande(parts, priorite=n % 10 + 1, entity="MDL" if n % 3 else "ZR7")
    commands.seen.clear()
    commands.recording = True
    try:
        client = (await add_commande(parts)).client_id
        for params in ({}, {"active_only": False}, {"produit": "PV"}, {"produit": "PV", "active_only": False}):
            for more in ({}, {"client_id": client}, {"entity": "ZR7"}):
                assert (await chief.get(**params, **more)).status_code == 200
        await parts.commandes.candidates(["ZR7", "MDL"], "PV", ["13", "*"])
        await parts.commandes.pause_expired(parts.clock.now())
        await parts.commandes.open_orders_of(client)
        [commande async for commande in parts.commandes.open("ZR7")]
    finally:
        commands.recording = False
    for command in [seen for seen in commands.seen if seen.get("find") in {"commandes", "quota_counters"}]:
        asked = {name: command[name] for name in ("find", "filter", "sort", "limit", "skip", "hint") if name in command}
        plan = await parts.mongo.db.command("explain", asked, verbosity="queryPlanner")
        stages = str(plan["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in stages, asked
        assert "'SORT'" not in stages, asked
