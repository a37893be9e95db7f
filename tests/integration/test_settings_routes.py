"""Settings over HTTP: per entity, refused when they cannot hold, believed at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from backend.cli.market import DEMO
from tests.support.desk import Desk, at_settings, tasks

READS = [
    "", "/overview", "/cross-entity", "/source-gating", "/forms-config", "/email-denylist", "/delivery-calendar",
    "/delivery-calendar/check/ZR7", "/overlap-guard", "/return-window", "/legal",
]  # fmt: skip
WRITES: list[tuple[str, dict[str, Any]]] = [
    ("/cross-entity", {"per_entity": {"ZR7": {"out_enabled": False}}}),
    ("/source-gating", {"mode": "blacklist", "blocked_sources": ["fichier"]}),
    ("/forms-config", {"forms": []}),
    ("/email-denylist", {"domains": ["jetable.fr"]}),
    ("/delivery-calendar", {"enabled_days": [0]}),
    ("/overlap-guard", {"enabled": False}),
    ("/return-window", {"days": 10}),
    ("/legal", {"siren": "000000034", "tva_number": "FR17000000034", "capital": "10000.00", "vat_on": "encaissements"}),
]
OF_ENTITY = WRITES[1:]


@pytest_asyncio.fixture
async def zr7(parts: Parts, http: httpx.AsyncClient) -> AsyncIterator[Desk]:
    yield await at_settings(parts, http, "admin", "ZR7")


@pytest_asyncio.fixture
async def mdl(parts: Parts, http: httpx.AsyncClient) -> AsyncIterator[Desk]:
    yield await at_settings(parts, http, "admin", "MDL")


@pytest_asyncio.fixture
async def chief(parts: Parts, http: httpx.AsyncClient) -> AsyncIterator[Desk]:
    yield await at_settings(parts, http, "super_admin", "ZR7", "BOTH")


async def events(parts: Parts) -> list[dict[str, Any]]:
    return await parts.mongo.collection("event_log").find({"action": "settings_updated"}).to_list(100)


@pytest.mark.parametrize("path", READS)
async def test_reads_are_for_who_may(parts: Parts, http: httpx.AsyncClient, zr7: Desk, path: str) -> None:
    assert (await http.get(f"/api/settings{path}")).status_code == 401
    for role in ("ops", "viewer"):
        assert (await (await at_settings(parts, http, role, "ZR7")).get(path)).status_code == 403
    assert (await zr7.get(path)).status_code == 200


@pytest.mark.parametrize(("path", "body"), WRITES)
async def test_writes_are_for_who_may(
    parts: Parts, http: httpx.AsyncClient, zr7: Desk, path: str, body: dict[str, Any]
) -> None:
    assert (await http.put(f"/api/settings{path}", json=body)).status_code == 401
    assert (await (await at_settings(parts, http, "ops", "ZR7")).put(path, body)).status_code == 403
    assert await events(parts) == []
    assert (await zr7.put(path, body)).status_code == 200


@pytest.mark.parametrize(("path", "body"), OF_ENTITY)
async def test_who_looks_at_both_names_the_entity(zr7: Desk, chief: Desk, path: str, body: dict[str, Any]) -> None:
    refused = await chief.put(path, body)
    assert (refused.status_code, refused.json()["error"]) == (400, "entity_required")
    assert (await chief.put(path, {**body, "entity": "MDL"})).status_code == 200
    assert (await chief.put(path, body, entity="MDL")).status_code == 200
    assert (await zr7.put(path, {**body, "entity": "MDL"})).status_code == 403


@pytest.mark.parametrize("path", ["/source-gating", "/email-denylist", "/overlap-guard", "/return-window", "/legal"])
async def test_each_entity_has_its_own(zr7: Desk, mdl: Desk, chief: Desk, path: str) -> None:
    body = dict(WRITES)[path]
    before = (await mdl.get(path)).json()
    changed = (await zr7.put(path, body)).json()["setting"]
    assert {name: changed[name] for name in body} == body and changed["source"] == "stored"
    assert (await mdl.get(path)).json() == before and before["source"] == "default"
    both = (await chief.get(path)).json()
    assert both == {"ZR7": (await zr7.get(path)).json(), "MDL": before}
    assert (await mdl.get(path, entity="ZR7")).status_code == 403


async def test_a_write_tells_what_changed_and_by_whom(parts: Parts, zr7: Desk) -> None:
    await zr7.put("/source-gating", {"blocked_sources": ["Fichier", " ", "Fichier"]})
    [event] = await events(parts)
    assert (event["entity"], event["entity_id"]) == ("ZR7", "source_gating")
    assert event["details"]["old"]["blocked_sources"] == []
    assert event["details"]["new"]["blocked_sources"] == ["Fichier"]
    shown = (await zr7.get("/source-gating")).json()
    assert shown["updated_by"] == event["user"] and shown["updated_at"].startswith("2026-03-11T09:00")
    await zr7.put("/source-gating", {"blocked_sources": ["Fichier"]})
    assert len(await events(parts)) == 1, "nothing changed, nothing to tell"


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/source-gating", {"blocked_sources": ["x"]}, "source"),
        ("/email-denylist", {"domains": []}, "denylist"),
        ("/delivery-calendar", {"opened_dates": ["2026-03-14"]}, "calendar"),
    ],
)
async def test_what_may_unblock_leads_has_them_routed_again(
    parts: Parts, zr7: Desk, path: str, body: dict[str, Any], reason: str
) -> None:
    await zr7.put(path, body)
    assert await tasks(parts) == [{"entity": "ZR7", "produit": None, "reason": reason}]


async def test_the_view_in_memory_follows_a_write(parts: Parts, zr7: Desk) -> None:
    assert not (await parts.parametres.current()).source_blocked("ZR7", "fichier")
    await zr7.put("/source-gating", {"blocked_sources": ["FICHIER"]})
    now = await parts.parametres.current()
    assert now.source_blocked("ZR7", "Fichier ") and not now.source_blocked("MDL", "fichier")
    assert not now.source_blocked("ZR7", "") and not now.source_blocked("ZR7", "autre")
    await zr7.put("/source-gating", {"mode": "whitelist", "allowed_sources": ["Google"]})
    now = await parts.parametres.current()
    assert now.source_blocked("ZR7", "autre") and not now.source_blocked("ZR7", "google")
    assert not now.source_blocked("ZR7", "")


async def test_another_process_sees_a_write_within_a_second(parts: Parts, zr7: Desk) -> None:
    await parts.parametres.current()
    await parts.mongo.collection("settings").insert_one(
        {"_id": "ZR7:return_window", "entity": "ZR7", "key": "return_window", "days": 20}
    )
    await asyncio.sleep(1.05)
    assert (await parts.parametres.current()).return_window_days("ZR7") == 20
    assert (await parts.parametres.current()).return_window_days("MDL") == 7


async def test_writes_at_once_on_a_new_document_all_count(parts: Parts, zr7: Desk) -> None:
    bodies: list[dict[str, Any]] = [
        {"enabled_days": [0, 1]}, {"disabled_dates": ["2026-12-24"]}, {"opened_dates": ["2026-07-14"]},
        {"holidays_closed": False},
    ]  # fmt: skip
    answers = await asyncio.gather(*(zr7.put("/delivery-calendar", body) for body in bodies))
    assert {answer.status_code for answer in answers} == {200}
    shown = (await zr7.get("/delivery-calendar")).json()["ZR7"]
    for body in bodies:
        assert {name: shown[name] for name in body} == body


# Calendar


async def test_an_omitted_list_is_kept(zr7: Desk, chief: Desk) -> None:
    await zr7.put("/delivery-calendar", {"disabled_dates": ["2026-03-12"], "enabled_days": [0, 1, 2, 3, 4, 5]})
    await zr7.put("/delivery-calendar", {"enabled_days": [1, 2, 1]})
    both = (await chief.get("/delivery-calendar")).json()
    assert both["ZR7"]["disabled_dates"] == ["2026-03-12"] and both["ZR7"]["enabled_days"] == [1, 2]
    assert both["MDL"]["enabled_days"] == [0, 1, 2, 3, 4] and both["MDL"]["holidays_closed"] is True
    await zr7.put("/delivery-calendar", {"disabled_dates": []})
    assert (await zr7.get("/delivery-calendar")).json()["ZR7"]["disabled_dates"] == []


async def test_a_date_is_not_both_open_and_closed(parts: Parts, zr7: Desk) -> None:
    await zr7.put("/delivery-calendar", {"disabled_dates": ["2026-03-12"]})
    refused = await zr7.put("/delivery-calendar", {"opened_dates": ["2026-03-12"]})
    assert refused.status_code == 422 and "2026-03-12" in refused.json()["detail"]["opened_dates"]
    assert (await zr7.get("/delivery-calendar")).json()["ZR7"]["opened_dates"] == []
    assert len(await events(parts)) == 1


async def test_today_is_checked_in_paris(parts: Parts, zr7: Desk) -> None:
    today = (await zr7.get("/delivery-calendar/check/ZR7")).json()
    assert today == {
        "entity": "ZR7", "date": "2026-03-11", "is_delivery_day": True, "reason": None,
        "next_delivery_day": "2026-03-11",
    }  # fmt: skip
    await zr7.put("/delivery-calendar", {"disabled_dates": ["2026-03-11"]})
    closed = (await zr7.get("/delivery-calendar/check/zr7")).json()
    assert closed["is_delivery_day"] is False and closed["reason"] == "Fermé le 11/03/2026."
    assert closed["next_delivery_day"] == "2026-03-12"
    assert (await zr7.get("/delivery-calendar/check/MDL")).status_code == 403
    assert (await zr7.get("/delivery-calendar/check/FOO")).status_code == 400
    calendar = (await parts.parametres.current()).calendar("ZR7")
    assert calendar.next_open(date(2026, 3, 11)) == date(2026, 3, 12)


# Crossing


async def test_the_common_switch_is_the_super_administrators(parts: Parts, zr7: Desk, chief: Desk) -> None:
    assert (await zr7.put("/cross-entity", {"cross_entity_enabled": False})).status_code == 403
    assert (await zr7.put("/cross-entity", {"cross_entity_enabled": True})).status_code == 200, "unchanged"
    assert (await parts.parametres.current()).crossing("ZR7", "MDL")
    assert (await chief.put("/cross-entity", {"cross_entity_enabled": False})).status_code == 200
    assert not (await parts.parametres.current()).crossing("ZR7", "MDL")
    assert (await zr7.get("/cross-entity")).json()["cross_entity_enabled"] is False
    assert {"entity": None, "produit": None, "reason": "cross_entity"} in await tasks(parts)


async def test_the_directions_are_each_entitys(parts: Parts, zr7: Desk, mdl: Desk, chief: Desk) -> None:
    assert (await zr7.put("/cross-entity", {"per_entity": {"MDL": {"in_enabled": False}}})).status_code == 403
    assert (await chief.put("/cross-entity", {"per_entity": {"FOO": {"in_enabled": False}}})).status_code == 400
    assert (await mdl.put("/cross-entity", {"per_entity": {"MDL": {"in_enabled": False}}})).status_code == 200
    current = await parts.parametres.current()
    assert not current.crossing("ZR7", "MDL") and current.crossing("MDL", "ZR7")
    assert (await zr7.get("/cross-entity")).json()["per_entity"] == {"ZR7": {"in_enabled": True, "out_enabled": True}}
    both = (await chief.get("/cross-entity")).json()["per_entity"]
    assert both["MDL"] == {"in_enabled": False, "out_enabled": True}
    await zr7.put("/cross-entity", {"per_entity": {"ZR7": {"out_enabled": False}}})
    await mdl.put("/cross-entity", {"per_entity": {"MDL": {"in_enabled": True}}})
    assert not (await parts.parametres.current()).crossing("ZR7", "MDL")


# Denylist and simulation


async def test_simulation_needs_an_address(parts: Parts, zr7: Desk) -> None:
    refused = await zr7.put("/email-denylist", {"simulation_mode": True})
    assert refused.status_code == 422 and "simulation_email" in refused.json()["detail"]
    assert (await parts.parametres.current()).simulation("ZR7") is None
    given = {"domains": ["@Jetable.FR"], "simulation_mode": True, "simulation_email": "Essais@client.fr"}
    assert (await zr7.put("/email-denylist", given)).status_code == 200
    current = await parts.parametres.current()
    assert current.simulation("ZR7") == "essais@client.fr" and current.simulation("MDL") is None
    assert current.denylist("ZR7") == {"jetable.fr"} and "mailinator.com" in current.denylist("MDL")
    await zr7.put("/email-denylist", {"simulation_mode": False})
    assert (await parts.parametres.current()).simulation("ZR7") is None


# Forms


async def test_forms_belong_to_an_entity(parts: Parts, zr7: Desk, mdl: Desk, chief: Desk) -> None:
    assert (await zr7.post("/forms-config/LP-1", entity="ZR7", produit="PV")).status_code == 201
    taken = await mdl.post("/forms-config/LP-1", entity="MDL", produit="PAC")
    assert (taken.status_code, taken.json()["error"]) == (409, "duplicate")
    assert (await mdl.put("/forms-config", {"forms": [{"form_code": "LP-2", "produit": "ITE"}]})).status_code == 200
    assert (await chief.get("/forms-config")).json()["forms"] == {
        "LP-1": {"entity": "ZR7", "produit": "PV"}, "LP-2": {"entity": "MDL", "produit": "ITE"}
    }  # fmt: skip
    assert (await zr7.get("/forms-config")).json() == {
        "forms": {"LP-1": {"entity": "ZR7", "produit": "PV"}},
        "count": 1,
    }
    form = (await parts.parametres.current()).form(" LP-2 ")
    assert form is not None and (form.entity, form.produit) == ("MDL", "ITE")
    assert (await parts.parametres.current()).form("LP-9") is None
    assert {"entity": "MDL", "produit": "ITE", "reason": "form"} in await tasks(parts)


async def test_replacing_forms_is_all_or_nothing(parts: Parts, zr7: Desk, mdl: Desk) -> None:
    await mdl.post("/forms-config/LP-MDL", entity="MDL", produit="PV")
    await zr7.post("/forms-config/LP-OLD", entity="ZR7", produit="PV")
    rows = [{"form_code": "LP-NEW", "entity": "ZR7", "produit": "PAC"}, {"form_code": "LP-MDL", "produit": "PV"}]
    assert (await zr7.put("/forms-config", {"forms": rows})).status_code == 409
    assert set((await zr7.get("/forms-config")).json()["forms"]) == {"LP-OLD"}
    assert (await zr7.put("/forms-config", {"forms": rows[:1]})).status_code == 200
    assert set((await zr7.get("/forms-config")).json()["forms"]) == {"LP-NEW"}
    assert (await parts.parametres.current()).form("LP-MDL") is not None


async def test_forms_of_another_entity_or_given_twice_are_refused(zr7: Desk) -> None:
    one = {"form_code": "A", "entity": "MDL", "produit": "PV"}
    refused = await zr7.put("/forms-config", {"forms": [one, {"form_code": "A", "produit": "PV"}]})
    assert refused.status_code == 422 and set(refused.json()["detail"]) == {"forms.0.entity", "forms.1.form_code"}
    assert (await zr7.post("/forms-config/A", entity="MDL", produit="PV")).status_code == 403


# Everything at once


async def test_every_setting_is_listed_with_its_default(zr7: Desk, chief: Desk) -> None:
    await zr7.put("/return-window", {"days": 3})
    rows = (await zr7.get("")).json()["settings"]
    assert {(row["key"], row["entity"], row["source"]) for row in rows} == {
        ("cross_entity", None, "default"), ("source_gating", "ZR7", "default"), ("email_denylist", "ZR7", "default"),
        ("delivery_calendar", "ZR7", "default"), ("overlap_guard", "ZR7", "default"),
        ("return_window", "ZR7", "stored"), ("legal", "ZR7", "default"),
    }  # fmt: skip
    assert (await chief.get("")).json()["count"] == 13


async def test_the_legal_identity_says_what_it_lacks_to_issue(parts: Parts, zr7: Desk) -> None:
    before = (await zr7.get("/legal")).json()
    assert "SIREN" in before["missing"] and (before["recovery_indemnity"], before["internal_tva_rate"]) == (
        "40.00",
        "20.00",
    )
    company = DEMO.legal["ZR7"]
    after = (await zr7.put("/legal", {**company, "iban": "FR76 3000 6000 0112 3456 7890 189"})).json()["setting"]
    assert (after["missing"], after["capital"], after["iban"]) == ([], "10000.00", company["iban"])
    kept = (await zr7.put("/legal", {"vat_on": "encaissements"})).json()["setting"]
    assert (kept["siren"], kept["vat_on"]) == (company["siren"], "encaissements")
    refused = await zr7.put("/legal", {"siren": "000000042"})
    assert refused.status_code == 422 and set(refused.json()["detail"]) == {"tva_number", "siret"}
    legal = (await parts.parametres.current()).legal("ZR7")
    assert (legal.company_name, legal.capital) == ("ZR7 Démonstration", Decimal("10000.00"))
    assert (await parts.parametres.current()).legal("MDL").siren == ""
    assert await tasks(parts) == [], "an identity unblocks no lead"


async def test_the_overview_has_every_setting_of_each_entity_in_sight(zr7: Desk, chief: Desk) -> None:
    await chief.put("/delivery-calendar", {"entity": "MDL", "enabled_days": []})
    both = (await chief.get("/overview")).json()
    assert [one["entity"] for one in both["entities"]] == ["ZR7", "MDL"]
    days = {one["entity"]: one["delivery_calendar"]["ahead"] for one in both["entities"]}
    assert {len(ahead) for ahead in days.values()} == {14}
    assert all(day["reason"] for day in days["MDL"])
    assert not all(day["reason"] for day in days["ZR7"])
    own = (await zr7.get("/overview")).json()
    assert [one["entity"] for one in own["entities"]] == ["ZR7"]
    assert "raison sociale" in own["entities"][0]["legal"]["missing"]
