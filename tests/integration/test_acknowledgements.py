"""The recipient of a batch says that it arrived: by the link of its e-mail, by a button, once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from backend.core.mongo import Doc
from tests.support.departure import hand_over, leave, settle
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

LINK = re.compile(r"https?://\S+/api/public/receipts/\S+")


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


@pytest_asyncio.fixture
async def link(trade: Trade, mail: MailServer) -> str:
    """The path that the e-mail of a batch of two leads gives."""
    await trade.buyer()
    await trade.lead()
    await trade.lead(nom="Lefèvre")
    await leave(trade)
    return path(mail)


def path(mail: MailServer, at: int = -1) -> str:
    [url] = LINK.findall(text(mail, at))
    assert url.startswith("http://127.0.0.1:8001/api/public/receipts/")
    return str(url.removeprefix("http://127.0.0.1:8001"))


def text(mail: MailServer, at: int = -1) -> str:
    body = mail.messages[at].message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def batches(trade: Trade, who: dict[str, str], **params: Any) -> list[Doc]:
    answer = await trade.http.get("/api/batches", params=params, headers=who)
    assert answer.status_code == 200, answer.text
    found: list[Doc] = answer.json()["batches"]
    return found


def plain(answer: httpx.Response) -> None:
    """A page that nothing can be smuggled into, and that runs nothing."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers and "<script" not in answer.text and "src=" not in answer.text


async def test_a_look_changes_nothing_and_shows_what_was_delivered_without_anybodys_data(
    trade: Trade, link: str
) -> None:
    before = await trade.row("delivery_batches")
    for _ in range(3):
        page = await trade.http.get(link)
        plain(page)
        assert page.status_code == 200 and '<form method="post">' in page.text
    for shown in ("ZR7 Consulting", before["csv_filename"], "<dd>2</dd>", "11/03/2026"):
        assert shown in page.text
    for hidden in ("Durand", "Lefèvre", "01 99", "+33199", "0199", before["id"], before["client_name"]):
        assert hidden not in page.text
    assert await trade.row("delivery_batches") == before
    assert not await trade.rows("event_log", action="batch_acknowledged")


async def test_the_button_acknowledges_once_and_the_first_one_counts(trade: Trade, link: str) -> None:
    viewer = await headers(trade.parts, "viewer", "ZR7")
    [manifest] = await batches(trade, viewer, acknowledged="false")
    first = await trade.http.post(link, headers={"User-Agent": "Courrier/1.0\x7f" + "x" * 400})
    plain(first)
    assert first.status_code == 200 and "a été confirmée le 11/03/2026 à 10:0" in first.text
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=1))
    kept = await trade.row("delivery_batches")
    again = await trade.http.post(link, headers={"User-Agent": "Autre"})
    assert (again.status_code, again.text) == (200, first.text)
    assert await trade.row("delivery_batches") == kept
    assert "Réception confirmée" in (await trade.http.get(link)).text
    [event] = await trade.rows("event_log", action="batch_acknowledged")
    assert (event["entity_id"], event["entity"], event["user"]) == (manifest["id"], "ZR7", "client")
    receipt = (await trade.http.get(f"/api/batches/{manifest['id']}", headers=viewer)).json()
    assert receipt["acknowledged"]["at"] == receipt["batch"]["acknowledged_at"] is not None
    assert receipt["acknowledged"]["ip"] == "127.0.0.1"
    assert (
        receipt["acknowledged"]["user_agent"].startswith("Courrier/1.0x")
        and len(receipt["acknowledged"]["user_agent"]) <= 300
    )
    assert await batches(trade, viewer, acknowledged="false") == []
    assert [one["acknowledgement"] for one in await batches(trade, viewer, acknowledged="true")] == ["given"]


async def test_a_forged_link_shows_nothing_and_an_old_one_no_more(trade: Trade, link: str) -> None:
    before = await trade.row("delivery_batches")
    token = link.rpartition("/")[2]
    swapped = ("B" if token[0] != "B" else "C") + token[1:]
    for wrong in (swapped, token[:-1], token + "A", "x", before["id"], "a" * 3000):
        for method in ("GET", "POST"):
            answer = await trade.http.request(method, f"/api/public/receipts/{wrong}")
            plain(answer)
            assert answer.status_code == 404 and before["csv_filename"] not in answer.text
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=60, minutes=5))
    for method in ("GET", "POST"):
        answer = await trade.http.request(method, link)
        plain(answer)
        assert answer.status_code == 410 and before["csv_filename"] not in answer.text
    assert await trade.row("delivery_batches") == before


