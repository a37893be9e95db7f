"""Deliveries over HTTP: lists, outcomes, sending by hand, files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from backend.clients.models import ClientUpdate
from tests.support.departure import delivered, hand_over, leave, settle
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade, phone

ACTIONS: list[tuple[str, str, Any]] = [
    ("POST", "/reject-leads", {"reason": "injoignable"}),
    ("POST", "/remove-lead", {"reason": "hors_zone"}),
    ("POST", "/send", {}),
    ("POST", "/cancel", None),
    ("GET", "/download", None),
    ("GET", "", None),
]


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def desk(trade: Trade, role: str = "ops", entity: str = "ZR7") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), "/api/deliveries")


async def found(at: Desk, **params: Any) -> list[str]:
    answer = await at.get("", **params)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["count"] == body["total"] == len(body["deliveries"])
    return [one["id"] for one in body["deliveries"]]


async def waiting(trade: Trade, **given: Any) -> dict[str, Any]:
    lead = await trade.lead(**given)
    return await trade.row("deliveries", lead_id=lead["id"], current=True)


async def days_later(trade: Trade, days: int) -> None:
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=days))


@pytest.mark.parametrize(("method", "path", "body"), ACTIONS)
async def test_a_delivery_is_closed_to_strangers_and_to_the_other_entity(
    trade: Trade, mail: MailServer, method: str, path: str, body: Any
) -> None:
    await trade.buyer()
    needs_sent = path in {"/reject-leads", "/remove-lead"}
    row = await delivered(trade) if needs_sent else await waiting(trade)
    before = await trade.row("deliveries", id=row["id"])
    anonymous = Desk(trade.http, None, "/api/deliveries")
    assert (await anonymous.ask(method, f"/{row['id']}{path}", body)).status_code == 401
    other = await desk(trade, "admin", "MDL")
    for delivery_id in (row["id"], "inconnue"):
        answer = await other.ask(method, f"/{delivery_id}{path}", body)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert await trade.row("deliveries", id=row["id"]) == before
    if method != "GET":
        refused = await (await desk(trade, "viewer")).ask(method, f"/{row['id']}{path}", body)
        assert (refused.status_code, refused.json()["error"]) == (403, "forbidden")
    own = await (await desk(trade, "ops")).ask(method, f"/{row['id']}{path}", body)
    assert own.status_code in {200, 202}, own.text


async def test_the_list_takes_each_filter(trade: Trade, mail: MailServer) -> None:
    client, commande = await trade.buyer()
    await trade.buyer("Nord", "MDL")
    sent = await delivered(trade)
    pac = await trade.client("Pompes")
    await trade.commande(pac, produit="PAC")
    open_one = await waiting(trade, produit="PAC")
    foreign = await waiting(trade, entity="MDL")
    at = await desk(trade, "viewer")
    assert await found(at) == [open_one["id"], sent["id"]]
    for params, expected in (
        ({"status": "sent"}, sent),
        ({"outcome": "accepted"}, sent),
        ({"client_id": client.id}, sent),
        ({"commande_id": commande.id, "week": "2026-W11"}, sent),
        ({"lead_id": open_one["lead_id"]}, open_one),
        ({"produit": "PAC"}, open_one),
        ({"sent_week": "2026-W11"}, sent),
        ({"sent_day": "2026-03-11"}, sent),
        ({"entity": "ZR7", "status": "pending_csv"}, open_one),
    ):
        assert await found(at, **params) == [expected["id"]], params
    assert await found(at, sent_day="2026-03-10") == await found(at, sent_day="2026-03-11", sent_week="2026-W10") == []
    assert (await at.get("", sent_day="1999-01-01")).status_code == 422
    assert await found(at, week="2026-W10") == await found(at, client_id=foreign["client_id"]) == []
    both = await desk(trade, "super_admin")
    assert await found(both, entity="MDL") == [foreign["id"]]
    assert (await at.get("", entity="MDL")).status_code == 403
    shown = (await at.get(f"/{sent['id']}")).json()
    assert (shown["last_return_day"], (await at.get(f"/{open_one['id']}")).json()["last_return_day"]) == (
        "2026-03-18",
        None,
    )
    lead = await trade.http.get(f"/api/leads/{sent['lead_id']}", headers=await headers(trade.parts))
    assert [one["last_return_day"] for one in lead.json()["deliveries"]] == ["2026-03-18"]
    assert (shown["outcome"], shown["billable"], shown["has_csv"]) == ("accepted", True, True)


async def test_the_deliveries_of_a_commande(trade: Trade) -> None:
    _, commande = await trade.buyer()
    row = await waiting(trade)
    signed = await headers(trade.parts, "viewer")
    path = f"/api/commandes/{commande.id}/deliveries"
    assert [one["id"] for one in (await trade.http.get(path, headers=signed)).json()["deliveries"]] == [row["id"]]
    none = await trade.http.get(path, headers=signed, params={"status": "sent"})
    assert none.json()["total"] == 0
    stranger = await headers(trade.parts, "viewer", "MDL")
    assert (await trade.http.get(path, headers=stranger)).status_code == 404


async def test_stats_count_states_and_outcomes_of_the_scope(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    row = await delivered(trade)
    await (await desk(trade)).post(f"/{row['id']}/reject-leads", {"reason": "autre"})
    await delivered(trade)
    await waiting(trade)
    told = (await (await desk(trade, "viewer")).get("/stats")).json()
    assert {name: n for name, n in told.items() if n} == {
        "pending_csv": 1, "sent": 2, "total": 3, "rejected": 1, "billable": 1,
    }  # fmt: skip
    assert (await (await desk(trade, "viewer", "MDL")).get("/stats")).json()["total"] == 0


async def test_a_rejected_lead_goes_back_and_never_to_that_client(trade: Trade, mail: MailServer) -> None:
    client, commande = await trade.buyer()
    row = await delivered(trade)
    at = await desk(trade)
    first = await at.post(f"/{row['id']}/reject-leads", {"reason": "injoignable"})
    assert (first.status_code, first.json()["outcome"], first.json()["already_rejected"]) == (200, "rejected", False)
    again = await at.post(f"/{row['id']}/reject-leads", {"reason": "autre"})
    assert again.json()["already_rejected"] is True
    kept = await trade.row("deliveries", id=row["id"])
    assert (kept["status"], kept["rejection_reason"], kept["rejected_by"]) == (
        "sent", "injoignable", "ops.zr7@exemple.fr",
    )  # fmt: skip
    counter = await trade.row("quota_counters", commande_id=commande.id)
    assert (counter["used"], counter["sent"]) == (0, 0)
    await trade.parts.leads.route_waiting({})
    lead = await trade.stored(row["lead_id"])
    assert (lead["status"], lead["considered"][0]["reason"]) == ("duplicate", "refused_before")
    other, _ = await trade.buyer("Repreneur")
    await trade.parts.leads.route_waiting({})
    assert (await trade.stored(row["lead_id"]))["delivery_client_id"] == other.id != client.id


@pytest.mark.parametrize(
    ("path", "reason", "status"),
    [
        ("reject-leads", "faux_numero", "invalid"),
        ("reject-leads", "pas_interesse", "invalid"),
        ("reject-leads", "hors_zone", "new"),
        ("remove-lead", "doublon", "invalid"),
        ("remove-lead", "test", "test"),
        ("remove-lead", "", "new"),
    ],
)
async def test_the_reason_says_whether_the_lead_ends(
    trade: Trade, mail: MailServer, path: str, reason: str, status: str
) -> None:
    await trade.buyer()
    row = await delivered(trade)
    assert (await (await desk(trade)).post(f"/{row['id']}/{path}", {"reason": reason})).status_code == 200
    assert (await trade.stored(row["lead_id"]))["status"] == status


async def test_an_unknown_reason_is_refused_and_none_means_other(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    row = await delivered(trade)
    at = await desk(trade)
    for path in ("reject-leads", "remove-lead"):
        answer = await at.post(f"/{row['id']}/{path}", {"reason": "trop_cher"})
        assert answer.status_code == 422 and set(answer.json()["detail"]) == {"reason"}
    assert (await at.post(f"/{row['id']}/reject-leads")).status_code == 200
    assert (await trade.row("deliveries", id=row["id"]))["rejection_reason"] == "autre"
    assert (await at.post(f"/{row['id']}/remove-lead", {"reason": "test"})).status_code == 409


async def test_after_the_window_a_rejection_is_forced_with_a_reason_by_who_bills(
    trade: Trade, mail: MailServer
) -> None:
    await trade.buyer()
    row = await delivered(trade)
    path = f"/{row['id']}/reject-leads"
    await days_later(trade, 8)
    ops, admin = await desk(trade, "ops"), await desk(trade, "admin")
    late = await ops.post(path, {"reason": "injoignable"})
    assert (late.status_code, late.json()["error"]) == (409, "return_window_closed")
    assert "18/03/2026" in late.json()["detail"]
    forced = {"reason": "injoignable", "force": True, "reason_detail": "Accord commercial."}
    assert (await ops.post(path, forced)).status_code == 403
    assert (await admin.post(path, {**forced, "reason_detail": ""})).json()["error"] == "return_window_closed"
    assert (await admin.post(path, forced)).status_code == 200
    assert (await trade.row("deliveries", id=row["id"]))["rejection_detail"] == "Accord commercial."


async def test_the_last_day_of_the_window_counts_and_a_client_may_have_its_own(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    first, second = await delivered(trade), await delivered(trade)
    at = await desk(trade)
    await days_later(trade, 7)
    assert (await at.post(f"/{first['id']}/reject-leads", {"reason": "locataire"})).status_code == 200
    await days_later(trade, 3)
    assert (await at.post(f"/{second['id']}/reject-leads", {"reason": "locataire"})).status_code == 409
    change = ClientUpdate(return_window_days=10)
    await trade.parts.clients.update(trade.parts.everyone, client.id, change, "test")
    assert (await at.post(f"/{second['id']}/reject-leads", {"reason": "locataire"})).status_code == 200


async def test_a_removal_has_no_window_and_is_idempotent(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    row = await delivered(trade)
    await days_later(trade, 60)
    at = await desk(trade)
    for already in (False, True):
        answer = await at.post(f"/{row['id']}/remove-lead", {"reason": "mauvaise_commande", "reason_detail": "PAC."})
        assert (answer.json()["already_removed"], answer.json()["reason"]) == (already, "mauvaise_commande")
    assert (await at.post(f"/{row['id']}/reject-leads", {"reason": "autre"})).status_code == 409


async def test_what_has_not_been_sent_is_neither_rejected_nor_removed(trade: Trade) -> None:
    await trade.buyer()
    row = await waiting(trade)
    at = await desk(trade)
    for path in ("reject-leads", "remove-lead"):
        answer = await at.post(f"/{row['id']}/{path}", {"reason": "doublon"})
        assert (answer.status_code, answer.json()["error"]) == (409, "invalid_state")


async def test_one_delivery_is_sent_by_hand_and_the_others_stay(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    first, second = await waiting(trade, nom="Un"), await waiting(trade, nom="Deux")
    answer = await (await desk(trade)).post(f"/{first['id']}/send")
    assert (answer.status_code, answer.json()["sent_to"]) == (202, [client.email])
    await settle(trade)
    assert (await trade.row("deliveries", id=first["id"]))["status"] == "sent"
    assert (await trade.row("deliveries", id=second["id"]))["status"] == "pending_csv"
    [content] = mail.messages[0].attachments.values()
    assert "Un" in content.decode() and "Deux" not in content.decode()


async def test_force_mails_a_copy_of_the_same_file_and_changes_nothing(trade: Trade, mail: MailServer) -> None:
    _, commande = await trade.buyer()
    row = await delivered(trade)
    before = await trade.row("deliveries", id=row["id"])
    at = await desk(trade)
    refused = await at.post(f"/{row['id']}/send")
    assert (refused.status_code, refused.json()["error"]) == (409, "invalid_state")
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=4))
    answer = await at.post(f"/{row['id']}/send", {"force": True})
    assert (answer.status_code, answer.json()["status"]) == (202, "sent")
    await settle(trade)
    original, copy = mail.messages
    assert copy.subject == f"Copie : {original.subject}", "the day it speaks of is that of the first sending"
    assert copy.attachments == original.attachments and copy.to == original.to
    assert await trade.row("deliveries", id=row["id"]) == before
    counter = await trade.row("quota_counters", commande_id=commande.id)
    assert (counter["used"], counter["sent"]) == (1, 1)


async def test_an_override_must_be_an_address_of_the_client(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(delivery_emails=["second@zr7-buyers.fr"])
    await trade.commande(client)
    row = await waiting(trade)
    at = await desk(trade)
    refused = await at.post(f"/{row['id']}/send", {"override_email": "ailleurs@exemple.fr"})
    assert refused.status_code == 422 and set(refused.json()["detail"]) == {"override_email"}
    assert (await at.post(f"/{row['id']}/send", {"override_email": client.email})).status_code == 202
    await settle(trade)
    assert [message.to for message in mail.messages] == [client.email]


async def test_sending_by_hand_passes_the_same_gate(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    row = await waiting(trade)
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(active=False), "test")
    answer = await (await desk(trade)).post(f"/{row['id']}/send")
    assert (answer.status_code, answer.json()["error"]) == (409, "client_inactive")
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(active=True), "test")
    await days_later(trade, 3)  # Saturday
    answer = await (await desk(trade)).post(f"/{row['id']}/send")
    assert (answer.status_code, answer.json()["error"]) == (409, "calendar_closed")
    assert (await trade.row("deliveries", id=row["id"]))["status"] == "pending_csv"


async def test_cancelling_frees_place_and_claim_and_the_same_client_may_have_it_again(trade: Trade) -> None:
    _, commande = await trade.buyer()
    number = phone()
    row = await waiting(trade, phone=number)
    at = await desk(trade)
    answer = await at.post(f"/{row['id']}/cancel", {"reason": "Erreur de saisie."})
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert (await at.post(f"/{row['id']}/cancel")).status_code == 409
    assert (await at.post(f"/{row['id']}/send")).status_code == 409
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 0
    await trade.parts.leads.route_waiting({})
    assert (await trade.stored(row["lead_id"]))["status"] == "routed"


async def test_what_was_handed_over_or_sent_is_not_cancelled(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    row = await waiting(trade)
    await hand_over(trade)
    at = await desk(trade)
    assert (await at.post(f"/{row['id']}/cancel")).status_code == 409
    await settle(trade)
    assert (await at.post(f"/{row['id']}/cancel")).status_code == 409
    assert (await trade.row("deliveries", id=row["id"]))["status"] == "sent"


async def test_files_are_prepared_then_sent_by_hand(trade: Trade, mail: MailServer) -> None:
    client = await trade.client(auto_send_enabled=False)
    await trade.commande(client)
    rows = [await waiting(trade) for _ in range(2)]
    at = await desk(trade)
    made = (await at.post("/batch/generate-csv")).json()
    assert (made["processed"], made["batches"]) == (2, 1)
    assert {(await trade.row("deliveries", id=row["id"]))["status"] for row in rows} == {"ready_to_send"}
    assert (await at.post("/batch/send-ready", client_id="inconnu")).status_code == 404
    assert (await at.post("/batch/send-ready", client_id=(await trade.client("Autre")).id)).json()["sent"] == 0
    sent = await at.post("/batch/send-ready", client_id=client.id)
    assert (sent.status_code, sent.json()["sent"]) == (202, 2)
    await settle(trade)
    assert len(mail.messages) == 1
    assert (await at.post("/batch/generate-csv", entity="MDL")).status_code == 403
    assert (await (await desk(trade, "viewer")).post("/batch/send-ready")).status_code == 403
    assert (await Desk(trade.http, None, "/api/deliveries").post("/batch/generate-csv")).status_code == 401


async def test_the_file_is_the_one_that_left(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    row = await waiting(trade, phone="0199001234", nom="=cmd()", prenom="Zoé", email="zoe@exemple.fr")
    at = await desk(trade, "viewer")
    preview = await at.get(f"/{row['id']}/download")
    await leave(trade)
    answer = await at.get(f"/{row['id']}/download")
    expected = (
        "nom,prenom,telephone,email,departement,proprietaire_maison,produit\r\n"
        "'=cmd(),Zoé,0199001234,zoe@exemple.fr,75,,PV\r\n"
    )
    assert answer.text == preview.text == expected
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="ZR7_PV_2026-03-11_1.csv"'
    [(name, content)] = mail.messages[0].attachments.items()
    assert (name, content.decode()) == ("ZR7_PV_2026-03-11_1.csv", expected)
