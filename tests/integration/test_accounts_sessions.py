"""Signing in, staying in, signing out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from backend import bootstrap
from backend.bootstrap import Parts
from backend.core.clock import utcnow
from backend.server import create_app
from backend.settings import load
from tests.support.people import PASSWORD, headers, headers_of, person

LOGIN = "/api/auth/login"
ME = "/api/auth/me"


async def sign_in(http: httpx.AsyncClient, email: str, password: str = PASSWORD, **kwargs: Any) -> httpx.Response:
    answer = await http.post(LOGIN, json={"email": email, "password": password}, **kwargs)
    http.cookies.clear()
    return answer


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_login_answers_a_token_that_works(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts, "ops", "MDL")
    answer = await sign_in(http, f"  {user.email.upper()} ")
    assert answer.status_code == 200
    body = answer.json()
    assert body["user"]["email"] == user.email and body["user"]["entity"] == "MDL"
    assert body["user"]["permissions"]["leads.view"] is True
    assert body["expires_in"] == 900
    mine = await http.get(ME, headers=bearer(body["token"]))
    assert mine.status_code == 200 and mine.json()["id"] == user.id
    assert "password" not in mine.text and "argon2" not in answer.text + mine.text


async def test_login_is_told_with_its_address(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts, "ops")
    await sign_in(http, user.email, headers={"X-Forwarded-For": "6.6.6.6"})
    event = await parts.mongo.collection("event_log").find_one({"action": "login"})
    assert event is not None
    assert (event["entity_id"], event["user"], event["entity"]) == (user.id, user.email, "ZR7")
    assert event["details"]["ip"] == "127.0.0.1", "X-Forwarded-For counts behind our own proxy only"


async def test_wrong_password_and_unknown_account_answer_alike(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    wrong = await sign_in(http, user.email, "not the password")
    unknown = await sign_in(http, "nobody@exemple.fr", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    told, other = wrong.json(), unknown.json()
    assert {**told, "request_id": ""} == {**other, "request_id": ""}
    assert not wrong.cookies and not unknown.cookies


async def test_an_inactive_account_is_told_so_only_with_its_password(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts, email="gone@exemple.fr", is_active=False)
    assert (await sign_in(http, user.email, "wrong")).status_code == 401
    assert (await sign_in(http, user.email)).status_code == 403


@pytest.mark.parametrize("body", [
    {}, {"email": "a@b.fr"}, {"email": {"$ne": ""}, "password": {"$ne": ""}}, {"email": ["a"], "password": "x"},
    {"email": "a\x00b", "password": "x"}, {"email": "a@b.fr", "password": "x" * 1025},
    {"email": "a@b.fr", "password": "é" * 600}, {"email": "a@b.fr", "password": "x", "admin": True},
    {"email": "a@b.fr", "password": 12345678}, [], None, "text",
])  # fmt: skip
async def test_malformed_login(http: httpx.AsyncClient, parts: Parts, body: Any) -> None:
    answer = await http.post(LOGIN, json=body)
    assert answer.status_code == 422
    assert answer.json()["error"] == "invalid_input"


async def test_guessing_is_slowed_and_the_owner_elsewhere_is_not(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    for _ in range(10):
        assert (await sign_in(http, user.email, "wrong")).status_code == 401
    refused = await sign_in(http, user.email)
    assert refused.status_code == 429 and refused.json()["error"] == "rate_limited"
    assert 0 < int(refused.headers["retry-after"]) <= 15 * 60
    elsewhere = httpx.ASGITransport(create_app(parts=parts), client=("10.1.1.1", 1))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://testserver") as owner:
        assert (await sign_in(owner, user.email)).status_code == 200


async def test_a_volley_of_guesses_counts_before_it_is_answered(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    answers = await asyncio.gather(*(sign_in(http, user.email, "wrong") for _ in range(30)))
    assert sorted(one.status_code for one in answers) == [401] * 10 + [429] * 20


@pytest.mark.parametrize("given", [
    {}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer "}, {"Authorization": "Basic YTpi"},
    {"Authorization": ""}, {"Cookie": "rdz=x"}, {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
])  # fmt: skip
async def test_without_a_session(http: httpx.AsyncClient, parts: Parts, given: dict[str, str]) -> None:
    answer = await http.get(ME, headers=given)
    assert answer.status_code == 401 and answer.json()["error"] == "unauthenticated"


async def test_log_out_ends_the_session_at_once(http: httpx.AsyncClient, parts: Parts) -> None:
    mine, other = await headers(parts), await headers(parts)
    assert (await http.get(ME, headers=mine)).status_code == 200
    assert (await http.post("/api/auth/logout", headers=mine)).json() == {"success": True}
    assert (await http.get(ME, headers=mine)).status_code == 401
    assert (await http.get(ME, headers=other)).status_code == 200, "another session of the same person lives on"
    assert await parts.mongo.collection("event_log").count_documents({"action": "logout"}) == 1


async def test_a_session_ended_elsewhere_ends_here_within_five_seconds(
    http: httpx.AsyncClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = await headers(parts)
    assert (await http.get(ME, headers=mine)).status_code == 200
    await parts.mongo.collection("sessions").delete_many({})  # as another process would
    real = parts.accounts._memory._clock
    monkeypatch.setattr(parts.accounts._memory, "_clock", lambda: real() + 5)
    assert (await http.get(ME, headers=mine)).status_code == 401


async def test_an_expired_session_is_refused_though_remembered(http: httpx.AsyncClient, parts: Parts) -> None:
    mine = await headers(parts)
    past = utcnow() - timedelta(seconds=1)
    await parts.mongo.collection("sessions").update_many({}, {"$set": {"expires_at": past}})
    assert (await http.get(ME, headers=mine)).status_code == 401


async def refresh(http: httpx.AsyncClient, token: str) -> httpx.Response:
    answer = await http.post("/api/auth/refresh", json={"refresh_token": token})
    http.cookies.clear()
    return answer


async def test_refresh_rotates(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    first = (await sign_in(http, user.email)).json()["refresh_token"]
    answer = await refresh(http, first)
    assert answer.status_code == 200
    second = answer.json()["refresh_token"]
    assert second != first
    assert (await http.get(ME, headers=bearer(answer.json()["token"]))).status_code == 200
    assert (await refresh(http, second)).status_code == 200
    stored = await parts.mongo.collection("sessions").find_one({})
    assert stored is not None and first not in str(stored) and second not in str(stored)


async def test_two_tabs_refreshing_together_get_the_same_successor(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    first = (await sign_in(http, user.email)).json()["refresh_token"]
    answers = await asyncio.gather(*(refresh(http, first) for _ in range(5)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["refresh_token"] for one in answers}) == 1


async def test_a_refresh_token_shown_again_ends_the_session(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    first = (await sign_in(http, user.email)).json()["refresh_token"]
    body = (await refresh(http, first)).json()
    assert (await http.get(ME, headers=bearer(body["token"]))).status_code == 200
    long_ago = {"$set": {"previous_until": utcnow() - timedelta(seconds=1)}}
    await parts.mongo.collection("sessions").update_many({}, long_ago)
    assert (await refresh(http, first)).status_code == 401
    assert (await refresh(http, body["refresh_token"])).status_code == 401, "thief and owner are both out"
    assert (await http.get(ME, headers=bearer(body["token"]))).status_code == 401
    assert await parts.mongo.collection("event_log").count_documents({"action": "session_revoked"}) == 1


@pytest.mark.parametrize("token", ["x", "unknown.secret", ".", "a.b.c", "é.é"])
async def test_an_unknown_refresh_token(http: httpx.AsyncClient, parts: Parts, token: str) -> None:
    assert (await refresh(http, token)).status_code == 401


async def test_refresh_without_a_token_or_of_who_was_deactivated(http: httpx.AsyncClient, parts: Parts) -> None:
    assert (await http.post("/api/auth/refresh")).status_code == 401
    assert (await http.post("/api/auth/refresh", json={})).status_code == 401
    user = await person(parts)
    token = (await sign_in(http, user.email)).json()["refresh_token"]
    await parts.mongo.collection("users").update_one({"id": user.id}, {"$set": {"is_active": False}})
    assert (await refresh(http, token)).status_code == 401


async def test_cookies_carry_the_session_and_writes_need_the_csrf_header(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts, "super_admin")
    body = (await http.post(LOGIN, json={"email": user.email, "password": PASSWORD})).json()
    assert http.cookies["rdz"] == body["token"] and http.cookies["rdz-csrf"] == body["csrf_token"]
    assert (await http.get(ME)).status_code == 200, "reading needs no header"
    path, new = "/api/auth/users", {"email": "n@exemple.fr", "password": PASSWORD, "nom": "N", "entity": "ZR7"}
    for wrong in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": body["csrf_token"][:-1]}):
        assert (await http.post(path, json=new, headers=wrong)).status_code == 403
    assert (await http.post("/api/auth/logout")).status_code == 403
    assert (await http.post("/api/auth/refresh")).status_code == 403
    right = {"X-CSRF-Token": http.cookies["rdz-csrf"]}
    assert (await http.post(path, json=new, headers=right)).status_code == 201
    renewed = await http.post("/api/auth/refresh", headers=right)
    assert renewed.status_code == 200 and "refresh_token" not in renewed.json(), "a page never reads it"
    assert (await http.post("/api/auth/logout", headers=right)).status_code == 200
    assert "rdz" not in http.cookies and "rdz-refresh" not in http.cookies


async def test_a_csrf_token_of_another_session_is_refused(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    stranger = (await sign_in(http, (await person(parts, "admin", "MDL")).email)).json()["csrf_token"]
    await http.post(LOGIN, json={"email": user.email, "password": PASSWORD})
    assert (await http.post("/api/auth/logout", headers={"X-CSRF-Token": stranger})).status_code == 403


async def test_bearer_wins_over_a_cookie_and_needs_no_header(http: httpx.AsyncClient, parts: Parts) -> None:
    await http.post(LOGIN, json={"email": (await person(parts)).email, "password": PASSWORD})
    other = await headers(parts, "admin", "MDL")
    assert (await http.get(ME, headers=other)).json()["entity"] == "MDL"
    assert (await http.post("/api/auth/logout", headers=other)).status_code == 200


async def test_cookie_flags_on_https(environ: dict[str, str], parts: Parts) -> None:
    user = await person(parts)
    behind = bootstrap.build(load({**environ, "BACKEND_URL": "https://rdz.fr", "TRUST_PROXY": "true"}))
    transport = httpx.ASGITransport(create_app(parts=behind))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="https://rdz.fr") as http:
            forwarded = {"X-Forwarded-For": "6.6.6.6, 9.9.9.9"}
            answer = await sign_in(http, user.email, headers=forwarded)
    finally:
        await bootstrap.stop(behind)
    set_cookies = {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}
    assert sorted(set_cookies) == ["__Host-rdz", "__Host-rdz-csrf", "__Host-rdz-refresh"]
    for name, line in set_cookies.items():
        flags = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"secure", "path=/", "samesite=lax"} <= flags
        assert ("httponly" in flags) is (name != "__Host-rdz-csrf")
        assert not any(flag.startswith("domain") for flag in flags)
    event = await parts.mongo.collection("event_log").find_one({"action": "login"})
    assert event is not None and event["details"]["ip"] == "9.9.9.9", "the address our proxy saw"


async def test_change_of_password(http: httpx.AsyncClient, parts: Parts) -> None:
    user = await person(parts)
    mine, elsewhere = await headers(parts), await headers(parts)
    path = "/api/auth/password"

    async def ask(current: str, new: str) -> httpx.Response:
        return await http.post(path, json={"current_password": current, "new_password": new}, headers=mine)

    assert (await ask("wrong", "une phrase assez longue")).status_code == 403
    weak = await ask(PASSWORD, "motdepasse123")
    assert weak.status_code == 422 and "new_password" in weak.json()["detail"]
    assert (await ask(PASSWORD, "une phrase assez longue")).json() == {"success": True}
    assert (await http.get(ME, headers=mine)).status_code == 200
    assert (await http.get(ME, headers=elsewhere)).status_code == 401
    assert (await sign_in(http, user.email)).status_code == 401
    assert (await sign_in(http, user.email, "une phrase assez longue")).status_code == 200
    log = await parts.mongo.collection("event_log").find({"action": "password_changed"}).to_list(None)
    assert len(log) == 1 and "phrase" not in str(log)


@pytest.mark.parametrize(("header", "seen"), [
    (None, {"ZR7", "MDL"}), ("BOTH", {"ZR7", "MDL"}), ("zr7", {"ZR7"}), ("MDL", {"MDL"}), ("FOO", {"ZR7", "MDL"}),
    ("", {"ZR7", "MDL"}), ("$ne", {"ZR7", "MDL"}),
])  # fmt: skip
async def test_scope_header_of_a_super_admin(
    http: httpx.AsyncClient, parts: Parts, header: str | None, seen: set[str]
) -> None:
    await person(parts, "ops", "ZR7")
    await person(parts, "ops", "MDL")
    asked = await headers(parts, "super_admin", "ZR7", header)
    users = (await http.get("/api/auth/users", headers=asked)).json()["users"]
    assert {user["entity"] for user in users} == seen


@pytest.mark.parametrize("header", ["BOTH", "ZR7", "FOO", None])
async def test_scope_header_of_others_is_ignored(http: httpx.AsyncClient, parts: Parts, header: str | None) -> None:
    manager = await person(parts, "admin", "MDL", email="m@exemple.fr", permissions={"users.manage": True})
    await person(parts, "ops", "ZR7")
    users = (await http.get("/api/auth/users", headers=await headers_of(parts, manager, header))).json()["users"]
    assert {user["entity"] for user in users} == {"MDL"}
