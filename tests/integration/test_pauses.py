"""A client or a commande paused until a day: it comes back by itself on that day, and not before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.support.people import headers
from tests.support.trade import Trade


async def put(trade: Trade, path: str, role: str = "admin", **body: Any) -> httpx.Response:
    return await trade.http.put(path, json=body, headers=await headers(trade.parts, role))


async def night(trade: Trade, day: int) -> dict[str, Any]:
    """The job of 00:05 of that day of March 2026."""
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, day, 0, 6, tzinfo=UTC))
    slot = await trade.parts.jobs.run_and_wait("route_waiting_leads", "test")
    assert slot.state == "success", slot.error
    return dict(slot.result or {})


async def test_a_commande_comes_back_on_its_day_and_takes_what_waits(trade: Trade) -> None:
    _, commande = await trade.buyer()
    path = f"/api/commandes/{commande.id}"
    await trade.lead()
    answer = await put(trade, path, "ops", active=False, paused_until="2026-03-13")
    assert answer.status_code == 200, answer.text
    saved = answer.json()
    assert (saved["commande"]["active"], saved["commande"]["paused_until"]) == (False, "2026-03-13")
    assert saved["reserved_leads"] == 1
    waiting = await trade.lead()
    assert waiting["status"] == "no_open_orders"
    assert (await night(trade, 12))["commandes_resumed"] == 0
    assert (await trade.row("commandes", id=commande.id))["active"] is False
    assert (await night(trade, 13))["commandes_resumed"] == 1
    stored = await trade.row("commandes", id=commande.id)
    assert (stored["active"], stored["paused_until"]) == (True, None)
    assert (await trade.stored(waiting["id"]))["status"] == "routed"
    event = await trade.row("event_log", action="order_activate", entity_id=commande.id, user="system:commandes")
    assert event["details"]["reason"] == "pause_over"
    assert (await night(trade, 14))["commandes_resumed"] == 0


async def test_a_client_comes_back_on_its_day_and_its_record_tells_both(trade: Trade) -> None:
    client, _ = await trade.buyer()
    await trade.lead()
    path = f"/api/clients/{client.id}"
    signed = await headers(trade.parts)
    assert (await trade.http.get(f"{path}/stats", headers=signed)).json()["reserved_leads"] == 1
    answer = await put(trade, path, paused_until="2026-03-13")
    assert (answer.json()["client"]["active"], answer.json()["client"]["paused_until"]) == (False, "2026-03-13")
    waiting = await trade.lead()
    assert (waiting["status"], waiting["considered"][0]["reason"]) == ("no_open_orders", "client_inactive")
    assert (await night(trade, 13))["clients_resumed"] == 1
    assert (await trade.row("clients", id=client.id))["active"] is True
    assert (await trade.stored(waiting["id"]))["status"] == "routed"
    activity = (await trade.http.get(f"{path}/activity", headers=signed)).json()["activities"]
    assert {"client_pause_over", "client_updated"} <= {one["action"] for one in activity}


@pytest.mark.parametrize("given", [{"paused_until": "2026-03-11"}, {"paused_until": "2026-03-10"},
                                   {"active": True, "paused_until": "2026-03-20"}])  # fmt: skip
async def test_a_pause_ends_in_the_future(trade: Trade, given: dict[str, Any]) -> None:
    client, commande = await trade.buyer()
    for path in (f"/api/clients/{client.id}", f"/api/commandes/{commande.id}"):
        answer = await put(trade, path, **given)
        assert (answer.status_code, list(answer.json()["detail"])) == (422, ["paused_until"]), answer.text


@pytest.mark.parametrize("given", [{"active": True}, {"active": False}])
async def test_a_choice_made_since_forgets_the_date(trade: Trade, given: dict[str, Any]) -> None:
    client, commande = await trade.buyer()
    for path, name in ((f"/api/clients/{client.id}", "client"), (f"/api/commandes/{commande.id}", "commande")):
        await put(trade, path, paused_until="2026-03-13")
        kept = await put(trade, path, notes="Congés")
        assert kept.json()[name]["paused_until"] == "2026-03-13"
        answer = await put(trade, path, **given)
        assert (answer.json()[name]["active"], answer.json()[name]["paused_until"]) == (given["active"], None)
    assert await night(trade, 13) == {"clients_resumed": 0, "commandes_resumed": 0, "routed": 0}


async def test_a_commande_replaced_meanwhile_stays_paused_and_says_so(trade: Trade) -> None:
    client, commande = await trade.buyer()
    await put(trade, f"/api/commandes/{commande.id}", paused_until="2026-03-13")
    other = await trade.commande(client)
    assert (await night(trade, 13))["commandes_resumed"] == 0
    stored = await trade.row("commandes", id=commande.id)
    assert (stored["active"], stored["paused_until"]) == (False, None)
    assert (await trade.row("commandes", id=other.id))["active"] is True
    assert (await trade.row("event_log", action="order_resume_refused"))["entity_id"] == commande.id
