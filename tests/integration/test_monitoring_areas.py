"""Where the leads of a département find a buyer."""

from __future__ import annotations

from typing import Any

from tests.support.departure import leave
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade


async def seen(trade: Trade, role: str = "viewer", **given: str) -> dict[str, dict[str, Any]]:
    answer = await trade.http.get("/api/departements/overview", headers=await headers(trade.parts, role), params=given)
    assert answer.status_code == 200, answer.text
    return {one["departement"]: one for one in answer.json()["departements"]}


async def test_every_departement_says_whether_a_lead_finds_a_buyer(trade: Trade) -> None:
    await trade.buyer(departements=["13", "20"], quota_semaine=1)
    await trade.buyer("Maison Verte", departements=["59"], quota_semaine=5)
    _, paused = await trade.buyer("Toit Bleu", departements=["62"])
    path = f"/api/commandes/{paused.id}/toggle"
    assert (await trade.http.post(path, headers=await headers(trade.parts, "ops"))).status_code == 200
    await trade.buyer("Habitat Occitan", departements=["75", "13"], quota_semaine=0)
    await trade.lead(departement="2A")
    await trade.lead(departement="01")
    async with mail_server() as server:
        server.serve(trade.parts)
        await leave(trade)
    areas = await seen(trade)
    assert len(areas) == 101
    told = {code: (areas[code]["status"], areas[code]["remaining"], areas[code]["clients"]) for code in areas}
    assert told["01"] == ("no_order", 0, 0)
    assert told["2A"] == told["2B"] == ("saturated", 0, 1)
    assert told["13"] == ("on_remaining", None, 2)
    assert told["62"] == ("inactive_blocked", 0, 0)
    assert told["59"] == ("on_remaining", 5, 1)
    assert (areas["01"]["received"], areas["01"]["billable"]) == (1, 0)
    assert (areas["2A"]["received"], areas["2A"]["billable"], areas["2A"]["client_names"]) == (
        1,
        1,
        ["Solaire du Midi"],
    )


async def test_a_departement_lists_who_serves_it_first_and_only_within_the_scope(trade: Trade) -> None:
    _, second = await trade.buyer("Second", departements=["*"], priorite=4, quota_semaine=3)
    _, first = await trade.buyer("Premier", departements=["20"], priorite=1)
    await trade.buyer("Ailleurs", "MDL", departements=["2A"])
    await trade.buyer("Autre produit", departements=["2A"], produit="PAC")
    signed = await headers(trade.parts, "viewer")
    body = (await trade.http.get("/api/departements/2a/detail", headers=signed)).json()
    assert (body["departement"], body["name"]) == ("2A", "Corse-du-Sud")
    assert [(one["commande_id"], one["remaining"]) for one in body["orders"]] == [(first.id, None), (second.id, 3)]
    assert (await trade.http.get("/api/departements/99/detail", headers=signed)).status_code == 404
    assert (await seen(trade, week="2026-W09"))["75"]["remaining"] == 3


async def test_what_a_pause_would_release_is_told_before(trade: Trade) -> None:
    _, commande = await trade.buyer()
    await trade.lead()
    await trade.lead()
    path = f"/api/commandes/{commande.id}/stats"
    assert (await trade.http.get(path, headers=await headers(trade.parts))).json()["reserved_leads"] == 2
