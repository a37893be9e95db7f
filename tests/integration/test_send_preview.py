"""What a sending by hand would send, read before it leaves, is what leaves."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.support.departure import leave, settle
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade


async def preview(trade: Trade, delivery_id: str, role: str = "ops") -> dict[str, Any]:
    path = f"/api/deliveries/{delivery_id}/preview"
    answer = await trade.http.get(path, headers=await headers(trade.parts, role))
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def send(trade: Trade, delivery_id: str, **body: Any) -> None:
    path = f"/api/deliveries/{delivery_id}/send"
    answer = await trade.http.post(path, json=body, headers=await headers(trade.parts, "ops"))
    assert answer.status_code == 202, answer.text
    await settle(trade)


async def test_the_message_and_the_file_are_those_that_leave_then_those_of_the_copy(trade: Trade) -> None:
    client, _ = await trade.buyer()
    lead = await trade.lead(nom="Fournier")
    async with mail_server() as server:
        server.serve(trade.parts)
        told = await preview(trade, lead["delivery_id"])
        assert (told["kind"], told["refused"], told["recipients"]) == ("send", None, [client.email])
        assert await trade.rows("delivery_batches") == []
        await send(trade, lead["delivery_id"])
        (mail,) = server.messages
        batch = await trade.row("delivery_batches", client_id=client.id)
        assert (told["filename"], told["subject"]) == (batch["csv_filename"], mail.subject)
        assert [told["columns"], *told["rows"]] == list(csv.reader(io.StringIO(batch["csv"])))
        copied = await preview(trade, lead["delivery_id"])
        assert (copied["kind"], copied["filename"]) == ("copy", batch["csv_filename"])
        await send(trade, lead["delivery_id"], force=True)
        assert copied["subject"] == server.messages[1].subject == f"Copie : {told['subject']}"


async def test_a_refusal_is_told_with_the_preview_and_five_rows_are_enough(trade: Trade) -> None:
    _, commande = await trade.buyer()
    leads = [await trade.lead() for _ in range(7)]
    async with mail_server() as server:
        server.serve(trade.parts)
        await leave(trade)
    told = await preview(trade, leads[0]["delivery_id"])
    assert (len(told["rows"]), told["leads"]) == (5, 7)
    waiting = await trade.lead()
    signed = await headers(trade.parts, "ops")
    await trade.http.put(f"/api/commandes/{commande.id}", json={"active": False}, headers=signed)
    assert "en pause" in (await preview(trade, waiting["delivery_id"]))["refused"]
    denied = await trade.http.get(
        f"/api/deliveries/{waiting['delivery_id']}/preview", headers=await headers(trade.parts, "viewer")
    )
    assert denied.status_code == 403
