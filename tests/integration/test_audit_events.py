"""The event log over HTTP: filters, order, scope, indexes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from backend.audit.models import Event
from backend.bootstrap import Parts
from backend.core.ids import new_id
from tests.conftest import WEDNESDAY
from tests.support.commands import CommandLog
from tests.support.explain import listening, slow_plans
from tests.support.people import headers

PATH = "/api/event-log"


async def told(parts: Parts, action: str = "lead_routed", entity: str | None = "ZR7", **fields: Any) -> None:
    event = {"entity_type": "lead", "entity_id": new_id(), "user": "public", **fields}
    await parts.audit.record(None, Event(action=action, entity=entity, **event))


async def found(http: httpx.AsyncClient, as_who: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    answer = await http.get(PATH, params=params, headers=as_who)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["count"] == len(body["events"]) <= body["total"]
    rows: list[dict[str, Any]] = body["events"]
    return rows


@pytest.fixture
async def admin(parts: Parts) -> dict[str, str]:
    mine = await headers(parts, "admin", "ZR7")
    await parts.mongo.collection("event_log").delete_many({})
    return mine


async def test_newest_first_and_paged(http: httpx.AsyncClient, parts: Parts, admin: dict[str, str]) -> None:
    for n in range(5):
        await told(parts, entity_id=f"lead-{n}")
    assert [row["entity_id"] for row in await found(http, admin)] == [f"lead-{n}" for n in (4, 3, 2, 1, 0)]
    page = (await http.get(PATH, params={"limit": 2, "skip": 1}, headers=admin)).json()
    assert ([row["entity_id"] for row in page["events"]], page["count"], page["total"]) == (["lead-3", "lead-2"], 2, 5)


async def test_each_filter_is_literal(http: httpx.AsyncClient, parts: Parts, admin: dict[str, str]) -> None:
    await told(parts, "lead_routed", entity_id="l1", related={"client_id": "c1"}, user="ops@exemple.fr")
    await told(parts, "lead_held", entity_id="l2", details={"reason": "quota_full", "client_name": "Élan Énergie SARL"})
    await told(parts, "client_created", entity_type="client", entity_id="c1")

    async def ids(**params: str) -> list[str]:
        return [row["entity_id"] for row in await found(http, admin, **params)]

    assert await ids(action="lead_held") == ["l2"]
    assert await ids(entity_type="client") == ["c1"]
    assert await ids(entity_id="c1") == ["c1", "l1"], "itself, and what is related to it"
    assert await ids(user_filter="ops@exemple.fr") == ["l1"]
    assert await ids(search="quota_full") == ["l2"]
    assert await ids(search="elan ENERGIE") == ["l2"]
    assert await ids(search="elan", entity_id="c1") == ["l2"], "search wins over entity_id"
    assert await ids(search="lead") == ["l2", "l1"]
    assert await ids(action="lead_routed", entity_id="c1", user_filter="ops@exemple.fr") == ["l1"]
    for pattern in (".*", "lead.*", "^l", "$ne", "(", "[", "%", "*"):
        assert await ids(search=pattern) == [] == await ids(user_filter=pattern)


async def test_by_week_of_paris(http: httpx.AsyncClient, parts: Parts, admin: dict[str, str]) -> None:
    await parts.clock.move_to(parts.mongo, datetime(2026, 3, 8, 22, 59, tzinfo=UTC))
    await told(parts, entity_id="sunday")
    await parts.clock.move_to(parts.mongo, datetime(2026, 3, 8, 23, 1, tzinfo=UTC))
    await told(parts, entity_id="monday")
    await parts.clock.move_to(parts.mongo, WEDNESDAY)
    assert [row["entity_id"] for row in await found(http, admin, week="2026-W10")] == ["sunday"]
    assert [row["entity_id"] for row in await found(http, admin, week="2026-W11", action="lead_routed")] == ["monday"]


@pytest.mark.parametrize(("params", "status"), [
    ({"week": "2026-W54"}, 400), ({"week": "0000-W01"}, 400), ({"week": "9999-W53"}, 400), ({"week": "0001-W01"}, 400),
    ({"week": "("}, 400), ({"week": "2026-W11-extra"}, 422), ({"entity": "FOO"}, 400), ({"entity": "MDL"}, 403),
    ({"limit": 0}, 422), ({"limit": 501}, 422), ({"skip": -1}, 422), ({"search": "a\x00b"}, 422),
    ({"search": "x" * 300}, 422),
])  # fmt: skip
async def test_bad_input(
    http: httpx.AsyncClient, parts: Parts, admin: dict[str, str], params: dict[str, Any], status: int
) -> None:
    assert (await http.get(PATH, params=params, headers=admin)).status_code == status


async def test_scope(http: httpx.AsyncClient, parts: Parts, admin: dict[str, str]) -> None:
    owner = await headers(parts, "super_admin", "ZR7", "BOTH")
    await parts.mongo.collection("event_log").delete_many({})
    await told(parts, "a_zr7", "ZR7", entity_id="one")
    await told(parts, "b_mdl", "MDL", entity_id="two")
    await told(parts, "c_none", None, entity_id="three")
    assert {row["entity_id"] for row in await found(http, admin)} == {"one"}
    assert {row["entity_id"] for row in await found(http, owner)} == {"one", "two", "three"}
    assert {row["entity_id"] for row in await found(http, owner, entity="MDL")} == {"two"}
    ids = {row["action"]: row["id"] for row in await found(http, owner)}
    assert (await http.get(f"{PATH}/{ids['a_zr7']}", headers=admin)).json()["entity_id"] == "one"
    for hidden in (ids["b_mdl"], ids["c_none"], "nothing"):
        assert (await http.get(f"{PATH}/{hidden}", headers=admin)).status_code == 404
    assert (await http.get(f"{PATH}/actions", headers=admin)).json() == {"actions": ["a_zr7"]}
    assert (await http.get(f"{PATH}/actions", headers=owner)).json() == {"actions": ["a_zr7", "b_mdl", "c_none"]}


async def test_every_page_is_read_through_an_index(
    http: httpx.AsyncClient, parts: Parts, admin: dict[str, str], commands: CommandLog
) -> None:
    asked = [admin, await headers(parts, "super_admin", "ZR7", "BOTH")]
    await told(parts, entity_id="l1", related={"client_id": "c1"})
    filters: list[dict[str, str]] = [
        {}, {"action": "lead_routed"}, {"entity_type": "lead"}, {"entity_id": "c1"}, {"user_filter": "public"},
        {"search": "lead routed"}, {"week": "2026-W11"}, {"week": "2026-W11", "action": "lead_routed"},
        {"action": "lead_routed", "entity_type": "lead", "entity_id": "c1", "user_filter": "public"},
    ]  # fmt: skip
    with listening(commands):
        for as_who in asked:
            for params in filters:
                await found(http, as_who, **params)
            await http.get(f"{PATH}/actions", headers=as_who)
            await http.get("/api/auth/activity-logs", params={"user_id": "u1"}, headers=as_who)
    assert len(commands.seen) >= 36
    assert await slow_plans(parts, commands) == []
