"""Commandes as they are read: lists, filters, the counters of a week, through indexes."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from backend.core.mongo import Tx
from tests.support.commands import CommandLog
from tests.support.orders import WEEK, OrdersDesk, add_commande, at_commandes


@pytest_asyncio.fixture
async def admin(parts: Parts, http: httpx.AsyncClient) -> OrdersDesk:
    return await at_commandes(parts, http, "admin")


@pytest_asyncio.fixture
async def chief(parts: Parts, http: httpx.AsyncClient) -> OrdersDesk:
    return await at_commandes(parts, http, "super_admin", "ZR7", "BOTH")


async def test_the_list_is_by_priority_filtered_and_paged(chief: OrdersDesk, parts: Parts) -> None:
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


async def test_the_list_is_sorted_searched_by_client_and_narrowed_to_few_places_left(
    chief: OrdersDesk, parts: Parts
) -> None:
    many = await add_commande(parts, quota_semaine=50, priorite=1)
    few = await add_commande(parts, quota_semaine=4, priorite=2, produit="PAC")
    none = await add_commande(parts, quota_semaine=0, priorite=3, produit="ITE")

    async def ids(**params: Any) -> list[str]:
        return [row["id"] for row in (await chief.get(**params)).json()["commandes"]]

    assert await ids(sort="-priorite") == [none.id, few.id, many.id]
    assert await ids(sort="quota_semaine") == [none.id, few.id, many.id]
    assert await ids(sort="-quota_semaine", active_only=False) == [many.id, few.id, none.id]
    assert await ids(left=4) == [few.id]
    assert await ids(left=50, sort="quota_semaine", limit=1, skip=1) == [many.id]
    assert await ids(search="introuvable") == []
    assert await ids(search="introuvable", client_id=few.client_id) == []


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
async def test_a_bad_parameter_is_named(admin: OrdersDesk, params: dict[str, Any], field: str) -> None:
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


async def test_the_counters_of_the_week_are_shown(admin: OrdersDesk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=10)
    await fill(parts, commande.id)
    shown = (await admin.get()).json()["commandes"][0]
    assert (shown["leads_delivered_this_week"], shown["lb_delivered_this_week"]) == (2, 1)
    assert (shown["reserved"], shown["quota_remaining"], shown["unlimited"]) == (3, 7, False)
    past = (await admin.get(week="2026-W10")).json()["commandes"][0]
    assert (past["week_start"], past["leads_delivered_this_week"], past["reserved"]) == ("2026-03-02", 1, 0)


async def test_without_a_week_the_list_shows_the_one_new_leads_take_from(
    admin: OrdersDesk, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def next_week(_entity: str, _at_once: bool) -> str:
        return "2026-W12"

    monkeypatch.setattr(parts.commandes, "_due_week", next_week)
    commande = await add_commande(parts)
    assert (await admin.get()).json()["commandes"][0]["week"] == "2026-W12"
    assert (await admin.get(f"/{commande.id}")).json()["commande"]["week"] == "2026-W12"


async def test_reading_makes_no_counter(admin: OrdersDesk, parts: Parts) -> None:
    commande = await add_commande(parts)
    await admin.get()
    await admin.get(f"/{commande.id}/stats")
    assert await parts.mongo.collection("quota_counters").count_documents({}) == 0


async def test_stats_come_from_the_counters(admin: OrdersDesk, parts: Parts) -> None:
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
    shown = [(one["week"], one["delivered"], one["reserved"], one["quota"]) for one in stats["weeks"]]
    assert shown[-3:] == [("2026-W09", None, None, None), ("2026-W10", 1, 0, 10), (WEEK, 2, 3, 10)]
    assert len(shown) == 8, "what was before the commande is not a zero"


async def test_the_lb_monitor_compares_what_left_with_the_target(chief: OrdersDesk, parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=10, lb_target_pct="0.2")
    await add_commande(parts, quota_semaine=10)
    await fill(parts, commande.id)
    body = (await chief.get("/lb-monitor")).json()
    assert (body["week_key"], body["scope"], body["count"]) == (WEEK, "BOTH", 1)
    line = body["commandes"][0]
    assert (line["units_accepted"], line["lb_accepted"], line["fresh_accepted"]) == (2, 1, 1)
    assert (line["actual_lb_pct"], line["delta"], line["status"]) == ("0.5000", "0.3000", "over")


async def test_departements_and_products_are_listed(admin: OrdersDesk) -> None:
    body = (await admin.get("/departements")).json()
    assert (body["count"], len(body["departements"]), body["names"]["2A"]) == (101, 101, "Corse-du-Sud")
    assert (await admin.get("/products")).json()["products"] == ["PV", "PAC", "ITE"]


async def test_lists_and_candidates_read_through_indexes(chief: OrdersDesk, parts: Parts, commands: CommandLog) -> None:
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
