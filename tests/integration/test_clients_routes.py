"""Clients over HTTP: who may, what is refused, what is told, what is unblocked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from backend.core.mongo import Tx
from tests.support.commands import CommandLog
from tests.support.desk import ClientsDesk, Desk, at_clients, tasks

NEW: dict[str, Any] = {"name": "Solaire du Midi", "email": "leads@solaire-midi.fr"}


@pytest_asyncio.fixture
async def zr7(parts: Parts, http: httpx.AsyncClient) -> AsyncIterator[ClientsDesk]:
    yield await at_clients(parts, http, "admin", "ZR7")


@pytest_asyncio.fixture
async def mdl(parts: Parts, http: httpx.AsyncClient) -> AsyncIterator[ClientsDesk]:
    yield await at_clients(parts, http, "admin", "MDL")


@pytest_asyncio.fixture
async def chief(parts: Parts, http: httpx.AsyncClient) -> AsyncIterator[ClientsDesk]:
    yield await at_clients(parts, http, "super_admin", "ZR7", "BOTH")


async def actions(parts: Parts, client_id: str) -> list[str]:
    rows = parts.mongo.collection("event_log").find({"entity_id": client_id}).sort("created_at", 1)
    return [row["action"] async for row in rows]


EACH = [
    ("GET", "", None, "viewer"),
    ("POST", "", {"name": "Autre", "email": "autre@client.fr"}, "admin"),
    ("GET", "/{id}", None, "viewer"),
    ("PUT", "/{id}", {"contact_name": "Zoé"}, "admin"),
    ("PUT", "/{id}/crm", {"global_rating": 4}, "ops"),
    ("POST", "/{id}/notes", {"text": "Rappeler lundi."}, "ops"),
    ("GET", "/{id}/activity", None, "viewer"),
    ("DELETE", "/{id}", None, "admin"),
]
ORDER = ["viewer", "ops", "admin"]


@pytest.mark.parametrize(("method", "path", "body", "least"), EACH)
async def test_anonymous_then_another_entity_then_valid(
    parts: Parts,
    http: httpx.AsyncClient,
    zr7: ClientsDesk,
    mdl: ClientsDesk,
    method: str,
    path: str,
    body: Any,
    least: str,
) -> None:
    client = await zr7.create()
    path = path.format(id=client["id"])
    assert (await Desk(http, None, "/api/clients").ask(method, path, body)).status_code == 401
    for role in ORDER[: ORDER.index(least)]:
        assert (await (await at_clients(parts, http, role, "ZR7")).ask(method, path, body)).status_code == 403
    if path:
        assert (await mdl.ask(method, path, body)).status_code == 404
        assert (await zr7.ask(method, path.replace(client["id"], "nowhere"), body)).status_code == 404
    assert (await zr7.read(client["id"]))["contact_name"] == ""
    allowed = await at_clients(parts, http, least, "ZR7")
    assert (await allowed.ask(method, path, body)).status_code in {200, 201}


async def test_a_created_client_is_shown_without_its_key(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create(api_key="s3cr3t-key", api_endpoint="https://api.client.fr/leads", vat_rate=5.5)
    assert client["has_api_key"] is True and "api_key" not in client
    assert (client["entity"], client["active"], client["client_status"]) == ("ZR7", True, "Normal")
    assert (client["vat_rate"], client["payment_terms_days"], client["delivery_mode"]) == ("5.50", 30, "daily")
    assert client["has_valid_channel"] is True and client["deliverable_reason"] is None
    shown = await zr7.read(client["id"])
    assert shown == {**client, "internal_notes": []}
    for answer in (await zr7.ask("GET"), await zr7.ask("GET", f"/{client['id']}/activity")):
        assert "s3cr3t-key" not in answer.text
    assert await actions(parts, client["id"]) == ["client_created"]


async def test_the_entity_is_the_callers_or_named(zr7: ClientsDesk, chief: ClientsDesk) -> None:
    assert (await zr7.ask("POST", "", NEW | {"entity": "MDL"})).status_code == 403
    refused = await chief.ask("POST", "", NEW)
    assert (refused.status_code, refused.json()["error"]) == (400, "entity_required")
    assert (await chief.create(entity="MDL"))["entity"] == "MDL"
    assert (await chief.ask("POST", "", NEW | {"entity": "FOO"})).status_code == 400


async def test_an_address_is_one_clients_in_its_entity(zr7: ClientsDesk, mdl: ClientsDesk) -> None:
    first = await zr7.create()
    refused = await zr7.ask("POST", "", NEW | {"email": "LEADS@Solaire-Midi.fr"})
    assert (refused.status_code, refused.json()["error"]) == (409, "duplicate")
    await mdl.create()
    other = await zr7.create(email="autre@client.fr")
    assert (await zr7.ask("PUT", f"/{other['id']}", {"email": NEW["email"]})).status_code == 409
    assert (await zr7.ask("DELETE", f"/{first['id']}")).status_code == 200
    assert (await zr7.ask("PUT", f"/{other['id']}", {"email": NEW["email"]})).status_code == 200


async def test_null_leaves_a_field_as_it_is(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create(contact_name="Zoé", return_window_days=10)
    path = f"/{client['id']}"
    answer = await zr7.ask("PUT", path, {"contact_name": None, "name": "Midi", "return_window_days": None})
    changed = answer.json()["client"]
    assert (changed["contact_name"], changed["name"], changed["return_window_days"]) == ("Zoé", "Midi", 10)
    assert (await zr7.ask("PUT", path, {"return_window_days": 0})).json()["client"]["return_window_days"] is None
    assert (await zr7.ask("PUT", path, {})).status_code == 200
    assert await actions(parts, client["id"]) == ["client_created", "client_updated", "client_updated"]


async def test_stopping_the_automatic_send_is_told_on_its_own(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create()
    await zr7.ask("PUT", f"/{client['id']}", {"auto_send_enabled": False})
    event = await parts.mongo.collection("event_log").find_one({"action": "client_auto_send_change"})
    assert event is not None and event["details"] == {
        "old_value": True,
        "new_value": False,
        "client_name": "Solaire du Midi",
    }


# Lists


async def test_the_list_is_by_name_and_paged(zr7: ClientsDesk, mdl: ClientsDesk, chief: ClientsDesk) -> None:
    for n, name in enumerate(["Éole", "Zénith", "abri", "Écho"]):
        await zr7.create(name=name, email=f"c{n}@client.fr")
    await mdl.create(name="Bois")
    assert await zr7.names() == ["abri", "Écho", "Éole", "Zénith"]
    assert await chief.names() == ["abri", "Bois", "Écho", "Éole", "Zénith"]
    assert await chief.names(entity="MDL") == ["Bois"]
    assert await chief.names(limit=2, skip=1) == ["Bois", "Écho"]
    assert await chief.names(sort="-name") == ["Zénith", "Éole", "Écho", "Bois", "abri"]
    assert set(await chief.names(sort="-created_at", limit=5)) == {"abri", "Bois", "Écho", "Éole", "Zénith"}
    assert (await chief.ask("GET", "", sort="email")).status_code == 422
    answer = (await chief.ask("GET", "", limit=2)).json()
    assert (answer["count"], answer["total"], answer["entity"]) == (2, 5, "BOTH")
    assert (await zr7.ask("GET", "", entity="MDL")).status_code == 403
    assert (await zr7.ask("GET", "", entity="zr7")).status_code == 400


async def test_a_search_is_the_beginning_of_a_name_or_address_and_never_a_pattern(zr7: ClientsDesk) -> None:
    await zr7.create(name="Énergie du Sud", email="contact@sud.fr", delivery_emails=["leads@sud.fr"])
    await zr7.create(name="Nord (SARL)", email="nord@client.fr")
    for search in ("energie", "ÉNERGIE D", "sud", "contact@", "LEADS@"):
        assert await zr7.names(search=search) == ["Énergie du Sud"], search
    assert await zr7.names(search="(sarl)") == ["Nord (SARL)"]
    for search in (".*", "^n", "ord", "$ne", "[a-z]", "nord("):
        assert await zr7.names(search=search) == [], search
    assert (await zr7.ask("GET", "", search="a\x00")).status_code == 422
    assert (await zr7.ask("GET", "", search="a" * 65)).status_code == 422


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"skip": -1}, {"limit": "x"}, {"active_only": "peut"}])
async def test_pages_have_bounds(zr7: ClientsDesk, query: dict[str, Any]) -> None:
    refused = await zr7.ask("GET", "", **query)
    assert refused.status_code == 422 and set(refused.json()["detail"]) == set(query)


async def test_deactivated_stays_findable_and_deleted_does_not(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create()
    path = f"/{client['id']}"
    await zr7.ask("PUT", path, {"active": False})
    assert await zr7.names() == [] and await zr7.names(active_only=False) == ["Solaire du Midi"]
    assert (await zr7.ask("PUT", path, {"active": True})).json()["client"]["active"] is True
    assert await zr7.names() == ["Solaire du Midi"]
    assert (await zr7.ask("DELETE", path)).json() == {"success": True, "deleted_id": client["id"]}
    assert await zr7.names(active_only=False) == []
    for method, body in (("GET", None), ("PUT", {"active": True}), ("DELETE", None)):
        assert (await zr7.ask(method, path, body)).status_code == 404
    known = await parts.clients.by_ids([client["id"], "nowhere"])
    assert list(known) == [client["id"]] and known[client["id"]].deleted


async def test_lists_are_read_through_an_index(
    parts: Parts, commands: CommandLog, zr7: ClientsDesk, chief: ClientsDesk
) -> None:
    client = await zr7.create()
    commands.seen.clear()
    commands.recording = True
    for desk in (zr7, chief):
        for params in ({}, {"active_only": False}, {"search": "sol"}, {"active_only": False, "search": "sol"}):
            await desk.names(**params)
        await desk.ask("GET", f"/{client['id']}")
        await desk.ask("GET", f"/{client['id']}/activity")
    await parts.clients.sharing("ZR7", ["leads@solaire-midi.fr"], parts.clock.now())
    await parts.clients.by_ids([client["id"]])
    commands.recording = False
    ours = [one for one in commands.seen if one.get("find") in {"clients", "client_activity"}]
    assert len(ours) > 10
    for one in ours:
        asked = {name: value for name, value in one.items() if not name.startswith(("$", "lsid", "txn"))}
        explained = await parts.mongo.db.command("explain", asked, verbosity="queryPlanner")
        plan = str(explained["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in plan and "'stage': 'SORT'" not in plan, asked


# Deletion


async def test_a_client_with_open_orders_is_kept(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create()
    order = {
        "id": "o1", "entity": "ZR7", "client_id": client["id"], "produit": "PV", "active": True, "deleted": False,
        "deleted_at": None,
    }  # fmt: skip
    await parts.mongo.collection("commandes").insert_one(order)
    refused = await zr7.ask("DELETE", f"/{client['id']}")
    assert (refused.status_code, refused.json()["error"]) == (409, "has_dependents")
    await parts.mongo.collection("commandes").update_one({"id": "o1"}, {"$set": {"active": False}})
    assert (await zr7.ask("DELETE", f"/{client['id']}")).status_code == 200


async def test_a_held_client_is_not_deleted_at_the_same_moment(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create()
    deleted: list[int] = []

    async def work(tx: Tx) -> None:
        await parts.clients.hold(tx, parts.everyone, client["id"])
        if not deleted:
            deleted.append((await zr7.ask("DELETE", f"/{client['id']}")).status_code)

    await parts.mongo.transaction(work)
    assert deleted == [503], "the deletion gave up: nothing was changed"
    assert (await zr7.read(client["id"]))["active"] is True


# CRM, notes, activity


async def test_what_the_sales_team_notes(parts: Parts, zr7: ClientsDesk) -> None:
    client = await zr7.create()
    path = f"/{client['id']}"
    given = {
        "global_rating": 5, "client_status": "VIP", "accounting_status": "late", "tags": ["VIP", "slow_payer"],
        "last_payment_date": "2026-03-01", "last_payment_amount": "1250.50", "payment_method": "virement",
    }  # fmt: skip
    answer = await zr7.ask("PUT", f"{path}/crm", given)
    assert {name: answer.json()["client"][name] for name in given} == given
    assert (await zr7.ask("PUT", f"{path}/crm", {})).status_code == 400
    note = (await zr7.ask("POST", f"{path}/notes", {"text": " Rappeler lundi. "})).json()["note"]
    assert note["text"] == "Rappeler lundi." and note["author"].startswith("admin")
    assert (await zr7.read(client["id"]))["internal_notes"] == [note]
    lines = (await zr7.ask("GET", f"{path}/activity")).json()
    assert sorted(line["action"] for line in lines["activities"]) == ["client_created", "crm_update", "note_added"]
    assert (lines["count"], lines["total"]) == (3, 3)
    assert set(lines["activities"][0]) == {"id", "client_id", "action", "details", "user", "created_at"}
    assert len((await zr7.ask("GET", f"{path}/activity", limit=1)).json()["activities"]) == 1


# What it changes for the leads


@pytest.mark.parametrize(
    ("away", "back"),
    [
        (("", {"active": False}), ("", {"active": True})),
        (("/crm", {"client_status": "Blocked"}), ("/crm", {"client_status": "Normal"})),
        (("", {"email": "x@mailinator.com"}), ("", {"delivery_emails": ["a@client.fr"]})),
    ],
)
async def test_a_client_that_can_receive_again_has_the_waiting_leads_routed(
    parts: Parts, zr7: ClientsDesk, away: tuple[str, Any], back: tuple[str, Any]
) -> None:
    client = await zr7.create()
    await zr7.ask("PUT", f"/{client['id']}{away[0]}", away[1])
    await zr7.ask("PUT", f"/{client['id']}", {"contact_name": "Zoé"})
    assert await tasks(parts) == []
    await zr7.ask("PUT", f"/{client['id']}{back[0]}", back[1])
    assert await tasks(parts) == [{"entity": "ZR7", "produit": None, "reason": "client"}]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"email": "x@mailinator.com"}, "all_emails_denied"),
        ({"email": "x@mailinator.com", "api_endpoint": "https://api.client.fr"}, "api_only"),
    ],
)
async def test_why_a_client_cannot_be_reached_is_said(zr7: ClientsDesk, fields: dict[str, Any], code: str) -> None:
    client = await zr7.create(**fields)
    assert client["has_valid_channel"] is False and client["deliverable_code"] == code
    assert client["deliverable_reason"].endswith(".")


async def test_what_left_is_counted_and_shared_with_the_other_entity(
    parts: Parts, zr7: ClientsDesk, mdl: ClientsDesk
) -> None:
    client = await zr7.create(delivery_emails=["a@client.fr"])
    await mdl.create(email="a@client.fr")
    now = parts.clock.now()

    async def work(tx: Tx) -> None:
        await parts.clients.note_sent(tx, client["id"], now, 3)
        await parts.clients.note_sent(tx, client["id"], now - timedelta(days=7), 2)

    await parts.mongo.transaction(work)
    shown = await zr7.read(client["id"])
    assert (shown["total_leads_received"], shown["total_leads_this_week"]) == (5, 3)
    assert shown["last_delivery_at"].startswith("2026-03-11T09:00")
    since = now - timedelta(days=30)
    assert await parts.clients.sharing("MDL", ["A@client.fr", "b@client.fr"], since) == {"a@client.fr"}
    assert await parts.clients.sharing("ZR7", ["a@client.fr"], since) == set()
    assert await parts.clients.sharing("MDL", ["a@client.fr"], now + timedelta(days=1)) == set()


async def test_the_billing_identity_is_kept_compact_and_says_what_is_missing(zr7: ClientsDesk) -> None:
    client = await zr7.create(siren="000 000 059", billing_email="Compta@Client.fr")
    assert (client["siren"], client["billing_email"]) == ("000000059", "compta@client.fr")
    assert client["missing_to_invoice"] == [
        "adresse de facturation", "code postal de facturation", "ville de facturation",
    ]  # fmt: skip
    path = f"/{client['id']}"
    place = {"billing_address": "1 rue Fictive", "billing_postcode": "99999", "billing_city": "Exempleville"}
    changed = (await zr7.ask("PUT", path, {**place, "tva_number": "FR92000000059"})).json()["client"]
    assert (changed["missing_to_invoice"], changed["tva_number"]) == ([], "FR92000000059")
    refused = await zr7.ask("PUT", path, {"siren": "000000034"})
    assert (refused.status_code, set(refused.json()["detail"])) == (422, {"tva_number"})
    cleared = (await zr7.ask("PUT", path, {"billing_email": "", "tva_number": ""})).json()["client"]
    assert (cleared["billing_email"], cleared["tva_number"]) == ("", "")
