"""Units paid in advance: never below zero, followed from the reservation to the outcome, explained by their journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from pymongo.errors import DuplicateKeyError

from backend.clients.models import Client
from tests.support.departure import delivered, leave
from tests.support.desk import Desk, tasks
from tests.support.money import bought, priced
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def figures(trade: Trade, client: Client) -> tuple[int, int, int, int]:
    """(purchased, delivered, reserved, remaining); the invariants hold."""
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]
    row = await trade.row("prepayment_balances", client_id=client.id)
    names = ("units_purchased_total", "units_delivered_total", "units_reserved", "units_remaining")
    purchased, spent, reserved, remaining = (int(row[name]) for name in names)
    return purchased, spent, reserved, remaining


async def act(trade: Trade, delivery_id: str, action: str, reason: str = "autre") -> None:
    signed = await headers(trade.parts, "admin")
    answer = await trade.http.post(f"/api/deliveries/{delivery_id}/{action}", json={"reason": reason}, headers=signed)
    assert answer.status_code == 200, answer.text


def reasons(lead: dict[str, Any]) -> list[str]:
    return [one["reason"] for one in lead["considered"]]


async def test_forty_submissions_at_once_on_a_balance_of_seven_give_exactly_seven(trade: Trade) -> None:
    client, commande = await trade.buyer(quota_semaine=30)
    await priced(trade, client, mode="PREPAID", units=7)
    answers = await asyncio.gather(*(trade.submit() for _ in range(40)))
    assert all(answer.status_code == 201 for answer in answers)
    await trade.parts.leads.route_waiting({})
    deliveries = await trade.rows("deliveries")
    assert len(deliveries) == 7 and all(one["prepaid"] for one in deliveries)
    assert await figures(trade, client) == (7, 0, 7, 0)
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 7


async def test_an_empty_balance_is_a_reason_and_the_next_buyer_has_the_lead(trade: Trade) -> None:
    client, commande = await trade.buyer(priorite=1)
    await priced(trade, client, mode="PREPAID", units=1)
    other, _ = await trade.buyer("Second", priorite=2)
    assert (await trade.lead())["delivery_client_id"] == client.id
    lead = await trade.lead()
    assert (lead["delivery_client_id"], reasons(lead)) == (other.id, ["prepaid_empty", "chosen"])
    assert (await trade.row("deliveries", lead_id=lead["id"]))["prepaid"] is False
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 1


async def test_a_unit_gone_between_the_plan_and_the_reservation_takes_no_place(trade: Trade) -> None:
    client, commande = await trade.buyer()
    await priced(trade, client, mode="PREPAID", units=1)
    waiting = await trade.lead(produit="PAC")
    lead = (await trade.parts.leads.get(trade.parts.everyone, waiting["id"])).model_copy(update={"produit": "PV"})
    plan = await trade.parts.routing.plan(lead.subject())
    assert [one.units_left for one in plan.ordered] == [1]
    await trade.lead()
    assert await trade.parts.leads.settle(lead, plan, "realtime") == 0
    assert reasons(await trade.stored(lead.id)) == ["prepaid_empty"]
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 1
    assert await figures(trade, client) == (1, 0, 1, 0)


async def test_a_unit_is_spent_when_sent_and_comes_back_with_the_outcome(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    await priced(trade, client, mode="PREPAID", units=3)
    sent = await delivered(trade)
    assert await figures(trade, client) == (3, 1, 0, 2)
    await act(trade, sent["id"], "reject-leads", "faux_numero")
    assert await figures(trade, client) == (3, 0, 0, 3)
    removed = await delivered(trade)
    await act(trade, removed["id"], "remove-lead", "doublon")
    lead = await trade.lead()
    assert await figures(trade, client) == (3, 0, 1, 2)
    await act(trade, (await trade.row("deliveries", lead_id=lead["id"]))["id"], "cancel")
    assert await figures(trade, client) == (3, 0, 0, 3)
    body = (
        await Desk(trade.http, await headers(trade.parts), f"/api/clients/{client.id}").get("/prepayment/moves")
    ).json()
    assert sorted(one["kind"] for one in body["moves"]) == sorted(
        ["purchase", *["reservation", "consumption", "return"] * 2, "reservation", "release"]
    )
    assert body["total"] == 9 and all(one["units"] in {1, 3} for one in body["moves"])


async def test_a_send_keeps_the_mode_of_the_reservation(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    await priced(trade, client, mode="PREPAID", units=2)
    before = await trade.lead()
    await priced(trade, client, mode="WEEKLY_INVOICE")
    after = await trade.lead()
    await leave(trade)
    prepaid = [(await trade.row("deliveries", lead_id=one["id"], status="sent"))["prepaid"] for one in (before, after)]
    assert prepaid == [True, False]
    assert await figures(trade, client) == (2, 1, 0, 1)


async def test_the_first_unit_of_an_empty_balance_has_the_waiting_leads_routed(trade: Trade, mail: MailServer) -> None:
    client, _ = await trade.buyer()
    await priced(trade, client, mode="PREPAID")
    lead = await trade.lead()
    assert (lead["status"], reasons(lead)) == ("no_open_orders", ["prepaid_empty"])
    await trade.parts.mongo.collection("outbox").delete_many({})
    await bought(trade, client.id, 1)
    await bought(trade, client.id, 1)
    assert await tasks(trade.parts) == [{"entity": "ZR7", "produit": "PV", "reason": "prepaid_units"}]
    await leave(trade)
    await leave(trade)
    assert (await trade.stored(lead["id"]))["status"] == "livre"
    await delivered(trade)
    await trade.parts.mongo.collection("outbox").delete_many({"kind": "route_waiting"})
    await act(trade, (await trade.row("deliveries", lead_id=lead["id"]))["id"], "remove-lead", "doublon")
    assert {"entity": "ZR7", "produit": "PV", "reason": "prepaid_units"} in await tasks(trade.parts)


async def test_only_what_is_left_may_be_withdrawn_and_a_document_counts_once(trade: Trade) -> None:
    client, _ = await trade.buyer()
    await priced(trade, client, mode="PREPAID", units=3)
    await trade.lead()
    parts = trade.parts

    async def withdraw(units: int) -> bool:
        return await parts.mongo.transaction(lambda tx: parts.prepaid.withdraw(tx, "ZR7", client.id, "PV", units))

    assert [await withdraw(3), await withdraw(2), await withdraw(1)] == [False, True, False]
    assert await figures(trade, client) == (1, 0, 1, 0)
    for expected in (4, None):
        adding = parts.mongo.transaction(
            lambda tx: parts.prepaid.add(tx, "ZR7", client.id, "PV", 4, by="admin", ref="facture-1")
        )
        if expected is None:
            with pytest.raises(DuplicateKeyError):
                await adding
        else:
            assert (await adding).units_remaining == expected
    assert await figures(trade, client) == (5, 0, 1, 4)


async def test_balances_over_http_with_their_state(trade: Trade) -> None:
    client, _ = await trade.buyer()
    at = Desk(trade.http, await headers(trade.parts), f"/api/clients/{client.id}/prepayment")
    assert (await at.get()).json() == {"client_id": client.id, "balances": []}
    await priced(trade, client, mode="PREPAID")
    assert [(one["status"], one["units_remaining"]) for one in (await at.get()).json()["balances"]] == [("BLOCKED", 0)]
    await bought(trade, client.id, 11)
    assert (await at.get()).json()["balances"][0]["status"] == "OK"
    await trade.lead()
    told = (await at.get()).json()["balances"][0]
    assert (told["product_code"], told["units_reserved"], told["status"]) == ("PV", 1, "LOW")
    assert [one.client_id for one in await trade.parts.prepaid.low(trade.parts.everyone)] == [client.id]
    assert (
        await Desk(trade.http, await headers(trade.parts, "ops"), f"/api/clients/{client.id}").get("/prepayment")
    ).status_code == 403


async def test_the_stock_is_not_walked_for_a_client_who_has_nothing_left(trade: Trade) -> None:
    olds = [await trade.lead() for _ in range(3)]
    client, commande = await trade.buyer(lb_target_pct=Decimal(1), quota_semaine=10)
    await priced(trade, client, mode="PREPAID", units=2)
    await trade.parts.mongo.collection("leads").update_many({}, {"$set": {"status": "lb", "is_lb": True}})
    filled = await trade.parts.stock.fill(commande)
    assert (filled.lb, filled.shortfall) == (2, 0)
    assert [(await trade.stored(one["id"]))["status"] for one in olds] == ["routed", "routed", "lb"]
    assert await figures(trade, client) == (2, 0, 2, 0)


@pytest.mark.parametrize("damage", [{"units_remaining": 9}, {"units_reserved": 0, "units_remaining": 3}])
async def test_a_balance_that_was_touched_is_found(trade: Trade, damage: dict[str, int]) -> None:
    client, _ = await trade.buyer()
    await priced(trade, client, mode="PREPAID", units=3)
    await trade.lead()
    await trade.parts.mongo.collection("prepayment_balances").update_one({}, {"$set": damage})
    broken = [check.name for check in await trade.parts.monitoring.invariants() if check.count]
    assert broken == ["prepaid"]
