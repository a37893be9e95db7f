"""Clients that cannot be: refused by field, in French, and nothing is kept."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from tests.support.desk import ClientsDesk, at_clients

NEW: dict[str, Any] = {"name": "Solaire du Midi", "email": "leads@solaire-midi.fr"}


@pytest_asyncio.fixture
async def zr7(parts: Parts, http: httpx.AsyncClient) -> ClientsDesk:
    return await at_clients(parts, http, "admin", "ZR7")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": {"$ne": ""}}, "name"),
    ({"name": "a\x00b"}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"name": 12}, "name"),
    ({"name": "x" * 900_000}, "name"),
    ({"email": "nobody"}, "email"),
    ({"email": "a@b.fr, c@d.fr"}, "email"),
    ({"email": "Nom <a@b.fr>"}, "email"),
    ({"email": "é@b.fr"}, "email"),
    ({"email": ["a@b.fr"]}, "email"),
    ({"delivery_emails": "a@b.fr"}, "delivery_emails"),
    ({"delivery_emails": ["a@b.fr\r\nRCPT TO:<e@f.fr>"]}, "delivery_emails.0"),
    ({"delivery_emails": ["a@b.fr", "<a@b.fr> SIZE=1"]}, "delivery_emails.1"),
    ({"delivery_emails": [f"a{n}@b.fr" for n in range(21)]}, "delivery_emails"),
    ({"delivery_mode": "weekly"}, "delivery_mode"),
    ({"api_endpoint": "http://api.client.fr"}, "api_endpoint"),
    ({"api_endpoint": "https://user:pw@api.client.fr"}, "api_endpoint"),
    ({"api_endpoint": "https://"}, "api_endpoint"),
    ({"api_endpoint": "https://[x"}, "api_endpoint"),
    ({"return_window_days": 91}, "return_window_days"),
    ({"return_window_days": -1}, "return_window_days"),
    ({"vat_rate": -1}, "vat_rate"),
    ({"vat_rate": "vingt"}, "vat_rate"),
    ({"vat_rate": 20.555}, "vat_rate"),
    ({"vat_rate": "NaN"}, "vat_rate"),
    ({"vat_rate": True}, "vat_rate"),
    ({"vat_rate": "1e400"}, "vat_rate"),
    ({"payment_terms_days": 10**30}, "payment_terms_days"),
    ({"auto_send_enabled": "yes"}, "auto_send_enabled"),
    ({"siren": "000000060"}, "siren"),
    ({"siren": {"$gt": ""}}, "siren"),
    ({"siren": "000000059", "tva_number": "FR17000000034"}, "tva_number"),
    ({"tva_number": "FR00000000059"}, "tva_number"),
    ({"billing_postcode": "7501"}, "billing_postcode"),
    ({"billing_email": "a@b.fr, c@d.fr"}, "billing_email"),
    ({"billing_address": "a\nb"}, "billing_address"),
    ({"$where": "1"}, "$where"),
    ({"remise_percent": {"$gt": 0}}, "remise_percent"),
]


@pytest.mark.parametrize(("fields", "field"), BAD)
async def test_bad_input_is_refused_by_field_and_nothing_is_kept(
    parts: Parts, zr7: ClientsDesk, fields: dict[str, Any], field: str
) -> None:
    refused = await zr7.ask("POST", "", NEW | fields)
    assert refused.status_code == 422, refused.text
    assert refused.json()["error"] == "invalid_input" and any(
        name == field or name.startswith(f"{field}.") for name in refused.json()["detail"]
    ), refused.text
    assert await parts.mongo.collection("clients").count_documents({}) == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"global_rating": 6}, "global_rating"),
        ({"global_rating": "5"}, "global_rating"),
        ({"client_status": "blocked"}, "client_status"),
        ({"last_payment_date": "2026-13-01"}, "last_payment_date"),
        ({"last_payment_date": "9999-01-01"}, "last_payment_date"),
        ({"last_payment_amount": "-1"}, "last_payment_amount"),
        ({"tags": [{"$ne": 1}]}, "tags.0"),
        ({"tags": ["x"] * 21}, "tags"),
        ({"name": "Midi"}, "name"),
    ],
)
async def test_crm_values_are_those_of_the_trade(zr7: ClientsDesk, body: dict[str, Any], field: str) -> None:
    client = await zr7.create()
    refused = await zr7.ask("PUT", f"/{client['id']}/crm", body)
    assert refused.status_code == 422 and field in refused.json()["detail"], refused.text


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\x00", {"$ne": ""}, None])
async def test_a_note_says_something(zr7: ClientsDesk, text: Any) -> None:
    client = await zr7.create()
    refused = await zr7.ask("POST", f"/{client['id']}/notes", {"text": text})
    assert refused.status_code == 422 and "text" in refused.json()["detail"]


async def test_the_entity_of_a_client_never_changes(zr7: ClientsDesk) -> None:
    client = await zr7.create()
    refused = await zr7.ask("PUT", f"/{client['id']}", {"entity": "MDL"})
    assert refused.status_code == 422 and refused.json()["detail"] == {"entity": "Champ inconnu."}


async def test_an_enormous_body_is_refused(zr7: ClientsDesk) -> None:
    refused = await zr7.ask("POST", "", NEW | {"notes": "x" * 1_100_000})
    assert (refused.status_code, refused.json()["error"]) == (413, "payload_too_large")


async def test_five_hundred_notes_are_the_most(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create()
    note = {"id": "n", "text": "x", "author": "a", "created_at": parts.clock.now()}
    await parts.mongo.collection("clients").update_one({"id": client["id"]}, {"$set": {"internal_notes": [note] * 500}})
    refused = await zr7.ask("POST", f"/{client['id']}/notes", {"text": "encore"})
    assert (refused.status_code, refused.json()["error"]) == (409, "invalid_state")
