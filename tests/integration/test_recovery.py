"""A password forgotten, or never chosen: a link received by e-mail, good once and not for long."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from tests.support.departure import settle
from tests.support.people import PASSWORD, headers, headers_of, person
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

NEW = "une phrase assez longue"
FORGOT, RESET, USERS = "/api/auth/password/forgot", "/api/auth/password/reset", "/api/auth/users"


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        trade.parts.recovery.forget()
        yield server


async def asked(trade: Trade, email: str) -> httpx.Response:
    answer = await trade.http.post(FORGOT, json={"email": email})
    await settle(trade)
    return answer


def token(mail: MailServer) -> str:
    text = mail.messages[-1].message.get_content()
    found = re.search(r"/mot-de-passe#(\S+)", text)
    assert found is not None, text
    return found[1]


async def reset(trade: Trade, given: str, password: str = NEW) -> httpx.Response:
    return await trade.http.post(RESET, json={"token": given, "new_password": password})


async def signs_in(trade: Trade, email: str, password: str) -> bool:
    answer = await trade.http.post("/api/auth/login", json={"email": email, "password": password})
    trade.http.cookies.clear()
    return answer.status_code == 200


async def test_a_forgotten_password_is_chosen_again_once_and_ends_every_session(trade: Trade, mail: MailServer) -> None:
    user = await person(trade.parts, "ops")
    open_session = await headers_of(trade.parts, user)
    assert (await asked(trade, user.email)).status_code == 202
    link = token(mail)
    assert link not in str(await trade.rows("outbox")) + str(await trade.rows("password_links"))
    weak = await reset(trade, link, "court")
    assert (weak.status_code, list(weak.json()["detail"])) == (422, ["new_password"])
    assert (await reset(trade, link)).status_code == 200
    assert await signs_in(trade, user.email, NEW) and not await signs_in(trade, user.email, PASSWORD)
    assert (await trade.http.get("/api/auth/me", headers=open_session)).status_code == 401
    again = await reset(trade, link, "une autre phrase longue")
    assert (again.status_code, list(again.json()["detail"])) == (422, ["token"])
    event = await trade.row("event_log", action="password_changed", entity_id=user.id)
    assert event["details"]["by"] == "forgot"


async def test_an_unknown_or_inactive_address_is_answered_alike(trade: Trade, mail: MailServer) -> None:
    known = await person(trade.parts, "ops")
    gone = await person(trade.parts, "viewer", email="parti@exemple.fr", is_active=False)
    answers = [await asked(trade, one) for one in (known.email, gone.email, "personne@exemple.fr")]
    assert {(one.status_code, one.text) for one in answers} == {(202, answers[0].text)}
    assert [one.to for one in mail.messages] == [known.email]


async def test_the_last_link_asked_for_is_the_good_one_and_time_ends_it(trade: Trade, mail: MailServer) -> None:
    user = await person(trade.parts, "ops")
    await asked(trade, user.email)
    first = token(mail)
    await asked(trade, user.email)
    assert (await reset(trade, first)).status_code == 422
    links = trade.parts.mongo.collection("password_links")
    (kept,) = await trade.rows("password_links")
    assert kept["expires_at"] - kept["created_at"] == timedelta(minutes=30)
    await links.update_one({"id": kept["id"]}, {"$set": {"expires_at": kept["created_at"]}})
    assert (await reset(trade, token(mail))).status_code == 422


@pytest.mark.parametrize("forged", ["x", "0" * 36 + "." + "0" * 64, "{id}." + "0" * 64, "{id}"])
async def test_a_link_cannot_be_made_from_what_the_base_holds(trade: Trade, mail: MailServer, forged: str) -> None:
    await asked(trade, (await person(trade.parts, "ops")).email)
    (kept,) = await trade.rows("password_links")
    assert (await reset(trade, forged.format(id=kept["id"]))).status_code == 422


async def test_too_many_demands_wait(trade: Trade, mail: MailServer) -> None:
    statuses = [(await trade.http.post(FORGOT, json={"email": "une@exemple.fr"})).status_code for _ in range(6)]
    assert statuses == [202] * 5 + [429]


async def test_a_person_invited_chooses_their_password_and_can_be_invited_again(trade: Trade, mail: MailServer) -> None:
    boss = await headers(trade.parts, "super_admin", "ZR7", "ZR7")
    body = {"email": "nouvelle@exemple.fr", "nom": "Nouvelle", "entity": "ZR7", "role": "ops"}
    made = await trade.http.post(USERS, json=body, headers=boss)
    assert made.status_code == 201, made.text
    await settle(trade)
    first, user = token(mail), made.json()["user"]
    (kept,) = await trade.rows("password_links")
    assert kept["expires_at"] - kept["created_at"] == timedelta(days=7)
    assert (await trade.http.post(f"{USERS}/{user['id']}/invite", headers=boss)).status_code == 202
    await settle(trade)
    assert (await reset(trade, first)).status_code == 422
    assert (await reset(trade, token(mail))).status_code == 200
    assert await signs_in(trade, body["email"], NEW)
    assert len(await trade.rows("event_log", action="user_invited", entity_id=user["id"])) == 2


async def test_nobody_invites_a_person_of_the_other_company_or_one_who_left(trade: Trade, mail: MailServer) -> None:
    boss = await headers(trade.parts, "super_admin", "ZR7", "ZR7")
    stranger = await person(trade.parts, "ops", "MDL")
    gone = await person(trade.parts, "viewer", email="parti@exemple.fr", is_active=False)
    admin = await headers(trade.parts, "admin")
    for one, who, status in ((stranger, boss, 404), (gone, boss, 409), (gone, admin, 403)):
        assert (await trade.http.post(f"{USERS}/{one.id}/invite", headers=who)).status_code == status
    await settle(trade)
    assert mail.messages == []
