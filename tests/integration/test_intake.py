"""POST /api/public/leads: what is stored, what is answered, what is refused."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from backend.providers.models import NewProvider
from tests.support.trade import Trade, phone


async def provider_key(trade: Trade, entity: str = "ZR7", **given: object) -> dict[str, str]:
    body = NewProvider(name="Apporteur", slug=f"apporteur-{entity.lower()}", **given)  # type: ignore[arg-type]
    _, key = await trade.parts.providers.create(entity, body, "test")
    return {"Authorization": f"Bearer {key}"}


async def test_a_good_lead_is_stored_routed_and_holds_a_place(trade: Trade) -> None:
    client, commande = await trade.buyer(quota_semaine=5)
    answer = await trade.submit(phone="01 99 00 12 34", departement="75001")
    assert answer.status_code == 201
    assert set(answer.json()) == {"success", "lead_id", "status", "message"}
    lead = await trade.stored(answer.json()["lead_id"])
    assert (lead["status"], lead["phone"], lead["departement"]) == ("routed", "+33199001234", "75")
    assert lead["delivery_client_id"] == client.id
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    assert (delivery["status"], delivery["week"], delivery["due_day"]) == ("pending_csv", "2026-W11", "2026-03-12")
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"phone": "12"}, "phone"), ({"nom": ""}, "nom"), ({"departement": "99"}, "departement")],
)
async def test_an_unusable_lead_is_kept_with_its_reasons(trade: Trade, given: dict[str, str], field: str) -> None:
    await trade.buyer()
    answer = await trade.submit(**given)
    assert answer.status_code == 201
    assert answer.json()["status"] == "invalid"
    assert set(answer.json()["reasons"]) == {field}
    assert (await trade.stored(answer.json()["lead_id"]))["phone_raw"]


async def test_what_a_lead_waits_for_is_its_status(trade: Trade) -> None:
    assert (await trade.lead())["status"] == "no_open_orders"
    assert (await trade.lead(produit=""))["status"] == "pending_config"
    assert (await trade.lead(consent={"given": False}))["status"] == "hold_consent"


async def test_unknown_fields_are_kept(trade: Trade) -> None:
    lead = await trade.lead(orientation="sud", statut_occupant="Propriétaire")
    assert lead["custom_fields"] == {"orientation": "sud", "statut_occupant": "Propriétaire"}


async def test_a_null_field_is_an_absent_one(trade: Trade) -> None:
    lead = await trade.lead(email=None, consent=None, orientation=None)
    assert (lead["email"], lead["custom_fields"]) == ("", {})


@pytest.mark.parametrize(
    "given",
    [
        {"nom": {"$ne": None}},
        {"phone": 612345},
        {"nom": "a\0b"},
        {"nom": "x" * 201},
        {"entity": "XX"},
        {"produit": "EOLIEN"},
        {"extra": {"$gt": ""}},
        {"$where": "1"},
        {"a.b": "1"},
        {"rgpd_consent": "oui"},
        {"consent": {"at": "hier"}},
        {"consent": {"given": True, "autre": 1}},
        {f"k{n}": "v" for n in range(65)},
        {"gros": "x" * 9000},
        {"nombre": 2**70},
    ],
)
async def test_a_malformed_body_is_refused_and_nothing_is_stored(trade: Trade, given: dict[str, object]) -> None:
    answer = await trade.submit(**given)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"] == "invalid_input"
    assert answer.json()["request_id"]
    assert not await trade.rows("leads")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"", b"\xff\xfe", b'{"nom": "\\ud800"}', b'{"budget": NaN}'])
async def test_an_unreadable_body_is_a_4xx(trade: Trade, body: bytes) -> None:
    answer = await trade.http.post("/api/public/leads", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert not await trade.rows("leads")


async def test_a_body_over_64_kb_is_too_large(trade: Trade) -> None:
    answer = await trade.submit(adresse="x" * 70_000)
    assert answer.status_code == 413
    assert answer.json()["error"] == "payload_too_large"


async def test_the_same_session_and_phone_within_five_seconds_is_one_lead(trade: Trade) -> None:
    number = phone()
    first = await trade.submit(session_id="s-1", phone=number)
    second = await trade.submit(session_id="s-1", phone=number.replace("+33", "0"))
    assert (second.status_code, second.json()["status"]) == (200, "double_submit")
    assert second.json()["lead_id"] == first.json()["lead_id"]
    assert second.json()["first_status"] == first.json()["status"]
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(seconds=6))
    assert (await trade.submit(session_id="s-1", phone=number)).status_code == 201


async def test_fifty_identical_submissions_at_once_are_one_lead(trade: Trade) -> None:
    await trade.buyer()
    number = phone()
    answers = await asyncio.gather(*(trade.submit(session_id="s", phone=number) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["lead_id"] for answer in answers}) == 1
    assert len(await trade.rows("leads")) == len(await trade.rows("deliveries")) == 1


async def test_an_idempotency_key_answers_the_first_body_and_refuses_another(trade: Trade) -> None:
    headers = {"Idempotency-Key": "demande-1"}
    number = phone()
    first = await trade.submit(headers, phone=number)
    assert (await trade.submit(headers, phone=number)).json()["lead_id"] == first.json()["lead_id"]
    other = await trade.submit(headers, phone=phone())
    assert (other.status_code, other.json()["error"]) == (409, "idempotency_key_reused")


async def test_a_provider_lead_keeps_its_entity_and_reads_the_reason(trade: Trade) -> None:
    headers = await provider_key(trade, "MDL")
    answer = await trade.submit(headers, entity="ZR7")
    assert answer.json()["entity"] == "MDL"
    assert answer.json()["routing_reason"] == "no_open_orders_entity_locked"
    assert "client_name" not in answer.json()


async def test_a_provider_sending_the_same_phone_and_produit_twice_in_a_day_is_one_lead(trade: Trade) -> None:
    headers = await provider_key(trade)
    number = phone()
    await trade.submit(headers, phone=number)
    assert (await trade.submit(headers, phone=number, nom="Autre")).json()["status"] == "double_submit"
    assert (await trade.submit(headers, phone=number, produit="PAC")).status_code == 201


async def test_a_suspicious_phone_is_refused_to_a_provider_and_counted(trade: Trade) -> None:
    headers = await provider_key(trade)
    answer = await trade.submit(headers, phone="0611111111")
    assert (answer.status_code, answer.json()["error"]) == (422, "suspicious_provider_rejected")
    assert not await trade.rows("leads")
    assert (await trade.row("intake_refusals"))["n"] == 1


async def test_an_unknown_key_is_refused_and_counted(trade: Trade) -> None:
    answer = await trade.submit(api_key="prov_" + "x" * 43)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_api_key")
    assert (await trade.row("intake_refusals"))["reason"] == "invalid_api_key"


async def test_a_test_lead_says_what_would_happen_and_takes_nothing(trade: Trade) -> None:
    _, commande = await trade.buyer(quota_semaine=1)
    answer = await trade.submit(test=True)
    assert (answer.json()["status"], answer.json()["would_route"]) == ("test", True)
    assert not await trade.rows("deliveries")
    assert all(row["used"] == 0 for row in await trade.rows("quota_counters", commande_id=commande.id))


async def test_consent_is_kept_as_evidence(trade: Trade) -> None:
    consent = {
        "given": True,
        "text": "J'accepte.",
        "at": "2026-03-11T08:59:00+00:00",
        "url": "https://pv.exemple.fr",
        "boxes": [{"name": "partenaires", "checked": True}],
    }
    lead = await trade.lead(consent=consent, rgpd_consent=True)
    assert lead["consent"]["text"] == "J'accepte."
    assert lead["consent"]["boxes"] == [{"name": "partenaires", "checked": True}]
    assert lead["consent"]["ip"]
