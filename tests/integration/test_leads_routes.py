"""Leads over HTTP: finding them, reading why they went where they went, and what people may do to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from backend.core.mongo import Doc
from tests.support.departure import hand_over, leave
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

CONSENT = {
    "given": True,
    "text": "J'accepte d'être rappelé.",
    "at": "2026-03-11T09:00:00+01:00",
    "url": "https://pv.exemple.fr",
}
ACTIONS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("PUT", "/status", {"status": "invalid"}),
    ("PUT", "", {"nom": "Corrigé"}),
    ("POST", "/resubmit", None),
    ("POST", "/notes", {"text": "Rappelé."}),
    ("POST", "/reroute", None),
    ("POST", "/consent", CONSENT),
    ("DELETE", "", None),
]


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def desk(trade: Trade, role: str = "ops", entity: str = "ZR7") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), "/api/leads")


async def found(at: Desk, **params: Any) -> list[str]:
    answer = await at.get("/list", **params)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["count"] == body["total"] == len(body["leads"])
    return [lead["id"] for lead in body["leads"]]


async def require_consent(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entity ZR7 demands a proof of consent."""
    seen = await trade.parts.parametres.current()
    strict = replace(seen, consent={"ZR7": "require", "MDL": "record"})

    async def current() -> Any:
        return strict

    monkeypatch.setattr(trade.parts.parametres, "current", current)


@pytest.mark.parametrize(("method", "path", "body"), ACTIONS)
async def test_a_lead_is_closed_to_strangers_and_to_the_other_entity(
    trade: Trade, method: str, path: str, body: Any
) -> None:
    lead = await trade.lead()
    before = await trade.stored(lead["id"])
    anonymous = Desk(trade.http, None, "/api/leads")
    assert (await anonymous.ask(method, f"/{lead['id']}{path}", body)).status_code == 401
    other = await desk(trade, "admin", "MDL")
    for lead_id in (lead["id"], "inconnu"):
        answer = await other.ask(method, f"/{lead_id}{path}", body)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert await trade.stored(lead["id"]) == before
    if method != "GET":
        refused = await (await desk(trade, "viewer")).ask(method, f"/{lead['id']}{path}", body)
        assert (refused.status_code, refused.json()["error"]) == (403, "forbidden")
    own = await (await desk(trade, "admin")).ask(method, f"/{lead['id']}{path}", body)
    assert own.status_code in {200, 201}, own.text


async def test_the_list_is_newest_first_and_takes_each_filter(trade: Trade) -> None:
    client, _ = await trade.buyer(departements=["13"])
    routed = (await trade.lead(departement="13", utm_source="Google"))["id"]
    waiting = (await trade.lead(produit="PAC", departement="2A"))["id"]
    foreign = (await trade.lead(entity="MDL"))["id"]
    at = await desk(trade, "viewer")
    assert await found(at) == [waiting, routed]
    for params, expected in (
        ({"status": "routed"}, routed),
        ({"produit": "PAC"}, waiting),
        ({"departement": "2A"}, waiting),
        ({"source": "google"}, routed),
        ({"client_id": client.id}, routed),
        ({"week": "2026-W11", "produit": "PV"}, routed),
        ({"entity": "ZR7", "status": "no_open_orders"}, waiting),
    ):
        assert await found(at, **params) == [expected], params
    for nothing in ({"week": "2026-W10"}, {"provider_id": "x"}, {"client_id": "x"}, {"status": "livre"}):
        assert await found(at, **nothing) == []
    both = await desk(trade, "super_admin")
    assert await found(both) == [foreign, waiting, routed]
    assert await found(both, entity="MDL") == [foreign]
    page = (await at.get("/list", limit=1, skip=1)).json()
    assert ([lead["id"] for lead in page["leads"]], page["count"], page["total"]) == ([routed], 1, 2)


async def test_another_entity_in_a_filter_is_refused(trade: Trade) -> None:
    at = await desk(trade, "admin")
    assert (await at.get("/list", entity="MDL")).status_code == 403
    assert (await at.get("/list", entity="XX")).status_code == 400
    assert (await at.get("/stats", entity="MDL")).status_code == 403


@pytest.mark.parametrize(
    "text",
    ["01 99 00 77 55", "0199007755", "+33 1 99 00 77 55", "0033199007755", "01.99.00.77.55", "7755",
     "Lefè", "LEFEVRE", "lefevre ann", "Anne-Sophie", "anne.lefevre@exemple.fr", "ANNE.LEFEVRE@EXEMPLE.FR"],
)  # fmt: skip
async def test_search_finds_a_phone_in_any_notation_a_name_and_an_address(trade: Trade, text: str) -> None:
    wanted = await trade.lead(
        phone="0199007755", nom="Lefèvre", prenom="Anne-Sophie", email="Anne.Lefevre@exemple.fr"
    )  # fmt: skip
    await trade.lead(nom="Martin")
    at = await desk(trade, "viewer")
    assert await found(at, search=text) == [wanted["id"]]
    assert await found(await desk(trade, "viewer", "MDL"), search=text) == []


