"""Reminders of overdue invoices: what leaves, to whom, how often, and what may not leave any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from backend.clients.models import Client, ClientUpdate
from backend.core.mongo import Doc
from tests.support.books import companies, customer, desk, next_week
from tests.support.departure import settle
from tests.support.desk import Desk
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

BILLING = "compta@solaire-midi.fr"


@pytest_asyncio.fixture(autouse=True)
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        await companies(trade)
        yield server


async def debtor(trade: Trade, *amounts: str) -> tuple[Client, list[Doc]]:
    """A client whose invoices of these amounts HT are five days late, but for the last ten."""
    client = await customer(trade)
    body = ClientUpdate.model_validate({"billing_email": BILLING})
    await trade.parts.clients.update(trade.parts.everyone, client.id, body, "test")
    at, rows = await desk(trade, prefix="/api/invoices"), []
    for amount in amounts:
        made = await at.post("", {"client_id": client.id, "amount_ht": amount, "description": "Mise en place"})
        rows.append((await at.post(f"/{made.json()['invoice']['id']}/issue")).json()["invoice"])
    await next_week(trade, 5)  # due after 30 days, read after 35
    return client, rows


async def asked(at: Desk, client: Client, **given: Any) -> Doc:
    answer = await at.get("/reminders/draft", client_id=client.id, **given)
    assert answer.status_code == 200, answer.text
    told: Doc = answer.json()
    return told


def body_of(draft: Doc, **given: Any) -> Doc:
    kept = {name: draft[name] for name in ("client_id", "level", "subject", "message")}
    return kept | {"expected_total": draft["total_due"]} | given


async def reminded(trade: Trade, at: Desk, client: Client) -> str:
    """Remind at the level suggested, let it leave; answers the level."""
    draft = await asked(at, client)
    answer = await at.post("/reminders", body_of(draft))
    assert answer.status_code == 202, answer.text
    await settle(trade)
    return str(draft["level"])


async def test_what_is_read_is_what_leaves_with_every_invoice_joined(trade: Trade, mail: MailServer) -> None:
    client, (first, second) = await debtor(trade, "100.00", "50.00")
    at = await desk(trade)
    board = (await at.get("/invoices/overdue-dashboard")).json()["clients"]
    assert [(one["total_ttc"], one["reminded_at"]) for one in board] == [("180.00", None)]
    draft = await asked(at, client)
    assert (draft["to"], draft["level"], draft["total_due"], draft["attached"]) == (BILLING, "courteous", "180.00", 2)
    listed = [(one["invoice_number"], one["balance_due"], one["days_overdue"]) for one in draft["invoices"]]
    assert listed == [(first["invoice_number"], "120.00", 5), (second["invoice_number"], "60.00", 5)]
    assert "L. 441-10" not in draft["tail"], "a first reminder is courteous"
    mail.messages.clear()
    sent = await at.post("/reminders", body_of(draft, message="Bonjour,\n\nUn mot à nous."))
    assert (sent.status_code, sent.json()["reminder"]["state"]) == (202, "pending")
    await settle(trade)
    [message] = mail.messages
    assert (message.to, message.subject) == (BILLING, draft["subject"])
    text = message.message.get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert text.rstrip("\n") == f"Bonjour,\n\nUn mot à nous.\n\n{draft['tail']}".rstrip("\n")
    assert set(message.attachments) == {f"{one['invoice_number']}.pdf" for one in (first, second)}
    assert all(pdf.startswith(b"%PDF") for pdf in message.attachments.values())
    for place in ({"client_id": client.id}, {"invoice_id": second["id"]}):
        [kept] = (await at.get("/reminders", **place)).json()["reminders"]
        assert (kept["state"], kept["to"], kept["level"], kept["created_by"]) == (
            "sent", BILLING, "courteous", "admin.zr7@exemple.fr",
        )  # fmt: skip
    board = (await at.get("/invoices/overdue-dashboard")).json()["clients"]
    assert [(one["reminded_at"], one["reminder_level"]) for one in board] == [(kept["sent_at"], "courteous")]
    events = (await at.get("/event-log", action="invoice_reminder_asked")).json()["events"]
    assert {one["entity_id"] for one in events} == {first["id"], second["id"]}


async def test_the_level_follows_the_history_and_the_law_is_quoted_from_the_invoice(
    trade: Trade, mail: MailServer
) -> None:
    client, rows = await debtor(trade, "100.00", "50.00")
    at = await desk(trade)
    levels = []
    for _ in range(4):
        levels.append(await reminded(trade, at, client))
        await next_week(trade)
    assert levels == ["courteous", "firm", "last", "last"]
    draft = await asked(at, client)
    assert draft["last"]["level"] == "last"
    assert draft["subject"].startswith("Dernier rappel avant mise en demeure : 2 factures échues")
    assert "Malgré notre message du 06/05/2026" in draft["message"]
    rate = rows[0]["legal"]["late_penalties"]
    law = f"pénalités de retard ({rate}) et une indemnité forfaitaire pour frais de recouvrement de 40,00\u00a0€"
    assert law in draft["tail"]
    assert "80,00\u00a0€ d'indemnités à ce jour pour 2 factures" in draft["tail"]
    assert (await asked(at, client, level="courteous"))["suggested"] == "last", "the level can be chosen all the same"


async def test_the_same_reminder_leaves_once_a_day_unless_confirmed(trade: Trade, mail: MailServer) -> None:
    client, _ = await debtor(trade, "100.00")
    at = await desk(trade)
    body = body_of(await asked(at, client))
    mail.messages.clear()
    answers = await asyncio.gather(*(at.post("/reminders", body) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [202, 409, 409, 409]
    assert {one.json()["error"] for one in answers if one.status_code == 409} == {"already_reminded"}
    await settle(trade)
    assert len(mail.messages) == 1
    assert (await asked(at, client, level="courteous"))["today"]["by"] == "admin.zr7@exemple.fr"
    assert (await at.post("/reminders", body | {"again": True})).status_code == 202
    await settle(trade)
    assert len(mail.messages) == 2
    assert (await at.post("/reminders", body | {"level": "firm"})).status_code == 202, "another level is another one"


async def test_what_is_paid_or_credited_never_leaves(trade: Trade, mail: MailServer) -> None:
    client, (paid, partly, voided) = await debtor(trade, "100.00", "50.00", "10.00")
    at = await desk(trade)
    draft = await asked(at, client)
    await at.post(f"/invoices/{paid['id']}/mark-paid")
    await at.post(f"/invoices/{voided['id']}/credit-note", {"reason": "Erreur"})
    stale = await at.post("/reminders", body_of(draft))
    assert (stale.status_code, stale.json()["error"]) == (409, "reminder_changed")
    draft = await asked(at, client)
    assert [one["invoice_id"] for one in draft["invoices"]] == [partly["id"]]
    for gone in (paid, voided):
        answer = await at.get("/reminders/draft", client_id=client.id, invoice_id=gone["id"])
        assert (answer.status_code, answer.json()["error"]) == (404, "nothing_overdue")
    mail.messages.clear()
    assert (await at.post("/reminders", body_of(draft))).status_code == 202  # waits: nothing relays yet
    await at.post(f"/invoices/{partly['id']}/payments", {"amount": "5.00"})
    await settle(trade)
    assert mail.messages == []
    [kept] = (await at.get("/reminders", client_id=client.id)).json()["reminders"]
    assert kept["state"] == "failed"
    assert f"Le reste dû de la facture {partly['invoice_number']} a changé" in kept["error"]
    assert (await asked(at, client))["level"] == "courteous", "what did not leave is no reminder"
    assert (await at.post("/reminders", body_of(await asked(at, client)))).status_code == 202, "nor does it count today"


async def test_in_simulation_a_marked_copy_leaves_and_counts_for_nothing(trade: Trade, mail: MailServer) -> None:
    client, _ = await debtor(trade, "100.00")
    at = await desk(trade)
    mode = {"domains": [], "simulation_mode": True, "simulation_email": "essais@zr7-digital.fr"}
    await trade.parts.parametres.write("ZR7", "email_denylist", mode, "test")
    mail.messages.clear()
    assert (await asked(at, client))["simulation"] == "essais@zr7-digital.fr"
    await reminded(trade, at, client)
    [copy] = mail.messages
    assert (copy.to, copy.subject.startswith("[SIMULATION] Rappel")) == ("essais@zr7-digital.fr", True)
    await trade.parts.parametres.write("ZR7", "email_denylist", {**mode, "simulation_mode": False}, "test")
    assert await reminded(trade, at, client) == "courteous"
    assert mail.messages[-1].to == BILLING
    rows = (await at.get("/reminders", client_id=client.id)).json()["reminders"]
    assert [one["simulated"] for one in rows] == [False, True]


async def test_only_an_own_address_and_only_who_closes_and_sees_the_client(trade: Trade, mail: MailServer) -> None:
    client, rows = await debtor(trade, "100.00")
    at = await desk(trade)
    body = body_of(await asked(at, client))
    strange = await at.post("/reminders", body | {"to": "quelqu.un@ailleurs.fr"})
    assert (strange.status_code, list(strange.json()["detail"])) == (422, ["to"])
    assert (await (await desk(trade, "ops")).post("/reminders", body)).status_code == 403
    assert (await (await desk(trade, "admin", "MDL")).post("/reminders", body)).status_code == 404
    mail.messages.clear()
    one = await at.post("/reminders", body | {"invoice_id": rows[0]["id"], "to": client.email})
    assert (one.status_code, one.json()["reminder"]["to"]) == (202, client.email)
    mail.refuse("RCPT", "550 5.1.1 unknown", times=1)
    await settle(trade)
    [kept] = (await at.get("/reminders", client_id=client.id)).json()["reminders"]
    assert (kept["state"], "550" in kept["error"]) == ("failed", True)
    trade.parts.parametres.forget()
    gone = await at.post("/reminders", body | {"to": client.email})
    assert (gone.status_code, list(gone.json()["detail"])) == (422, ["to"]), "its server said that it does not exist"
    row = await trade.row("outbox", kind="invoice_reminder")
    corrected = await at.post(f"/outbox/{row['_id']}/correct-recipient", {"to": BILLING})
    assert corrected.status_code == 201, corrected.text
    await settle(trade)
    [kept] = (await at.get("/reminders", client_id=client.id)).json()["reminders"]
    assert (kept["state"], kept["to"], kept["error"]) == ("sent", BILLING, "")
    assert [one.to for one in mail.messages] == [BILLING]
