"""The users: who may see, make, change and deactivate whom."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from backend import bootstrap
from backend.accounts.models import User
from backend.bootstrap import Parts
from backend.core.errors import Conflict, InvalidInput
from backend.settings import load
from tests.support.commands import CommandLog
from tests.support.explain import listening, slow_plans
from tests.support.people import PASSWORD, headers, headers_of, person

USERS = "/api/auth/users"


def new(**changes: Any) -> dict[str, Any]:
    return {"email": "Nouveau@Exemple.fr", "password": PASSWORD, "nom": "Nouveau", "entity": "ZR7", **changes}


async def manager_of(parts: Parts, entity: str = "ZR7", **permissions: bool) -> User:
    """An admin of one entity who was given `users.manage`."""
    held = {"users.manage": True, "leads.view": True, "activity.view": True}
    return await person(parts, "admin", entity, email=f"manager.{entity}@exemple.fr".lower(), permissions=held)


async def test_create_then_sign_in(http: httpx.AsyncClient, parts: Parts) -> None:
    owner = await headers(parts, "super_admin", "ZR7", "BOTH")
    answer = await http.post(USERS, json=new(entity="mdl", role="ops"), headers=owner)
    assert answer.status_code == 201
    user = answer.json()["user"]
    assert (user["email"], user["entity"], user["role"]) == ("nouveau@exemple.fr", "MDL", "ops")
    assert user["permissions"]["leads.view"] is True and user["permissions"]["users.manage"] is False
    assert user["created_by"] == "super_admin.zr7@exemple.fr" and "password" not in user
    login = await http.post("/api/auth/login", json={"email": "nouveau@exemple.fr", "password": PASSWORD})
    assert login.status_code == 200
    event = await parts.mongo.collection("event_log").find_one({"action": "user_created"})
    assert event is not None and event["entity_id"] == user["id"] and PASSWORD not in str(event)


async def test_an_address_is_taken_once_even_by_two_at_once(http: httpx.AsyncClient, parts: Parts) -> None:
    owner = await headers(parts, "super_admin")
    answers = await asyncio.gather(*(http.post(USERS, json=new(), headers=owner) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert {one.json()["error"] for one in answers if one.status_code == 409} == {"duplicate"}


@pytest.mark.parametrize(("changes", "field"), [
    ({"email": "not an address"}, "email"), ({"email": "a@b.fr\r\nBcc: x@y.fr"}, "email"),
    ({"email": {"$ne": 1}}, "email"),
    ({"password": "court"}, "password"), ({"password": "motdepasse123"}, "password"), ({"nom": " "}, "nom"),
    ({"nom": "a\x00b"}, "nom"), ({"role": "emperor"}, "role"), ({"permissions": {"leads.fly": True}}, "permissions"),
    ({"permissions": {"leads.view": 1}}, "permissions.leads.view"), ({"permissions": []}, "permissions"),
    ({"entity": None}, "entity"), ({"is_admin": True}, "is_admin"),
])  # fmt: skip
async def test_malformed(http: httpx.AsyncClient, parts: Parts, changes: dict[str, Any], field: str) -> None:
    answer = await http.post(USERS, json=new(**changes), headers=await headers(parts, "super_admin"))
    assert answer.status_code == 422
    assert field in answer.json()["detail"]


async def test_an_unknown_entity(http: httpx.AsyncClient, parts: Parts) -> None:
    owner = await headers(parts, "super_admin", "ZR7", "BOTH")
    answer = await http.post(USERS, json=new(entity="FOO"), headers=owner)
    assert answer.status_code == 400 and "entity" in answer.json()["detail"]


async def test_an_empty_map_gives_no_right(http: httpx.AsyncClient, parts: Parts) -> None:
    owner = await headers(parts, "super_admin")
    await http.post(USERS, json=new(role="admin", permissions={}), headers=owner)
    stored = await parts.mongo.collection("users").find_one({"email": "nouveau@exemple.fr"}, {"_id": 0})
    assert stored is not None
    theirs = await headers_of(parts, User(**stored))
    assert (await http.get("/api/event-log", headers=theirs)).status_code == 403
    assert (await http.get("/api/auth/me", headers=theirs)).json()["permissions"] == {}


async def test_a_role_change_resets_the_map_and_counts_at_once(http: httpx.AsyncClient, parts: Parts) -> None:
    owner = await headers(parts, "super_admin")
    ops = await person(parts, "ops")
    theirs = await headers_of(parts, ops)
    assert (await http.get("/api/event-log", headers=theirs)).status_code == 403
    answer = await http.put(f"{USERS}/{ops.id}", json={"role": "admin"}, headers=owner)
    assert answer.json()["user"]["permissions"]["activity.view"] is True
    assert (await http.get("/api/event-log", headers=theirs)).status_code == 200
    answer = await http.put(f"{USERS}/{ops.id}", json={"permissions": {"leads.view": True}}, headers=owner)
    assert answer.json()["user"]["permissions"] == {"leads.view": True}
    assert (await http.get("/api/event-log", headers=theirs)).status_code == 403
    event = await parts.mongo.collection("event_log").find_one({"action": "user_updated"}, sort=[("_id", -1)])
    assert event is not None and event["details"]["changes"]["permissions"]["after"] == {"leads.view": True}


async def test_deactivation_cuts_at_once_and_can_be_undone(http: httpx.AsyncClient, parts: Parts) -> None:
    owner = await headers(parts, "super_admin")
    ops = await person(parts, "ops")
    theirs = await headers_of(parts, ops)
    assert (await http.get("/api/auth/me", headers=theirs)).status_code == 200
    assert (await http.delete(f"{USERS}/{ops.id}", headers=owner)).json() == {"success": True}
    assert (await http.get("/api/auth/me", headers=theirs)).status_code == 401
    listed = (await http.get(USERS, headers=owner)).json()["users"]
    gone = next(user for user in listed if user["id"] == ops.id)
    assert gone["is_active"] is False and gone["deactivated_at"]
    active = (await http.get(USERS, params={"active_only": True}, headers=owner)).json()["users"]
    assert ops.id not in {user["id"] for user in active}
    back = await http.put(f"{USERS}/{ops.id}", json={"is_active": True}, headers=owner)
    assert back.json()["user"]["is_active"] is True
    assert (await http.get("/api/auth/me", headers=theirs)).status_code == 401, "the old session stays dead"
    login = await http.post("/api/auth/login", json={"email": ops.email, "password": PASSWORD})
    assert login.status_code == 200


async def test_nobody_deactivates_themselves(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts, "super_admin")
    owner = await headers_of(parts, user)
    assert (await http.delete(f"{USERS}/{user.id}", headers=owner)).status_code == 400
    assert (await http.put(f"{USERS}/{user.id}", json={"is_active": False}, headers=owner)).status_code == 400
    assert (
        await http.put(f"{USERS}/{user.id}", json={"nom": "Moi", "is_active": True}, headers=owner)
    ).status_code == 200


async def test_a_super_admin_always_remains(http: httpx.AsyncClient, parts: Parts) -> None:
    first = await person(parts, "super_admin")
    second = await person(parts, "super_admin", "MDL")
    ours, theirs = await headers_of(parts, first), await headers_of(parts, second)
    answers = await asyncio.gather(
        http.put(f"{USERS}/{first.id}", json={"role": "viewer"}, headers=ours),
        http.put(f"{USERS}/{second.id}", json={"role": "viewer"}, headers=theirs),
    )
    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_super_admins_are_touched_by_super_admins_only(http: httpx.AsyncClient, parts: Parts) -> None:
    manager = await headers_of(parts, await manager_of(parts))
    boss, ops = await person(parts, "super_admin"), await person(parts, "ops")
    assert (await http.post(USERS, json=new(role="super_admin"), headers=manager)).status_code == 403
    assert (await http.put(f"{USERS}/{ops.id}", json={"role": "super_admin"}, headers=manager)).status_code == 403
    assert (await http.put(f"{USERS}/{boss.id}", json={"nom": "X"}, headers=manager)).status_code == 403
    assert (await http.delete(f"{USERS}/{boss.id}", headers=manager)).status_code == 403


async def test_a_manager_gives_only_what_they_have(http: httpx.AsyncClient, parts: Parts) -> None:
    mine = await manager_of(parts)
    manager = await headers_of(parts, mine)
    assert (await http.post(USERS, json=new(role="admin"), headers=manager)).status_code == 403
    given = {"leads.view": True}
    assert (await http.post(USERS, json=new(permissions=given), headers=manager)).status_code == 201
    more = {"permissions": {"billing.close": True}}
    assert (await http.put(f"{USERS}/{mine.id}", json=more, headers=manager)).status_code == 403
    ops = await person(parts, "ops")
    assert (await http.put(f"{USERS}/{ops.id}", json={"nom": "Renommé"}, headers=manager)).status_code == 200


async def test_a_manager_of_one_entity_sees_and_touches_it_only(http: httpx.AsyncClient, parts: Parts) -> None:
    manager = await headers_of(parts, await manager_of(parts))
    stranger = await person(parts, "ops", "MDL")
    listed = (await http.get(USERS, headers=manager)).json()
    assert {user["entity"] for user in listed["users"]} == {"ZR7"}
    assert listed["total"] == listed["count"] == len(listed["users"])
    assert (await http.get(USERS, params={"entity": "MDL"}, headers=manager)).status_code == 403
    assert (await http.put(f"{USERS}/{stranger.id}", json={"nom": "X"}, headers=manager)).status_code == 404
    assert (await http.delete(f"{USERS}/{stranger.id}", headers=manager)).status_code == 404
    assert (await http.post(USERS, json=new(entity="MDL", permissions={}), headers=manager)).status_code == 403
    own = await person(parts, "ops")
    assert (await http.put(f"{USERS}/{own.id}", json={"entity": "MDL"}, headers=manager)).status_code == 403


async def test_permission_keys(http: httpx.AsyncClient, parts: Parts) -> None:
    told = (await http.get("/api/auth/permission-keys", headers=await headers(parts, "super_admin"))).json()
    assert told["roles"] == ["super_admin", "admin", "ops", "viewer"]
    assert set(told["presets"]) == set(told["roles"]) and len(told["keys"]) == 38
    assert sum(told["presets"]["viewer"].values()) == 6


async def test_activity_logs(http: httpx.AsyncClient, parts: Parts) -> None:
    owner = await headers(parts, "super_admin", "ZR7", "BOTH")
    user = (await http.post(USERS, json=new(permissions={}), headers=owner)).json()["user"]
    await http.post("/api/auth/login", json={"email": user["email"], "password": PASSWORD})
    http.cookies.clear()
    path = "/api/auth/activity-logs"
    told = (await http.get(path, params={"user_id": user["id"]}, headers=owner)).json()
    assert [line["action"] for line in told["logs"]] == ["login", "user_created"]
    assert (told["total"], told["limit"], told["skip"]) == (2, 100, 0)
    login, created = told["logs"]
    assert login["user_email"] == user["email"] and login["ip_address"] == "127.0.0.1"
    assert created["user_nom"] == "super_admin ZR7" and created["entity_name"] == "Nouveau"
    one = (await http.get(path, params={"action": "user_created"}, headers=owner)).json()
    assert one["total"] == 1
    stranger = (await http.get(path, headers=await headers(parts, "admin", "MDL"))).json()
    assert {line["user_email"] for line in stranger["logs"]} == {"admin.mdl@exemple.fr"}


async def test_create_admin(parts: Parts) -> None:
    password = await parts.accounts.create_admin("Chef@exemple.fr", None, "Chef")
    assert len(password) >= 15
    stored = await parts.mongo.collection("users").find_one({"email": "chef@exemple.fr"})
    assert stored is not None and (stored["role"], stored["entity"]) == ("super_admin", "ZR7")
    with pytest.raises(Conflict):
        await parts.accounts.create_admin("chef@exemple.fr", None, "Chef")
    with pytest.raises(InvalidInput):
        await parts.accounts.create_admin("chef", None, "Chef")
    with pytest.raises(InvalidInput):
        await parts.accounts.create_admin("autre@exemple.fr", "court", "Chef")
    assert await parts.accounts.create_admin("autre@exemple.fr", "cheval-agrafe-2", "Chef") == "cheval-agrafe-2"


async def test_special_use_addresses_are_refused_in_production_only(environ: dict[str, str], parts: Parts) -> None:
    await parts.accounts.create_admin("a@pod.test", None, "Chef")
    production = {"APP_ENV": "production", "ZR7_CONSENT_MODE": "record", "MDL_CONSENT_MODE": "record",
                  "JWT_SECRET": "0123456789-0123456789-0123456789-0123", "SECRETS_KEY": "1e" * 20,
                  "ZR7_SMTP_PASSWORD": "p-1", "MDL_SMTP_PASSWORD": "p-2"}  # fmt: skip
    there = bootstrap.build(load({**environ, **production}))
    try:
        with pytest.raises(InvalidInput):
            await there.accounts.create_admin("b@pod.test", None, "Chef")
    finally:
        await bootstrap.stop(there)


async def test_the_list_of_users_is_read_through_an_index(
    http: httpx.AsyncClient, parts: Parts, commands: CommandLog
) -> None:
    asked = [await headers(parts, "super_admin", "ZR7", scope) for scope in ("BOTH", "ZR7")]
    with listening(commands):
        for one in asked:
            for params in ({}, {"active_only": True}):
                assert (await http.get(USERS, params=params, headers=one)).status_code == 200
    assert len(commands.seen) >= 8
    assert await slow_plans(parts, commands) == []