async def test_a_search_that_matches_nobody_finds_nobody(trade: Trade) -> None:
    await trade.lead(nom="Martin")
    at = await desk(trade, "viewer")
    for text in (".*", "Mar.in", "durand", "06 12 12 12 12", '{"$ne": null}'):
        assert await found(at, search=text) == []


async def test_the_detail_shows_the_commandes_considered_and_the_deliveries(trade: Trade) -> None:
    _, full = await trade.buyer("Plein", quota_semaine=1, priorite=1)
    await trade.lead()
    client, chosen = await trade.buyer("Ouvert", priorite=2)
    lead = await trade.lead()
    body = (await (await desk(trade, "viewer")).get(f"/{lead['id']}")).json()
    assert [(one["commande_id"], one["reason"]) for one in body["considered"]] == [
        (full.id, "quota_full"),
        (chosen.id, "chosen"),
    ]
    [delivery] = body["deliveries"]
    assert (delivery["client_id"], delivery["status"], delivery["billable"]) == (client.id, "pending_csv", False)
    assert body["phone_display"].startswith("01 99 00")
    assert not {"keys", "answer", "sold_to", "refused_clients", "_id"} & set(body)


async def test_the_collecting_entity_never_sees_who_bought_what_it_gave(trade: Trade, mail: MailServer) -> None:
    client, commande = await trade.buyer("Acheteur Discret", "MDL")
    await trade.lead()
    await leave(trade)
    lead = (await trade.rows("leads"))[0]
    at = await desk(trade, "admin", "ZR7")
    seen = [await at.get(f"/{lead['id']}"), await at.get("/list"), await at.get("/list", client_id=client.id)]
    for answer in seen:
        assert not any(word in answer.text for word in (client.id, client.name, commande.id, client.email)), answer.text
    assert seen[2].json()["leads"] == []
    [told] = seen[0].json()["deliveries"]
    assert (told["entity"], told["status"], told["outcome"]) == ("MDL", "sent", "accepted")
    assert told["last_sent_at"] and seen[0].json()["considered"] == [{"entity": "MDL", "commandes": 1}]
    seller = await headers(trade.parts, "viewer", "MDL")
    [sold] = (await trade.http.get("/api/deliveries", headers=seller)).json()["deliveries"]
    assert (sold["client_id"], sold["contact"]["phone"]) == (client.id, lead["phone"])
    assert (await (await desk(trade, "viewer", "MDL")).get(f"/{lead['id']}")).status_code == 404
    assert (
        await trade.http.get(f"/api/deliveries/{sold['id']}", headers=await headers(trade.parts))
    ).status_code == 404


async def test_stats_count_by_state_and_by_week(trade: Trade) -> None:
    await trade.buyer()
    await trade.lead()
    await trade.lead(produit="ITE")
    await trade.lead(entity="MDL", produit="ITE")
    at = await desk(trade, "viewer")
    assert (await at.get("/stats")).json() == {"routed": 1, "no_open_orders": 1, "total": 2}
    assert (await at.get("/stats", week="2026-W10")).json() == {"total": 0}
    assert (await (await desk(trade, "super_admin")).get("/stats")).json()["total"] == 3


async def test_a_waiting_lead_is_set_aside_and_brought_back_which_routes_it(trade: Trade) -> None:
    lead = await trade.lead()
    at = await desk(trade)
    aside = await at.put(f"/{lead['id']}/status", {"status": "invalid", "reason": "Numéro d'un collègue."})
    assert (aside.status_code, aside.json()["status"]) == (200, "invalid")
    await trade.buyer()
    await trade.parts.leads.route_waiting({})
    assert (await trade.stored(lead["id"]))["status"] == "invalid"
    back = await at.put(f"/{lead['id']}/status", {"status": "new"})
    assert back.json()["status"] == "routed"
    refused = await at.put(f"/{lead['id']}/status", {"status": "invalid"})
    assert (refused.status_code, refused.json()["error"]) == (409, "invalid_state")
    events = [row["action"] for row in await trade.rows("event_log", entity_id=lead["id"])]
    assert events.count("lead_status_change") == 2


async def test_an_unsellable_lead_cannot_be_brought_back(trade: Trade) -> None:
    lead = await trade.lead(departement="99")
    answer = await (await desk(trade)).put(f"/{lead['id']}/status", {"status": "new"})
    assert answer.status_code == 409 and "Département" in answer.json()["detail"]


