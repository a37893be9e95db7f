"""GET /api/clients/{id}/leads, stats, summary, coverage: what a client received, by Paris day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from tests.support.departure import leave
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

VIEWS = ("leads", "stats", "summary", "coverage")


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def rejected(trade: Trade, lead_id: str, reason: str = "injoignable") -> None:
    sent = await trade.row("deliveries", lead_id=lead_id, status="sent")
    answer = await trade.http.post(
        f"/api/deliveries/{sent['id']}/reject-leads", json={"reason": reason}, headers=await headers(trade.parts, "ops")
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("view", VIEWS)
async def test_the_views_are_closed_to_strangers_and_open_to_their_own(trade: Trade, view: str) -> None:
    client, _ = await trade.buyer()
    path = f"/api/clients/{client.id}/{view}"
    assert (await trade.http.get(path)).status_code == 401
    assert (await trade.http.get(path, headers=await headers(trade.parts, "admin", "MDL"))).status_code == 404
    assert (await trade.http.get(path, headers=await headers(trade.parts, "viewer"))).status_code == 200
    unknown = await trade.http.get(f"/api/clients/inconnu/{view}", headers=await headers(trade.parts))
    assert (unknown.status_code, unknown.json()["error"]) == (404, "not_found")


async def test_leads_are_what_was_handed_over_with_the_contact_of_then(trade: Trade, mail: MailServer) -> None:
    client, commande = await trade.buyer()
    sent = await trade.lead(nom="Éluard", departement="13")
    await leave(trade)
    waiting = await trade.lead(nom="Michaux")
    signed = await headers(trade.parts, "viewer")
    path = f"/api/clients/{client.id}/leads"
    body = (await trade.http.get(path, headers=signed)).json()
    assert (body["count"], body["total"], body["client_id"]) == (2, 2, client.id)
    assert [row["nom"] for row in body["leads"]] == ["Michaux", "Éluard"]
    first = body["leads"][1]
    assert (first["lead_id"], first["commande_id"], first["departement"]) == (sent["id"], commande.id, "13")
    assert (first["status"], first["outcome"], first["billable"]) == ("sent", "accepted", True)
    assert first["phone"] == sent["phone"] and first["phone_display"].startswith("01 99 00")
    only = (await trade.http.get(path, headers=signed, params={"status": "pending_csv"})).json()
    assert [row["lead_id"] for row in only["leads"]] == [waiting["id"]]
    assert (await trade.http.get(path, headers=signed, params={"limit": 201})).status_code == 422
    assert (await trade.http.get(path, headers=signed, params={"status": "perdu"})).status_code == 422


async def test_stats_count_what_was_sent_and_what_came_back(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    await trade.commande(client, produit="PAC")
    first = await trade.lead()
    await trade.lead(produit="PAC")
    await leave(trade)
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 17, 9, 0, tzinfo=UTC))
    await trade.lead()
    await leave(trade)
    await rejected(trade, first["id"])
    answer = await trade.http.get(f"/api/clients/{client.id}/stats", headers=await headers(trade.parts))
    assert answer.json() == {
        "client_id": client.id,
        "client_name": client.name,
        "reserved_leads": 0,
        "stats": {
            "total_delivered": 3,
            "this_week": 1,
            "by_product": {"PAC": 1, "PV": 2},
            "rejected": 1,
            "removed": 0,
            "rejection_rate": "33.3",
        },
    }


async def test_summary_groups_by_paris_day_week_or_month_of_sending(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    first = await trade.lead()
    await leave(trade)
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 12, 23, 30, tzinfo=UTC))  # Friday 00:30 Paris
    await trade.lead()
    await leave(trade)
    await rejected(trade, first["id"])
    waiting = await trade.lead()
    signed = await headers(trade.parts, "viewer")
    path = f"/api/clients/{client.id}/summary"
    body = (await trade.http.get(path, headers=signed)).json()
    assert [(one["period"], one["sent"], one["billable"]) for one in body["periods"]] == [
        ("2026-03-11", 1, 0),
        ("2026-03-13", 1, 1),
    ]
    assert body["periods"][1]["pending_csv"] == 1 and waiting["status"] == "routed"
    assert body["totals"] == {
        "sent": 2, "rejected": 1, "removed": 0, "billable": 1, "reject_rate": "50.0", "failed": 0,
    }  # fmt: skip
    assert (body["from"], body["to"], body["group_by"]) == ("2026-02-11", "2026-03-13", "day")
    assert body["last_delivery"]["sent_to"] == [client.email]
    assert body["next_delivery_day"] == "vendredi 13/03"
    weeks = (await trade.http.get(path, headers=signed, params={"group_by": "week"})).json()["periods"]
    assert [(one["period"], one["sent"], one["by_produit"]) for one in weeks] == [("2026-W11", 2, {"PV": 2})]
    months = (await trade.http.get(path, headers=signed, params={"group_by": "month"})).json()["periods"]
    assert [(one["period"], one["sent"]) for one in months] == [("2026-03", 2)]
    day = {"from": "2026-03-13", "to": "2026-03-13T10:00:00+01:00"}
    assert (await trade.http.get(path, headers=signed, params=day)).json()["totals"]["sent"] == 1


async def test_a_summary_compares_weeks_and_the_days_of_this_one(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    first = await trade.lead()
    await leave(trade)
    await rejected(trade, first["id"])
    sent_at = (await trade.row("deliveries", lead_id=first["id"], status="sent"))["last_sent_at"]
    signed, path = await headers(trade.parts, "viewer"), f"/api/clients/{client.id}/summary"
    for later, so_far in ((timedelta(days=7, minutes=-5), 0), (timedelta(days=7, minutes=5), 1)):
        await trade.parts.clock.move_to(trade.parts.mongo, sent_at + later)
        body = (await trade.http.get(path, headers=signed)).json()
        weeks = [(one["week"], one["sent"], one["rejected"], one["billable"]) for one in body["weeks"]]
        assert len(weeks) == 12
        assert weeks[-3:] == [("2026-W10", None, None, None), ("2026-W11", 1, 1, 0), ("2026-W12", 0, 0, 0)]
        days = [(one["day"], one["sent"], one["before"], one["before_so_far"]) for one in body["days"]]
        assert days[2:4] == [("2026-03-18", 0, 1, so_far), ("2026-03-19", None, 0, None)]
        assert body["days"][2]["by_produit"] == {"PV": {"sent": 0, "before": 1, "before_so_far": so_far}}


async def test_the_next_delivery_day_is_said_in_french(trade: Trade) -> None:
    client, _ = await trade.buyer()
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 13, 9, 0, tzinfo=UTC))  # Friday 10:00
    answer = await trade.http.get(f"/api/clients/{client.id}/summary", headers=await headers(trade.parts))
    assert answer.json()["next_delivery_day"] == "lundi 16/03"
    assert answer.json()["last_delivery"] is None


@pytest.mark.parametrize(
    "given",
    [
        {"from": "hier"},
        {"from": "2026-03-11T10:00:00"},
        {"from": "1900-01-01"},
        {"to": "9999-12-31"},
        {"from": "2026-03-12", "to": "2026-03-11"},
        {"from": "2010-01-01", "to": "2026-03-11"},
        {"group_by": "year"},
    ],
)
async def test_a_summary_that_cannot_be_made_is_refused_in_french(trade: Trade, given: dict[str, str]) -> None:
    client, _ = await trade.buyer()
    answer = await trade.http.get(f"/api/clients/{client.id}/summary", headers=await headers(trade.parts), params=given)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_input")
    assert set(answer.json()["detail"]) <= {"from", "to", "group_by"}


async def test_coverage_sets_each_commande_against_its_week(trade: Trade, mail: MailServer) -> None:
    client, commande = await trade.buyer(departements=["13", "20"], quota_semaine=2)
    await trade.commande(client, produit="PAC", departements=["*"])
    first = await trade.lead(departement="13")
    await trade.lead(departement="2A")
    await trade.lead(departement="13", produit="ITE")
    await leave(trade)
    await rejected(trade, first["id"], "pas_interesse")
    signed = await headers(trade.parts, "viewer")
    path = f"/api/clients/{client.id}/coverage"
    body = (await trade.http.get(path, headers=signed)).json()
    assert (body["week"], body["product"], body["count"]) == ("2026-W11", "ALL", 4)
    assert body["aggregates"] == {"produced_week": 2, "billable_week": 1, "quota_week": 2, "remaining_week": -1}
    lines = {(one["departement"], one["produit"]): one for one in body["departements"]}
    assert set(lines) == {("*", "PAC"), ("13", "PV"), ("2A", "PV"), ("2B", "PV")}
    assert (lines["13", "PV"]["billable_week"], lines["13", "PV"]["non_billable"]) == (0, 1)
    assert (lines["2A", "PV"]["remaining_week"], lines["2A", "PV"]["status"]) == (1, "on_remaining")
    assert (lines["*", "PAC"]["remaining_week"], lines["*", "PAC"]["status"]) == (-1, "on_remaining")
    assert lines["13", "PV"]["commandes"] == [{"commande_id": commande.id, "produit": "PV", "quota": 2}]
    only = (await trade.http.get(path, headers=signed, params={"product": "PV", "week": "2026-W10"})).json()
    assert only["aggregates"] == {"produced_week": 0, "billable_week": 0, "quota_week": 2, "remaining_week": 2}
    assert (await trade.http.get(path, headers=signed, params={"week": "2026-W99"})).status_code == 422
    assert (await trade.http.get(path, headers=signed, params={"product": "EOLIEN"})).status_code == 422


async def test_a_commande_whose_week_is_full_is_saturated(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer(quota_semaine=1)
    await trade.lead(departement="33")
    await leave(trade)
    answer = await trade.http.get(f"/api/clients/{client.id}/coverage", headers=await headers(trade.parts))
    [line] = answer.json()["departements"]
    assert (line["departement"], line["remaining_week"], line["status"]) == ("33", 0, "saturated")
