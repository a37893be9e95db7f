"""Bulk actions and the tasks that do them: told before, done row by row, each row told after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest_asyncio

from backend.core.mongo import Doc
from tests.support.books import companies, identified
from tests.support.departure import leave, settle
from tests.support.desk import Desk
from tests.support.money import priced
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def desk(trade: Trade, role: str = "ops", entity: str = "ZR7", scope: str | None = None) -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity, scope), "/api")


async def asked(at: Desk, path: str, status: int = 202, params: Any = None, **body: Any) -> Doc:
    answer = await at.post(path, body, **(params or {}))
    assert answer.status_code == status, answer.text
    told: Doc = answer.json()
    return told


async def ended(trade: Trade, at: Desk, task: Doc) -> Doc:
    """The task once the worker has done it."""
    await settle(trade)
    told: Doc = (await at.get(f"/tasks/{task['id']}")).json()
    assert told["task"]["state"] == "done"
    return told


async def test_what_a_filter_finds_is_rejected_but_what_was_set_aside_and_what_cannot_be(
    trade: Trade, mail: MailServer
) -> None:
    await trade.buyer(quota_semaine=20)
    for _ in range(5):
        await trade.lead()
    await leave(trade)
    await trade.lead()
    at = await desk(trade)
    sent = await trade.rows("deliveries", status="sent")
    first = (await at.post(f"/deliveries/{sent[0]['id']}/reject-leads", {})).json()
    assert first["outcome"] == "rejected"
    body = {"all": True, "except_ids": [sent[1]["id"]], "reason": "injoignable"}
    told = await asked(at, "/deliveries/bulk/reject", 200, {"produit": "PV"}, preview=True, **body)
    assert (told["total"], told["doing"], told["task"]) == (5, 3, None)
    counts = {one["code"]: one["count"] for one in told["entities"][0]["ignored"]}
    assert counts == {"already_rejected": 1, "not_sent": 1}
    assert await trade.rows("deliveries", outcome="rejected", rejection_reason="injoignable") == []
    made = await asked(at, "/deliveries/bulk/reject", 202, {"produit": "PV"}, **body)
    done = (await ended(trade, at, made["task"]))["task"]
    assert [done[key] for key in ("total", "processed", "succeeded", "failed", "ignored")] == [5, 5, 3, 0, 2]
    rejected = await trade.rows("deliveries", outcome="rejected", rejection_reason="injoignable")
    assert {one["id"] for one in rejected} == {one["id"] for one in sent[2:]}
    events = {one["action"] for one in await trade.rows("event_log", entity_type="task")}
    assert events == {"task_started", "task_done"}
    again = await asked(at, "/deliveries/bulk/reject", 200, {"produit": "PV"}, preview=True, **body)
    assert again["doing"] == 0, "asked again, there is nothing left to do"


async def test_deliveries_of_a_client_leave_in_one_message_and_a_file_is_copied_once(
    trade: Trade, mail: MailServer
) -> None:
    await trade.buyer(quota_semaine=20)
    for _ in range(3):
        await trade.lead()
    at = await desk(trade)
    ids = [one["id"] for one in await trade.rows("deliveries")]
    await ended(trade, at, (await asked(at, "/deliveries/bulk/send", ids=ids))["task"])
    assert len(mail.messages) == 1
    assert {one["status"] for one in await trade.rows("deliveries")} == {"sent"}
    told = await asked(at, "/deliveries/bulk/send", 200, ids=ids, preview=True)
    assert told["entities"][0]["ignored"] == [{"code": "already_sent", "detail": "Déjà envoyée.", "count": 3}]
    await ended(trade, at, (await asked(at, "/deliveries/bulk/copy", ids=ids))["task"])
    assert len(mail.messages) == 2
    assert [mail.messages[at].subject.startswith("Copie : ") for at in (0, 1)] == [False, True]


async def test_what_a_row_is_refused_is_told_with_its_reason_and_taken_away_as_a_file(
    trade: Trade, mail: MailServer
) -> None:
    """A client who is no longer deliverable: the rows fail, the others are done."""
    client, _ = await trade.buyer(quota_semaine=5)
    await trade.lead(nom="=SOMME(A1)")
    at, admin = await desk(trade), await desk(trade, "admin")
    ids = [one["id"] for one in await trade.rows("deliveries")]
    await admin.put(f"/clients/{client.id}", {"active": False})
    made = await asked(at, "/deliveries/bulk/send", ids=[*ids, "inconnu"])
    told = await ended(trade, at, made["task"])
    assert [told["task"][key] for key in ("succeeded", "failed", "ignored")] == [0, 1, 1]
    rows = {one["state"]: one for one in told["rows"]}
    assert (rows["failed"]["code"], rows["failed"]["detail"]) == ("client_inactive", "Le client est désactivé.")
    assert rows["ignored"]["detail"] == "Introuvable dans votre périmètre."
    only = (await at.get(f"/tasks/{made['task']['id']}", state="failed")).json()
    assert (only["count"], only["total"]) == (1, 1)
    text = (await at.get(f"/tasks/{made['task']['id']}/file")).text
    assert text.startswith("\ufeffLigne;Entité;Objet;État;Raison") and ";En échec;Le client est désactivé." in text
    assert "'=SOMME(A1)" in text and "\n=SOMME" not in text


async def test_a_task_is_its_owners_and_can_be_stopped(trade: Trade) -> None:
    await trade.buyer()
    at, stranger = await desk(trade, "admin"), await desk(trade, "ops")
    ids = [one["id"] for one in await trade.rows("clients")]
    task = (await asked(at, "/clients/bulk/pause", ids=ids))["task"]
    assert (await stranger.get(f"/tasks/{task['id']}")).status_code == 404
    assert (await at.get("/tasks")).json()["tasks"][0]["state"] == "running"
    answer = await at.post(f"/tasks/{task['id']}/cancel")
    assert answer.json()["state"] == "cancelled"
    await settle(trade)
    assert (await trade.row("clients"))["active"] is True
    again = await at.post(f"/tasks/{task['id']}/cancel")
    assert (again.status_code, again.json()["error"]) == (409, "invalid_state")


async def test_commandes_and_clients_are_paused_and_opened_again_by_entity(trade: Trade) -> None:
    await trade.buyer(quota_semaine=3)
    await trade.buyer("Maison Verte", "MDL", produit="ITE", departements=["59"])
    await trade.lead()
    at = await desk(trade, "super_admin", scope="BOTH")
    ids = [one["id"] for one in await trade.rows("commandes")]
    told = await asked(at, "/commandes/bulk/pause", 200, ids=ids, preview=True)
    assert {one["entity"]: one["doing"] for one in told["entities"]} == {"ZR7": 1, "MDL": 1}
    assert told["reserved_leads"] == 1
    await ended(trade, at, (await asked(at, "/commandes/bulk/pause", 202, {"entity": "MDL"}, all=True))["task"])
    assert {one["entity"]: one["active"] for one in await trade.rows("commandes")} == {"ZR7": True, "MDL": False}
    await ended(trade, at, (await asked(at, "/commandes/bulk/activate", ids=ids))["task"])
    assert {one["active"] for one in await trade.rows("commandes")} == {True}
    await ended(trade, at, (await asked(at, "/clients/bulk/pause", all=True))["task"])
    assert {one["active"] for one in await trade.rows("clients")} == {False}
    await ended(trade, at, (await asked(at, "/clients/bulk/activate", 202, {"active_only": "false"}, all=True))["task"])
    assert {one["active"] for one in await trade.rows("clients")} == {True}


async def test_the_week_of_several_clients_is_closed_and_issued(trade: Trade, mail: MailServer) -> None:
    await companies(trade)
    buyers = [await trade.buyer("Solaire du Midi", quota_semaine=1), await trade.buyer("Sans prix", quota_semaine=1)]
    for client, _ in buyers:
        await identified(trade, client)
    await priced(trade, buyers[0][0])
    for _ in range(2):
        await trade.lead()
    await leave(trade)
    at = await desk(trade, "admin")
    early = await asked(at, "/billing/week/2026-W11/bulk/close", 409, all=True, preview=True)
    assert early["error"] == "week_not_over"
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=7))
    told = await asked(at, "/billing/week/2026-W11/bulk/close", all=True, issue=True)
    done = await ended(trade, at, told["task"])
    assert {one["label"]: (one["state"], one["code"]) for one in done["rows"]} == {
        "Solaire du Midi": ("succeeded", ""),
        "Sans prix": ("failed", "pricing_missing"),
    }
    issued = await trade.rows("invoices", status="issued")
    assert [one["detail"] for one in done["rows"] if one["state"] == "succeeded"] == [issued[0]["invoice_number"]]
    again = await asked(at, "/billing/week/2026-W11/bulk/close", 200, all=True, preview=True)
    assert again["doing"] == 1


async def test_nothing_to_do_and_too_much_are_refused_and_leave_nothing(trade: Trade) -> None:
    at = await desk(trade, "admin")
    assert (await asked(at, "/clients/bulk/pause", 400, all=True))["error"] == "nothing_to_do"
    assert (await asked(at, "/clients/bulk/pause", 400))["error"] == "nothing_to_do"
    assert await trade.rows("tasks") == [] == await trade.rows("task_rows")
