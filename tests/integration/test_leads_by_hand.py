"""What people enter and correct by hand: the checks of the intake, and the story told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from backend.core.mongo import Doc
from tests.support.departure import leave
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade

ENTRY = {"produit": "PV", "phone": "01 99 00 42 17", "nom": "Fournier", "departement": "34000"}


async def desk(trade: Trade, role: str = "ops", entity: str = "ZR7") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), "/api/leads")


async def enter(trade: Trade, role: str = "ops", key: str = "", /, **given: Any) -> httpx.Response:
    signed = await headers(trade.parts, role) | ({"Idempotency-Key": key} if key else {})
    return await trade.http.post("/api/leads", json=ENTRY | given, headers=signed)


async def corrected(trade: Trade, lead: Doc, **given: Any) -> httpx.Response:
    return await (await desk(trade)).ask("PUT", f"/{lead['id']}", given)


async def test_a_lead_entered_by_hand_is_routed_as_any_other(trade: Trade) -> None:
    client, _ = await trade.buyer(departements=["34"])
    answer = await enter(trade)
    assert (answer.status_code, answer.json()["status"]) == (201, "routed"), answer.text
    stored = await trade.stored(answer.json()["lead_id"])
    told = {name: stored[name] for name in ("phone", "departement", "source", "lead_source_type", "entity", "ip")}
    assert told == {
        "phone": "+33199004217", "departement": "34", "source": "saisie", "lead_source_type": "saisie",
        "entity": "ZR7", "ip": "",
    }  # fmt: skip
    assert (stored["delivery_client_id"], stored["consent"]["ip"]) == (client.id, "")
    event = await trade.row("event_log", action="lead_received", entity_id=stored["id"])
    assert event["user"] == "user:ops.zr7@exemple.fr"


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "0000"), ("phone", "06 12 34 56 78"), ("nom", " "), ("departement", "99"), ("email", "pas une adresse")],
)
async def test_what_cannot_be_used_is_refused_by_field_and_nothing_is_stored(
    trade: Trade, field: str, value: str
) -> None:
    answer = await enter(trade, **{field: value})
    assert (answer.status_code, list(answer.json()["detail"])) == (422, [field]), answer.text
    assert await trade.rows("leads") == []
    lead = await trade.lead()
    wrong = await corrected(trade, lead, **{field: value})
    assert (wrong.status_code, list(wrong.json()["detail"])) == (422, [field]), wrong.text
    assert await trade.stored(lead["id"]) == lead


async def test_the_same_entry_twice_is_one_lead(trade: Trade) -> None:
    first, second = [await enter(trade, "ops", "saisie-1") for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["lead_id"] == second.json()["lead_id"]
    assert second.json()["already"] is True
    assert (await enter(trade, "ops", "saisie-1", nom="Autre")).json()["error"] == "idempotency_key_reused"
    assert len(await trade.rows("leads")) == 1


async def test_an_entry_belongs_to_the_company_of_who_enters(trade: Trade) -> None:
    assert (await enter(trade, "ops", entity="MDL")).status_code == 403
    assert (await enter(trade, "viewer")).status_code == 403
    assert (await enter(trade, "super_admin")).json()["error"] == "entity_required"
    assert (await enter(trade, "super_admin", entity="MDL")).status_code == 201
    assert (await trade.row("leads", nom="Fournier"))["entity"] == "MDL"


async def test_an_unusable_lead_is_corrected_submitted_again_and_its_story_is_told(trade: Trade) -> None:
    client, _ = await trade.buyer(departements=["34"])
    lead = await trade.lead(phone="0000", departement="zz", nom="Fournier")
    at = await desk(trade)
    assert lead["status"] == "invalid"
    assert (await at.ask("POST", f"/{lead['id']}/resubmit", None)).json()["error"] == "invalid_state"
    kept = await corrected(trade, lead, departement="34")
    assert (kept.json()["status"], kept.json()["changed"]) == ("invalid", ["departement"])
    answer = await corrected(trade, lead, phone="01 99 00 42 18", resubmit=True)
    assert (answer.status_code, answer.json()["status"]) == (200, "routed"), answer.text
    stored = await trade.stored(lead["id"])
    assert (stored["phone"], stored["reasons"], stored["delivery_client_id"]) == ("+33199004218", {}, client.id)
    assert (await at.get("/list", search="0199004218")).json()["total"] == 1
    events = await trade.rows("event_log", action="lead_corrected", entity_id=lead["id"])
    assert [one["details"]["changes"] for one in events] == [
        {"departement": {"before": "", "after": "34"}},
        {"phone": {"before": "", "after": "+33199004218"}},
    ]


async def test_a_waiting_lead_finds_its_buyer_once_its_departement_is_right(trade: Trade) -> None:
    await trade.buyer(departements=["34"])
    lead = await trade.lead(departement="13")
    assert lead["status"] == "no_open_orders"
    assert (await corrected(trade, lead, departement="34")).json()["status"] == "routed"


async def test_correcting_a_reserved_lead_takes_it_back_from_its_buyer(trade: Trade) -> None:
    south, _ = await trade.buyer("Sud", departements=["34"], quota_semaine=1)
    north, _ = await trade.buyer("Nord", departements=["59"])
    lead = await trade.lead(departement="34")
    assert lead["delivery_client_id"] == south.id
    assert (await corrected(trade, lead, departement="59")).json()["status"] == "routed"
    stored = await trade.stored(lead["id"])
    first, second = [await trade.row("deliveries", id=one) for one in (lead["delivery_id"], stored["delivery_id"])]
    assert (first["status"], first["cancel_reason"]) == ("cancelled", "lead_corrected")
    assert (second["client_id"], second["contact"]["departement"]) == (north.id, "59")
    assert (await trade.lead(departement="34"))["delivery_client_id"] == south.id  # the place is free again


async def test_a_correction_never_escapes_exclusivity(trade: Trade) -> None:
    await trade.buyer()
    sold, other = await trade.lead(), await trade.lead()
    answer = await corrected(trade, other, phone=sold["phone"])
    assert answer.json()["status"] == "duplicate"


async def test_a_delivered_lead_says_what_to_do_and_a_refused_one_never_goes_back(trade: Trade) -> None:
    client, _ = await trade.buyer()
    lead = await trade.lead()
    async with mail_server() as server:
        server.serve(trade.parts)
        await leave(trade)
    refused = await corrected(trade, lead, phone="01 99 00 42 19")
    assert (refused.status_code, refused.json()["error"]) == (409, "invalid_state")
    assert "Rejetez ou retirez d'abord sa livraison" in refused.json()["detail"]
    path = f"/api/deliveries/{lead['delivery_id']}/reject-leads"
    signed = await headers(trade.parts, "ops")
    assert (await trade.http.post(path, json={"reason": "faux_numero"}, headers=signed)).status_code == 200
    answer = await corrected(trade, lead, phone="01 99 00 42 19", resubmit=True)
    stored = await trade.stored(lead["id"])
    assert (answer.json()["status"], stored["considered"][0]["reason"]) == ("duplicate", "refused_before"), answer.text
    assert client.id in stored["refused_clients"]


@pytest.mark.parametrize("reason", ["pas_demandeur", "pas_interesse", "doublon"])
async def test_what_a_refusal_ended_is_over(trade: Trade, reason: str) -> None:
    await trade.buyer()
    lead = await trade.lead()
    async with mail_server() as server:
        server.serve(trade.parts)
        await leave(trade)
    signed = await headers(trade.parts, "ops")
    path = f"/api/deliveries/{lead['delivery_id']}/reject-leads"
    assert (await trade.http.post(path, json={"reason": reason}, headers=signed)).status_code == 200
    at = await desk(trade)
    for method, way, body in (
        ("POST", "resubmit", None),
        ("PUT", "status", {"status": "new"}),
        ("PUT", "", {"phone": "01 99 00 42 20", "resubmit": True}),
    ):
        answer = await at.ask(method, f"/{lead['id']}/{way}".rstrip("/"), body)
        assert (answer.status_code, "terminé" in answer.json()["detail"]) == (409, True)


async def test_a_withdrawn_lead_does_not_come_back(trade: Trade) -> None:
    lead = await trade.lead()
    assert (await (await desk(trade, "admin")).ask("DELETE", f"/{lead['id']}", None)).status_code == 200
    for given in ({"nom": "Autre"}, {"resubmit": True}):
        answer = await corrected(trade, lead, **given)
        assert (answer.status_code, "à la demande" in answer.json()["detail"]) == (409, True)


async def test_a_test_lead_tells_who_would_have_it_who_comes_next_and_why_not_the_others(trade: Trade) -> None:
    full, _ = await trade.buyer("Complet", quota_semaine=1, priorite=1)
    had, _ = await trade.buyer("Servi", priorite=2)
    first, _ = await trade.buyer("Premier", priorite=3)
    second, _ = await trade.buyer("Second", priorite=4)
    await trade.lead()
    sold = await trade.lead()
    assert sold["delivery_client_id"] == had.id
    answer = await enter(trade, phone=sold["phone"], test=True)
    assert (answer.json()["status"], answer.json()["would_status"]) == ("test", "routed"), answer.text
    stored = await trade.stored(answer.json()["lead_id"])
    told = {one["client_id"]: one["reason"] for one in stored["considered"]}
    assert told == {full.id: "quota_full", had.id: "already_had_it", first.id: "chosen", second.id: "next"}
    assert len(await trade.rows("deliveries")) == 2


async def test_a_test_lead_that_everybody_had_would_be_a_duplicate(trade: Trade) -> None:
    await trade.buyer()
    sold = await trade.lead()
    assert (await enter(trade, phone=sold["phone"], test=True)).json()["would_status"] == "duplicate"
    assert (await enter(trade, produit="ITE", test=True)).json()["would_status"] == "no_open_orders"
