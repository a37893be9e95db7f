"""Who gets a lead, who does not, and why."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.support.trade import Trade, phone


async def move(trade: Trade, **by: int) -> None:
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(**by))


def reasons(lead: dict[str, object]) -> dict[str, str]:
    return {row["commande_id"]: row["reason"] for row in lead["considered"]}  # type: ignore[attr-defined]


async def test_two_hundred_submissions_on_a_quota_of_ten_give_exactly_ten(trade: Trade) -> None:
    _, commande = await trade.buyer(quota_semaine=10)
    answers = await asyncio.gather(*(trade.submit() for _ in range(200)))
    assert all(answer.status_code == 201 for answer in answers)
    assert sum(answer.json()["status"] == "routed" for answer in answers) == 10
    assert len(await trade.rows("deliveries")) == 10
    counter = await trade.row("quota_counters", commande_id=commande.id)
    assert (counter["used"], counter["cap"]) == (10, 10)
    assert {row["rank"] for row in await trade.rows("deliveries")} == set(range(1, 11))


async def test_the_same_phone_never_reaches_a_client_twice_within_thirty_days(trade: Trade) -> None:
    client, commande = await trade.buyer()
    number = phone()
    first = await trade.lead(phone=number)
    twin = await trade.lead(phone=number)
    assert (first["status"], twin["status"]) == ("routed", "duplicate")
    assert reasons(twin) == {commande.id: "already_had_it"}
    other, _ = await trade.buyer("Isolation du Nord")
    assert (await trade.lead(phone=number))["delivery_client_id"] == other.id
    assert client.id != other.id


async def test_the_plan_follows_priority_then_the_least_served_share(trade: Trade) -> None:
    late, _ = await trade.buyer("Second", priorite=2)
    _, big = await trade.buyer("Grand", priorite=1, quota_semaine=10)
    _, small = await trade.buyer("Petit", priorite=1, quota_semaine=2)
    taken = [(await trade.lead())["delivery_commande_id"] for _ in range(13)]
    assert taken[:2] == [big.id, small.id]
    assert taken.count(small.id) == 2 and taken.count(big.id) == 10
    assert (await trade.row("deliveries", lead_id=(await trade.rows("leads"))[-1]["id"]))["client_id"] == late.id


async def test_refusals_say_why_each_commande_did_not_get_the_lead(trade: Trade) -> None:
    _, paused = await trade.buyer("En pause")
    await trade.parts.commandes.toggle(trade.parts.everyone, paused.id, "test")
    _, full = await trade.buyer("Plein", quota_semaine=1)
    await trade.lead()
    _, elsewhere = await trade.buyer("Ailleurs", departements=["13"])
    lead = await trade.lead()
    assert reasons(lead) == {paused.id: "commande_inactive", full.id: "quota_full"}
    assert elsewhere.id not in reasons(lead)


async def test_fresh_leads_leave_the_share_kept_for_lb(trade: Trade) -> None:
    _, commande = await trade.buyer(quota_semaine=5, lb_target_pct=Decimal("0.4"))
    statuses = [(await trade.lead())["status"] for _ in range(4)]
    assert statuses == ["routed"] * 3 + ["no_open_orders"]
    last = (await trade.rows("leads", status="no_open_orders"))[0]
    assert reasons(last) == {commande.id: "lb_share"}


async def test_a_lead_without_a_buyer_crosses_to_the_other_entity_unless_it_is_switched_off(trade: Trade) -> None:
    client, commande = await trade.buyer("Maison Verte", "MDL")
    lead = await trade.lead()
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    assert (lead["entity"], delivery["entity"], delivery["client_id"]) == ("ZR7", "MDL", client.id)
    assert delivery["routing_mode"] == "fallback_no_orders"
    await trade.parts.parametres.write_cross_entity(False, {}, "test", common=True)
    assert reasons(await trade.lead()) == {commande.id: "cross_entity_off"}


async def test_a_lead_arriving_on_a_closed_day_is_routed_on_the_next_open_day(trade: Trade) -> None:
    _, commande = await trade.buyer()
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 14, 11, 0, tzinfo=UTC))  # Saturday
    lead = await trade.lead()
    assert (lead["status"], lead["routing_reason"]) == ("no_open_orders", "calendar_closed")
    assert reasons(lead) == {commande.id: "calendar_closed"}
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 15, 23, 5, tzinfo=UTC))  # Monday 00:05 Paris
    assert await trade.parts.leads.route_waiting({}) == 1
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    assert (delivery["due_day"], delivery["week"]) == ("2026-03-16", "2026-W12")


async def test_the_place_is_taken_in_the_week_the_lead_is_due_to_leave(trade: Trade) -> None:
    await trade.buyer()
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 13, 8, 0, tzinfo=UTC))  # Friday 09:00
    before = await trade.lead()
    await move(trade, hours=1)
    after = await trade.lead()
    weeks = [(await trade.row("deliveries", lead_id=lead["id"]))["week"] for lead in (before, after)]
    assert weeks == ["2026-W11", "2026-W12"]


async def test_opening_a_commande_puts_one_task_that_routes_what_waited(trade: Trade) -> None:
    lead = await trade.lead()
    assert lead["status"] == "no_open_orders"
    await trade.buyer()
    task = await trade.row("outbox", kind="route_waiting")
    await trade.parts.leads.route_waiting({"produit": task["payload"]["produit"]})
    assert (await trade.stored(lead["id"]))["status"] == "routed"


async def test_a_suspicious_landing_page_lead_gives_its_place_to_an_lb(trade: Trade) -> None:
    old = await trade.lead()
    await move(trade, days=9)
    await trade.parts.stock.mark()
    client, _ = await trade.buyer(lb_target_pct=Decimal("0.5"), quota_semaine=10)
    suspicious = await trade.lead(phone="0611111111", lp_code="LP1")
    assert (suspicious["status"], suspicious["replacement_lead_id"]) == ("replaced_by_lb", old["id"])
    delivery = await trade.row("deliveries", lead_id=old["id"])
    assert delivery["is_lb"] and delivery["replaced_suspicious_id"] == suspicious["id"]
    assert (await trade.stored(old["id"]))["delivery_client_id"] == client.id


async def test_a_suspicious_landing_page_lead_goes_itself_when_there_is_no_lb(trade: Trade) -> None:
    await trade.buyer(lb_target_pct=Decimal("0.5"), quota_semaine=10)
    assert (await trade.lead(phone="0611111111", lp_code="LP1"))["status"] == "routed"


async def test_the_overlap_guard_prefers_another_client_and_delivers_anyway_when_there_is_none(trade: Trade) -> None:
    shared = "achats@groupe-buyers.fr"
    abroad = await trade.client("Groupe MDL", "MDL", email=shared)
    await trade.parts.mongo.transaction(
        lambda tx: trade.parts.clients.note_sent(tx, abroad.id, trade.parts.clock.now(), 1)
    )
    here = await trade.client("Groupe ZR7", email=shared)
    await trade.commande(here, priorite=1)
    alone = await trade.lead()
    assert (await trade.row("deliveries", lead_id=alone["id"]))["overlap_fallback_delivery"] is True
    other, _ = await trade.buyer("Autre", priorite=9)
    lead = await trade.lead()
    assert lead["delivery_client_id"] == other.id
    assert "overlap" in reasons(lead).values()