async def test_a_note_is_kept_with_its_author(trade: Trade) -> None:
    lead = await trade.lead()
    at = await desk(trade)
    answer = await at.post(f"/{lead['id']}/notes", {"text": "Rappeler après 18 h."})
    assert answer.status_code == 201
    [note] = (await at.get(f"/{lead['id']}")).json()["notes"]
    assert (note["text"], note["author"]) == ("Rappeler après 18 h.", "ops.zr7@exemple.fr")
    assert (await at.post(f"/{lead['id']}/notes", {"text": "  "})).status_code == 422


async def test_a_lead_is_rerouted_by_hand_only_while_it_waits(trade: Trade) -> None:
    lead = await trade.lead()
    at = await desk(trade)
    nobody = (await at.post(f"/{lead['id']}/reroute")).json()
    assert (nobody["status"], nobody["routing_reason"]) == ("no_open_orders", "no_open_orders")
    await trade.buyer()
    assert (await at.post(f"/{lead['id']}/reroute")).json()["status"] == "routed"
    assert (await at.post(f"/{lead['id']}/reroute")).status_code == 409


async def test_late_consent_releases_what_waited_for_it(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    await trade.buyer()
    await require_consent(trade, monkeypatch)
    lead = await trade.lead()
    assert (lead["status"], lead["hold_reason"]) == ("hold_consent", "consent_missing")
    at = await desk(trade)
    partial = (await at.post(f"/{lead['id']}/consent", {"given": True})).json()
    assert (partial["proof"], partial["status"]) == (False, "hold_consent")
    answer = (await at.post(f"/{lead['id']}/consent", CONSENT)).json()
    assert (answer["proof"], answer["status"]) == (True, "routed")
    kept = (await trade.stored(lead["id"]))["consent"]
    assert (kept["text"], kept["origin"]) == (CONSENT["text"], "ops.zr7@exemple.fr")
    assert (await trade.row("deliveries", lead_id=lead["id"]))["proof"] is True


async def test_withdrawing_cancels_what_has_not_left(trade: Trade) -> None:
    _, commande = await trade.buyer()
    lead = await trade.lead()
    answer = await (await desk(trade, "admin")).ask("DELETE", f"/{lead['id']}", {"reason": "Demande du prospect."})
    assert (answer.status_code, answer.json()["status"]) == (200, "invalid")
    cancelled = await trade.row("deliveries", lead_id=lead["id"])
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "lead_withdrawn")
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 0
    assert not await trade.rows("dedup_claims")
    await trade.parts.leads.route_waiting({})
    kept: Doc = await trade.stored(lead["id"])
    assert (kept["status"], kept["hold_reason"], kept["delivery_id"]) == ("invalid", "withdrawn", None)


async def test_a_withdrawn_lead_leaves_the_file_of_the_others(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    gone, stays = await trade.lead(nom="Partant"), await trade.lead(nom="Restant")
    await trade.parts.batches.build("ZR7", (await hand_over(trade, "MDL")))
    assert (await (await desk(trade, "admin")).ask("DELETE", f"/{gone['id']}")).status_code == 200
    await leave(trade)
    [message] = mail.messages
    [content] = message.attachments.values()
    assert "Restant" in content.decode() and "Partant" not in content.decode()
    assert (await trade.stored(stays["id"]))["status"] == "livre"


async def test_a_delivered_lead_is_not_withdrawn_but_an_lb_is(trade: Trade, mail: MailServer) -> None:
    await trade.buyer()
    lead = await trade.lead()
    await leave(trade)
    at = await desk(trade, "admin")
    refused = await at.ask("DELETE", f"/{lead['id']}")
    assert (refused.status_code, refused.json()["error"]) == (409, "invalid_state")
    await trade.parts.mongo.collection("leads").update_one(
        {"id": lead["id"]}, {"$set": {"status": "lb", "is_lb": True}}
    )
    assert (await at.ask("DELETE", f"/{lead['id']}")).json()["status"] == "invalid"


async def test_a_late_refusal_of_consent_takes_back_a_lead_that_has_not_left(trade: Trade) -> None:
    _, commande = await trade.buyer()
    lead = await trade.lead()
    ops = await headers(trade.parts, "ops", "ZR7")
    answer = await trade.http.post(f"/api/leads/{lead['id']}/consent", json={"given": False}, headers=ops)
    assert (answer.status_code, answer.json()["status"]) == (200, "hold_consent")
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    assert (delivery["status"], delivery["cancel_reason"]) == ("cancelled", "consent_refused")
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 0
