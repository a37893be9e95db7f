"""Providers over HTTP, and their keys: shown once, refused when old, braked when they run away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from backend.core.errors import RateLimited, Unauthenticated
from backend.core.ids import new_id
from backend.providers import keys, service
from backend.providers.models import NewProvider
from tests.support.desk import Desk
from tests.support.people import headers

URL = "/api/providers"


@pytest_asyncio.fixture
async def admin(parts: Parts, http: httpx.AsyncClient) -> Desk:
    return Desk(http, await headers(parts, "admin", "ZR7"), URL)


@pytest_asyncio.fixture
async def stranger(parts: Parts, http: httpx.AsyncClient) -> Desk:
    return Desk(http, await headers(parts, "admin", "MDL"), URL)


@pytest_asyncio.fixture
async def chief(parts: Parts, http: httpx.AsyncClient) -> Desk:
    return Desk(http, await headers(parts, "super_admin", "ZR7", "BOTH"), URL)


async def made(desk: Desk, slug: str = "leads-du-sud", **fields: Any) -> dict[str, Any]:
    answer = await desk.ask("POST", "", {"name": "Leads du Sud", "slug": slug, **fields})
    assert answer.status_code == 201, answer.text
    provider: dict[str, Any] = answer.json()["provider"]
    return provider


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", "/x"), ("PUT", "/x"), ("DELETE", "/x"), ("POST", "/x/rotate-key")],
)
async def test_only_who_may_touch_providers(http: httpx.AsyncClient, parts: Parts, method: str, path: str) -> None:
    body: Any = {} if method in {"POST", "PUT"} else None
    assert (await http.request(method, f"{URL}{path}", json=body)).status_code == 401
    valid = {"name": "n", "slug": "ab"} if (method, path) == ("POST", "") else body
    ops = Desk(http, await headers(parts, "ops", "ZR7"), URL)
    assert (await ops.ask(method, path, valid)).status_code == 403


async def test_a_key_is_shown_once_and_kept_by_digest(admin: Desk, parts: Parts) -> None:
    provider = await made(admin, contact_email="Contact@Leads-du-sud.fr")
    key = provider["api_key"]
    assert key.startswith("prov_") and len(key) > 40
    assert provider["api_key_prefix"] == key[:12]
    assert (provider["entity"], provider["test_mode"], provider["total_leads"]) == ("ZR7", False, 0)
    assert provider["contact_email"] == "contact@leads-du-sud.fr"
    read = (await admin.ask("GET", f"/{provider['id']}")).json()["provider"]
    listed = (await admin.ask("GET")).json()["providers"][0]
    changed = (await admin.ask("PUT", f"/{provider['id']}", {"notes": "ok"})).json()["provider"]
    for seen in (read, listed, changed):
        assert "api_key" not in seen and "api_key_sha256" not in seen
    stored = await parts.mongo.collection("providers").find_one({})
    assert stored is not None and key not in str(stored)
    assert (await parts.providers.authenticate(key)).id == provider["id"]


async def test_a_slug_is_taken_once_in_all_entities(admin: Desk, stranger: Desk) -> None:
    await made(admin, " Leads-Du-Sud ")
    answer = await stranger.ask("POST", "", {"name": "x", "slug": "leads-du-sud"})
    assert (answer.status_code, answer.json()["error"]) == (409, "duplicate")
    assert list(answer.json()["detail"]) == ["slug"]
    answers = await asyncio.gather(*(admin.ask("POST", "", {"name": "y", "slug": "meme"}) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": "a"}, "slug"),
        ({"slug": "x" * 41}, "slug"),
        ({"slug": "é-é"}, "slug"),
        ({"slug": "a b"}, "slug"),
        ({"slug": {"$ne": ""}}, "slug"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"contact_email": "pas une adresse"}, "contact_email"),
        ({"test_mode": "oui"}, "test_mode"),
        ({"api_key": "prov_mine"}, "api_key"),
    ],
)
async def test_a_bad_field_is_named(admin: Desk, parts: Parts, fields: dict[str, Any], field: str) -> None:
    answer = await admin.ask("POST", "", {"name": "Leads", "slug": "leads", **fields})
    assert answer.status_code == 422, answer.text
    assert list(answer.json()["detail"]) == [field]
    assert await parts.mongo.collection("providers").count_documents({}) == 0


async def test_another_entity_sees_and_changes_nothing(admin: Desk, stranger: Desk) -> None:
    provider = await made(admin)
    assert (await stranger.ask("GET")).json()["providers"] == []
    assert (await stranger.ask("GET", entity="ZR7")).status_code == 403
    path = f"/{provider['id']}"
    for method, end, body in (
        ("GET", "", None), ("PUT", "", {"active": False}), ("DELETE", "", None), ("POST", "/rotate-key", None),
    ):  # fmt: skip
        assert (await stranger.ask(method, path + end, body)).status_code == 404
    assert (await admin.ask("GET", path)).json()["provider"]["active"] is True


async def test_the_slug_the_entity_and_the_key_do_not_change(admin: Desk) -> None:
    provider = await made(admin)
    for field in ("slug", "entity", "api_key"):
        answer = await admin.ask("PUT", f"/{provider['id']}", {field: "zz"})
        assert (answer.status_code, list(answer.json()["detail"])) == (422, [field])


async def test_rotating_refuses_the_old_key_at_once(admin: Desk, parts: Parts) -> None:
    provider = await made(admin)
    await parts.providers.authenticate(provider["api_key"])
    answer = await admin.ask("POST", f"/{provider['id']}/rotate-key")
    fresh = answer.json()["api_key"]
    assert answer.json() == {"success": True, "api_key": fresh}
    with pytest.raises(Unauthenticated) as refused:
        await parts.providers.authenticate(provider["api_key"])
    assert refused.value.code == "invalid_api_key"
    assert (await parts.providers.authenticate(fresh)).id == provider["id"]
    event = await parts.mongo.collection("event_log").find_one({"action": "rotate_provider_key"})
    assert event is not None
    assert event["details"] == {"name": "Leads du Sud", "slug": "leads-du-sud"}
    assert fresh not in str(event)


async def test_an_inactive_provider_is_refused_findable_and_reactivated(admin: Desk, parts: Parts) -> None:
    provider = await made(admin)
    path = f"/{provider['id']}"
    await parts.providers.authenticate(provider["api_key"])
    assert (await admin.ask("PUT", path, {"active": False, "test_mode": True})).status_code == 200
    with pytest.raises(Unauthenticated):
        await parts.providers.authenticate(provider["api_key"])
    assert [row["id"] for row in (await admin.ask("GET")).json()["providers"]] == [provider["id"]]
    assert (await admin.ask("GET", active=True)).json()["providers"] == []
    await admin.ask("PUT", path, {"active": True})
    assert (await parts.providers.authenticate(provider["api_key"])).test_mode is True


async def test_a_deleted_provider_is_hidden_and_its_key_refused(admin: Desk, parts: Parts) -> None:
    provider = await made(admin)
    answer = await admin.ask("DELETE", f"/{provider['id']}")
    assert answer.json() == {"success": True, "deleted_id": provider["id"]}
    assert (await admin.ask("GET", f"/{provider['id']}")).status_code == 404
    assert (await admin.ask("DELETE", f"/{provider['id']}")).status_code == 404
    assert (await admin.ask("GET")).json()["total"] == 0
    assert provider["id"] in await parts.providers.by_ids([provider["id"]])
    with pytest.raises(Unauthenticated):
        await parts.providers.authenticate(provider["api_key"])


async def test_the_list_is_by_name_scoped_paged_and_counted(
    chief: Desk, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await made(chief, "aaa", name="Alpha", entity="MDL")
    second = await made(chief, "bbb", name="Beta", entity="ZR7")

    async def counted(ids: Sequence[str]) -> dict[str, int]:
        return {first["id"]: 12} if first["id"] in ids else {}

    monkeypatch.setattr(parts.providers, "_count_leads", counted)
    body = (await chief.ask("GET")).json()
    assert [(row["id"], row["total_leads"]) for row in body["providers"]] == [(first["id"], 12), (second["id"], 0)]
    assert [row["id"] for row in (await chief.ask("GET", limit=1, skip=1)).json()["providers"]] == [second["id"]]
    assert [row["id"] for row in (await chief.ask("GET", entity="MDL")).json()["providers"]] == [first["id"]]
    assert (await chief.ask("GET", entity="NOPE")).status_code == 400


@pytest.mark.parametrize("key", ["", "prov_", "prov_unknown", "crm_abc", "prov_" + "x" * 10_000, "prov_\ud800", "$ne"])
async def test_an_unknown_key_is_refused(parts: Parts, key: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await parts.providers.authenticate(key)
    assert refused.value.code == "invalid_api_key"


async def test_a_key_is_asked_to_the_base_once_a_second(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    provider, key = await parts.providers.create("ZR7", NewProvider(name="n", slug="nn"), "demo@zr7.fr")
    await parts.providers.authenticate(key)
    digest = keys.digest(new_id())
    await parts.mongo.collection("providers").update_one({"id": provider.id}, {"$set": {"api_key_sha256": digest}})
    assert (await parts.providers.authenticate(key)).id == provider.id
    monkeypatch.setattr(service, "_FRESH_FOR", 0.0)
    with pytest.raises(Unauthenticated):
        await parts.providers.authenticate(key)


async def test_a_runaway_provider_is_told_when_to_come_back(parts: Parts) -> None:
    provider, _ = await parts.providers.create("ZR7", NewProvider(name="n", slug="runaway"), "demo@zr7.fr")
    other, _ = await parts.providers.create("ZR7", NewProvider(name="m", slug="calm"), "demo@zr7.fr")
    with pytest.raises(RateLimited) as braked:
        for _ in range(2_000):
            parts.providers.throttle(provider)
    assert braked.value.headers == {"Retry-After": "1"}
    parts.providers.throttle(other)
