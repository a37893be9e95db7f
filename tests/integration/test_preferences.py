"""What each person chose, and the views they saved: theirs, and nobody else's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from backend.preferences.models import MOST_LISTS
from backend.views.service import MOST
from tests.support.people import headers, headers_of, person
from tests.support.trade import Trade

PATH, VIEWS = "/api/me/preferences", "/api/views"
VIEW = {"list_name": "leads", "name": "PAC du 34", "filters": {"produit": ["PAC"], "departement": ["34"]}, "sort": "x"}


@pytest.fixture
async def mine(trade: Trade) -> dict[str, str]:
    return await headers(trade.parts, "viewer")


async def put(http: httpx.AsyncClient, signed: dict[str, str], **given: Any) -> httpx.Response:
    return await http.put(PATH, json=given, headers=signed)


async def test_each_choice_is_kept_apart_and_travels_with_the_bootstrap(trade: Trade, mine: dict[str, str]) -> None:
    http = trade.http
    assert (await http.get(PATH, headers=mine)).json()["version"] == 0
    await put(http, mine, theme="dark", columns={"leads": ["email"]})
    await put(http, mine, rail=True, columns={"clients": []}, tour={"asked": True, "step": 3, "done": ["find"]})
    told = (await put(http, mine, theme=None)).json()
    assert told["columns"] == {"leads": ["email"], "clients": []}
    assert (told["theme"], told["rail"], told["compact"], told["version"]) == ("dark", True, None, 2)
    assert told["tour"] == {"asked": True, "number": 0, "step": 3, "done": ["find"]}
    assert (await http.get("/api/me/bootstrap", headers=mine)).json()["preferences"] == told
    other = await headers_of(trade.parts, await person(trade.parts, "viewer", email="autre@exemple.fr"))
    assert (await http.get(PATH, headers=other)).json()["columns"] == {}


@pytest.mark.parametrize(
    "given",
    [{"theme": "rose"}, {"rail": "oui"}, {"columns": {"leads.x": []}}, {"columns": {"leads": ["$where"]}},
     {"tour": {"step": 21}}, {"columns": {f"l{n}": [] for n in range(MOST_LISTS + 1)}},
     {"columns": {"leads": ["a"] * 61}}, {"autre": 1}],
)  # fmt: skip
async def test_what_is_not_a_choice_is_refused(trade: Trade, mine: dict[str, str], given: dict[str, Any]) -> None:
    assert (await put(trade.http, mine, **given)).status_code == 422


async def test_what_is_kept_stays_small(trade: Trade, mine: dict[str, str]) -> None:
    for start in (0, MOST_LISTS):
        await put(trade.http, mine, columns={f"l{start + n}": [] for n in range(MOST_LISTS)})
    assert (await put(trade.http, mine, columns={"encore": []})).status_code == 409
    assert (await put(trade.http, mine, rail=True)).status_code == 200


async def test_a_view_is_saved_renamed_and_deleted_by_its_owner_alone(trade: Trade, mine: dict[str, str]) -> None:
    http = trade.http
    made = await http.post(VIEWS, json=VIEW, headers=mine)
    assert made.status_code == 201, made.text
    view = made.json()["view"]
    assert view | VIEW == view and view["hidden"] is None
    assert (await http.post(VIEWS, json=VIEW, headers=mine)).json()["error"] == "duplicate"
    assert (await http.post(VIEWS, json=VIEW | {"list_name": "clients"}, headers=mine)).status_code == 201
    assert (await http.get(VIEWS, params={"list_name": "leads"}, headers=mine)).json()["total"] == 1
    stranger = await headers_of(trade.parts, await person(trade.parts, "admin", email="autre@exemple.fr"))
    path = f"{VIEWS}/{view['id']}"
    assert (await http.get(VIEWS, headers=stranger)).json()["views"] == []
    assert (await http.put(path, json={"name": "Volée"}, headers=stranger)).status_code == 404
    assert (await http.delete(path, headers=stranger)).status_code == 404
    second = (await http.post(VIEWS, json=VIEW | {"name": "Autre"}, headers=mine)).json()["view"]
    taken = await http.put(f"{VIEWS}/{second['id']}", json={"name": "PAC du 34"}, headers=mine)
    assert (taken.status_code, taken.json()["error"]) == (409, "duplicate")
    renamed = await http.put(path, json={"name": "PAC"}, headers=mine)
    assert renamed.json()["view"] == view | {"name": "PAC"}
    assert (await http.delete(path, headers=mine)).status_code == 204
    assert (await http.delete(path, headers=mine)).status_code == 404


async def test_a_list_keeps_so_many_views(trade: Trade, mine: dict[str, str]) -> None:
    answers = [await trade.http.post(VIEWS, json=VIEW | {"name": f"Vue {n}"}, headers=mine) for n in range(MOST + 1)]
    assert [one.status_code for one in answers] == [201] * MOST + [409]
