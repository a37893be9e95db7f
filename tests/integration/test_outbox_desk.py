"""What an operator does to rows: put back, take out, correct the address; the deliveries follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.clients.models import ClientUpdate
from backend.core.mongo import Doc
from tests.support.departure import hand_over, settle
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

UNKNOWN = "450 4.2.1 try later"


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


@pytest_asyncio.fixture
async def boss(trade: Trade) -> dict[str, str]:
    return await headers(trade.parts, "ops", "ZR7")


async def post(trade: Trade, boss: dict[str, str], row: Doc, action: str, **body: Any) -> httpx.Response:
    return await trade.http.post(f"/api/outbox/{row['_id']}/{action}", json=body, headers=boss)


async def status(trade: Trade) -> set[str]:
    return {one["status"] for one in await trade.rows("deliveries", current=True)}


async def dead_row(trade: Trade, mail: MailServer) -> Doc:
    """A batch of one lead that nobody took until its deadline."""
    await trade.lead()
    mail.refuse("RCPT", UNKNOWN)
    await hand_over(trade)
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(hours=73))
    await settle(trade)
    mail.behave()
    return await trade.row("outbox", kind="email")


async def test_what_gave_up_is_dead_fails_its_delivery_and_one_action_sends_it(
    trade: Trade, mail: MailServer, boss: dict[str, str]
) -> None:
    await trade.buyer()
    row = await dead_row(trade, mail)
    assert (row["state"], await status(trade)) == ("dead", {"failed"})
    health = await trade.parts.outbox.health(trade.parts.everyone)
    assert health["status"] == "warning" and health["rows"]["dead"] == 1
    assert await trade.parts.batches.revive("ZR7") == 0  # after 72 h a person decides
    assert (await post(trade, boss, row, "requeue")).json() == {"success": True, "state": "pending"}
    waiting = (await trade.http.get("/api/outbox", headers=boss)).json()
    assert waiting["counts"]["pending"] == 1 and waiting["oldest_waiting_s"] > 72 * 3600
    await settle(trade)
    assert len(mail.messages) == 1 and await status(trade) == {"sent"}
    assert (await trade.row("event_log", action="outbox_requeued"))["details"] == {"was": "dead"}
    assert (await post(trade, boss, row, "requeue")).status_code == 409


async def test_a_cancelled_row_never_leaves_and_its_delivery_can_be_cancelled(
    trade: Trade, mail: MailServer, boss: dict[str, str]
) -> None:
    await trade.buyer()
    lead = await trade.lead()
    await hand_over(trade)
    row = await trade.row("outbox", kind="email")
    assert (await post(trade, boss, row, "cancel", reason="erreur")).json()["state"] == "cancelled"
    assert await status(trade) == {"failed"}
    await settle(trade)
    assert not mail.messages
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    answer = await trade.http.post(f"/api/deliveries/{delivery['id']}/cancel", json={}, headers=boss)
    assert answer.status_code == 200
    late = await post(trade, boss, row, "requeue")
    assert late.status_code == 409, "its lead is free again"
    await settle(trade)
    assert not mail.messages
    event = await trade.row("event_log", action="outbox_cancelled")
    assert event["details"] == {"was": "pending", "reason": "erreur"} and event["user"] != "system"


async def test_a_corrected_address_gets_the_same_file_once(
    trade: Trade, mail: MailServer, boss: dict[str, str]
) -> None:
    client, _ = await trade.buyer()
    row = await dead_row(trade, mail)
    body = ClientUpdate(delivery_emails=["juste@zr7-buyers.fr"])
    await trade.parts.clients.update(trade.parts.everyone, client.id, body, "test")
    made = await post(trade, boss, row, "correct-recipient", to="juste@zr7-buyers.fr")
    assert made.status_code == 201 and made.json()["row_id"] != row["_id"]
    await settle(trade)
    [message] = mail.messages
    assert message.to == "juste@zr7-buyers.fr"
    assert message.attachments[row["payload"]["filename"]].decode() == row["payload"]["csv"]
    sent = await trade.row("deliveries", status="sent")
    assert sent["sent_to"] == ["juste@zr7-buyers.fr"]
    old = await trade.row("outbox", _id=row["_id"])
    assert (old["state"], old["payload"]) == ("cancelled", row["payload"])
    assert (await post(trade, boss, row, "requeue")).status_code == 409
    told = await trade.row("event_log", action="outbox_recipient_corrected")
    assert told["details"] == {"from": client.email, "to": "juste@zr7-buyers.fr"}


@pytest.mark.parametrize("to", ["etranger@ailleurs.fr", "a@b.fr, c@d.fr", "a@b.fr\r\nRCPT TO:<e@f.fr>", "<a@b.fr>"])
async def test_an_address_that_is_not_the_clients_is_refused(
    trade: Trade, mail: MailServer, boss: dict[str, str], to: str
) -> None:
    await trade.buyer()
    await trade.lead()
    await hand_over(trade)
    row = await trade.row("outbox", kind="email")
    answer = await post(trade, boss, row, "correct-recipient", to=to)
    assert answer.status_code == 422 and "to" in answer.json()["detail"], answer.text
    assert len(await trade.rows("outbox", kind="email")) == 1


async def test_the_recipient_it_already_goes_to_is_refused(
    trade: Trade, mail: MailServer, boss: dict[str, str]
) -> None:
    client, _ = await trade.buyer()
    await trade.lead()
    await hand_over(trade)
    row = await trade.row("outbox", kind="email")
    assert (await post(trade, boss, row, "correct-recipient", to=client.email)).status_code == 409


async def test_everything_that_failed_on_a_channel_goes_back_at_once_but_what_was_cancelled(
    trade: Trade, mail: MailServer, boss: dict[str, str]
) -> None:
    await trade.buyer()
    await trade.buyer("Toiture du Nord", produit="PAC")
    await trade.buyer("Isol Ouest", produit="ITE")
    for produit in ("PV", "PAC", "ITE"):
        await trade.lead(produit=produit)
    mail.refuse("RCPT", "554 5.7.1 policy", times=3)
    await hand_over(trade)
    await settle(trade)
    assert {row["state"] for row in await trade.rows("outbox", kind="email")} == {"failed"}
    gone = (await trade.rows("deliveries"))[0]
    await trade.http.post(f"/api/deliveries/{gone['id']}/cancel", json={}, headers=boss)
    answer = await trade.http.post("/api/outbox/channels/smtp:ZR7/requeue", headers=boss)
    assert answer.json() == {"success": True, "requeued": 2, "refused": 0}
    await settle(trade)
    assert len(mail.messages) == 2
    foreign = await trade.http.post("/api/outbox/channels/smtp:MDL/requeue", headers=boss)
    assert foreign.status_code == 404


async def test_the_list_narrows_by_kind_and_client(trade: Trade, mail: MailServer, boss: dict[str, str]) -> None:
    client, _ = await trade.buyer()
    await trade.lead()
    await hand_over(trade)
    for params, total in (
        ({"client_id": client.id}, 1),
        ({"client_id": "nobody"}, 0),
        ({"kind": "email", "state": "pending"}, 1),
        ({"kind": "email_copy"}, 0),
    ):
        assert (await trade.http.get("/api/outbox", params=params, headers=boss)).json()["total"] == total