async def test_the_link_is_in_no_log(trade: Trade, link: str) -> None:
    token = link.rpartition("/")[2]
    with capture_logs() as logs:
        for method, asked in (("GET", link), ("POST", link), ("GET", f"{link}/x"), ("GET", f"{link}/")):
            await trade.http.request(method, asked)
    assert len(logs) == 4 and token not in repr(logs)
    assert {one["path"] for one in logs} == {"/api/public/receipts/…"}


async def test_copies_carry_no_link(trade: Trade, mail: MailServer, link: str) -> None:
    """Nobody acknowledges for the client: neither who asked for a copy nor the simulation's mailbox."""
    ops = await headers(trade.parts, "ops", "ZR7")
    delivery = await trade.row("deliveries", status="sent")
    copy = await trade.http.post(f"/api/deliveries/{delivery['id']}/send", json={"force": True}, headers=ops)
    assert copy.status_code == 202, copy.text
    await settle(trade)
    assert mail.messages[-1].subject.startswith("Copie : ") and not LINK.search(text(mail))
    boss = await headers(trade.parts, "admin", "ZR7")
    simulated = {"simulation_mode": True, "simulation_email": "essai@zr7.fr"}
    assert (await trade.http.put("/api/settings/email-denylist", json=simulated, headers=boss)).status_code == 200
    await trade.lead()
    await leave(trade)
    assert mail.messages[-1].subject.startswith("[SIMULATION]") and not LINK.search(text(mail))
    assert {one["acknowledgement"] for one in await trade.rows("delivery_batches")} == {"asked", "none"}


async def test_every_recipient_has_the_same_link_and_the_text_stays_short(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(delivery_emails=["a@zr7-buyers.fr", "b@zr7-buyers.fr"])
    await trade.commande(client)
    await trade.lead()
    await leave(trade)
    assert len({path(mail, n) for n in range(len(mail.messages))}) == 1 and len(mail.messages) >= 2
    assert len(text(mail).splitlines()) < 15


async def test_a_batch_taken_back_is_not_acknowledged(trade: Trade, mail: MailServer) -> None:
    """Refused for good, then cancelled: a link that a server kept all the same leads nowhere."""
    ops = await headers(trade.parts, "ops", "ZR7")
    await trade.buyer()
    lead = await trade.lead()
    await hand_over(trade)
    row = await trade.row("outbox", kind="email")
    [url] = LINK.findall(row["payload"]["text"])
    link = url.removeprefix("http://127.0.0.1:8001")
    mail.refuse("RCPT", "554 5.7.1 policy", times=1)
    await settle(trade)
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    gone = await trade.http.post(f"/api/deliveries/{delivery['id']}/cancel", json={}, headers=ops)
    assert gone.status_code == 200, gone.text
    assert [(await trade.http.request(method, link)).status_code for method in ("GET", "POST")] == [404, 404]


async def test_what_is_not_acknowledged_is_listed_the_oldest_first(trade: Trade, mail: MailServer, link: str) -> None:
    viewer, other = await headers(trade.parts, "viewer", "ZR7"), await headers(trade.parts, "viewer", "MDL")
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=6))
    await trade.lead()
    await leave(trade)
    first, second = await batches(trade, viewer, acknowledged="false", limit=500)
    assert first["created_at"] > second["created_at"]
    assert [one["id"] for one in await batches(trade, viewer, week="2026-W11")] == [second["id"]]
    assert [one["id"] for one in await batches(trade, viewer, week="2026-W12")] == [first["id"]]
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=2))

    async def waiting(days: int, **more: Any) -> list[str]:
        return [one["id"] for one in await batches(trade, viewer, unacknowledged_for_days=days, **more)]

    assert await waiting(1) == [second["id"], first["id"]] and await waiting(7) == [second["id"]]
    assert await waiting(1, limit=1, skip=1) == [first["id"]] and await waiting(9) == []
    assert await waiting(1, week="2026-W12") == [first["id"]]
    assert await batches(trade, other, unacknowledged_for_days=1) == []
    await trade.http.post(link)
    assert await waiting(1) == [first["id"]]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"week": "2026-W99"}, 422),
        ({"unacknowledged_for_days": 0}, 422),
        ({"acknowledged": "peut-être"}, 422),
        ({"acknowledged": "true", "unacknowledged_for_days": 7}, 400),
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused(trade: Trade, params: Any, status: int) -> None:
    viewer = await headers(trade.parts, "viewer", "ZR7")
    assert (await trade.http.get("/api/batches", params=params, headers=viewer)).status_code == status
