"""An address that its server says does not exist is not written to again until a person says so."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from backend.core.mongo import Doc
from tests.support.departure import hand_over, settle
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def refused(trade: Trade, mail: MailServer, reply: str, only: str) -> None:
    """A lead leaves, and the server answers `reply` for this recipient."""
    await trade.lead()
    mail.refuse("RCPT", reply, only=only)
    await hand_over(trade)
    await settle(trade)
    mail.behave()
    trade.parts.parametres.forget()


async def test_an_unknown_address_is_suppressed_and_lifting_it_routes_what_waited(
    trade: Trade, mail: MailServer
) -> None:
    boss = await headers(trade.parts, "ops", "ZR7")
    client, _ = await trade.buyer()
    await refused(trade, mail, "550 5.1.1 no such user", client.email)
    [shown] = (await trade.http.get("/api/suppressions", headers=boss)).json()["suppressions"]
    assert (shown["address"], shown["reason"], shown["code"]) == (client.email, "550 5.1.1 no such user", "550")
    assert (await trade.row("event_log", action="address_suppressed"))["details"]["address"] == client.email
    seen: Doc = (await trade.http.get(f"/api/clients/{client.id}", headers=boss)).json()["client"]
    assert (seen["has_valid_channel"], seen["deliverable_code"]) == (False, "all_emails_suppressed")
    assert "écartées" in seen["deliverable_reason"]
    assert (await trade.parts.suppressions.health(trade.parts.everyone))["status"] == "warning"
    waiting = await trade.lead()
    assert waiting["status"] not in {"routed", "livre"}

    assert (await trade.http.delete(f"/api/suppressions/{client.email}", headers=boss)).json()["entities"] == ["ZR7"]
    trade.parts.parametres.forget()
    await settle(trade)
    assert (await trade.stored(waiting["id"]))["status"] == "routed"
    assert (await trade.http.delete(f"/api/suppressions/{client.email}", headers=boss)).status_code == 404
    assert (await trade.row("event_log", action="address_unsuppressed"))["user"] != "system"


async def test_the_other_addresses_of_the_client_are_written_to(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(delivery_emails=["a@zr7-buyers.fr", "b@zr7-buyers.fr"])
    await trade.commande(client)
    await refused(trade, mail, "551 5.1.6 moved", "a@zr7-buyers.fr")
    assert (await trade.parts.clients.reach(client)).recipients == ("b@zr7-buyers.fr",)


async def test_a_policy_refusal_says_nothing_of_the_address(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    await refused(trade, mail, "550 5.7.1 blocked by policy", client.email)
    assert not await trade.rows("suppressions")
    assert (await trade.parts.clients.reach(client)).ok


async def test_a_suppressed_address_corrects_nothing(trade: Trade, mail: MailServer) -> None:
    boss = await headers(trade.parts, "ops", "ZR7")
    client = await trade.client(delivery_emails=["a@zr7-buyers.fr"])
    await trade.commande(client)
    await refused(trade, mail, "553 no mailbox here by that name", "a@zr7-buyers.fr")
    row = await trade.row("outbox", kind="email")
    url = f"/api/outbox/{row['_id']}/correct-recipient"
    assert (await trade.http.post(url, json={"to": "a@zr7-buyers.fr"}, headers=boss)).status_code in {409, 422}
    assert (await trade.http.post(url, json={"to": client.email}, headers=boss)).status_code == 201
