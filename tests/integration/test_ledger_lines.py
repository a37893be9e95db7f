"""A unit enters the ledger with its sending, leaves by a line; what is closed never changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest_asyncio

from backend.core.mongo import Doc
from tests.support.books import WEEK, close, companies, customer, desk, identified, next_week, sound
from tests.support.departure import delivered, leave
from tests.support.money import priced
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture(autouse=True)
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        await companies(trade)
        yield server


async def lines(trade: Trade, **query: Any) -> list[Doc]:
    return sorted(await trade.rows("billing_ledger", **query), key=lambda one: (one["at"], one["_id"]))


async def reject(trade: Trade, delivery: Doc, reason: str = "injoignable") -> None:
    answer = await (await desk(trade)).post(f"/deliveries/{delivery['id']}/reject-leads", {"reason": reason})
    assert answer.status_code == 200, answer.text


async def test_a_sent_unit_is_in_the_ledger_with_the_prices_of_its_day(trade: Trade) -> None:
    client = await customer(trade, price="25.00")
    await priced(trade, client, "25.00", discount_pct=Decimal("10"))
    one = await delivered(trade)
    [line] = await lines(trade)
    assert line["_id"] == f"unit:{one['id']}"
    assert (line["week_key"], line["sent_week"], line["quantity"]) == (WEEK, WEEK, 1)
    assert [str(line[k]) for k in ("unit_price_eur_snapshot", "discount_pct_snapshot")] == ["25.00", "10"]
    assert str(line["net_unit_eur"]) == "22.50"
    await priced(trade, client, "99.00")
    assert [row["_id"] for row in await lines(trade)] == [line["_id"]], "a new price changes nothing that was sent"


async def test_a_rejected_unit_leaves_by_a_line_of_its_own(trade: Trade) -> None:
    await customer(trade)
    one = await delivered(trade)
    before = await lines(trade)
    await reject(trade, one)
    after = await lines(trade)
    assert after[0] == before[0], "nothing is changed in place"
    assert [(row["kind"], row["quantity"], row["week_key"]) for row in after] == [
        ("unit", 1, WEEK),
        ("reversal", -1, WEEK),
    ]
    board = (await (await desk(trade)).get("/billing/week", week_key=WEEK)).json()
    assert (board["totals"]["net_ht"], board["summary"]["units_delivered"]) == ("0.00", 1)
    await sound(trade)


async def test_a_unit_without_price_shows_everywhere_and_is_never_billed_at_zero(trade: Trade) -> None:
    client, _ = await trade.buyer()
    await identified(trade, client)
    await delivered(trade)
    await next_week(trade)
    board = (await (await desk(trade)).get("/billing/week", week_key=WEEK)).json()
    assert (board["weekly_invoice"][0]["pricing_missing"], board["clients"][0]["unpriced"]) == (True, 1)
    refused = await close(trade)
    assert (refused["success"], refused["clients"][0]["code"]) == (False, "pricing_missing")
    await priced(trade, client, "30.00")
    board = (await (await desk(trade)).get("/billing/week", week_key=WEEK)).json()
    assert (board["totals"]["net_ht"], board["totals"]["units_billable"]) == ("30.00", 1)
    closed = await close(trade, issue=True)
    assert closed["clients"][0]["invoice_number"] == "ZR7-2026-000001"
    await sound(trade)


async def test_a_forced_closing_leaves_the_unit_out_and_its_price_bills_it_later(trade: Trade) -> None:
    client, _ = await trade.buyer()
    await identified(trade, client)
    await delivered(trade)
    await next_week(trade)
    without = await (await desk(trade)).post(f"/billing/week/{WEEK}/close", {"force": True})
    assert without.status_code == 400
    await close(trade, force=True, reason="Le prix se négocie encore")
    assert await trade.rows("invoices") == []
    await priced(trade, client, "30.00")
    await next_week(trade)
    closed = await close(trade, "2026-W12", issue=True)
    assert closed["clients"][0]["invoice_number"] == "ZR7-2026-000001"
    [unit] = await trade.rows("billing_ledger", kind="unit", week_key="2026-W12")
    assert unit["sent_week"] == WEEK, "it keeps its own date"
    await sound(trade)


async def test_what_comes_after_the_closing_goes_to_the_next_open_week(trade: Trade) -> None:
    """A late delivery confirmed by an operator, dated in a week that is closed."""
    await customer(trade)
    await delivered(trade)
    await next_week(trade)
    await close(trade, issue=True)
    late = await delivered(trade)
    parts = trade.parts
    await parts.mongo.collection("billing_ledger").delete_many({"delivery_id": late["id"]})
    await parts.mongo.collection("deliveries").update_one({"id": late["id"]}, {"$set": {"last_sent_at": (
        await trade.row("deliveries", id={"$ne": late["id"]}))["last_sent_at"], "sent_week": WEEK}})  # fmt: skip
    built = await (await desk(trade)).post(f"/billing/week/{WEEK}/build-ledger")
    assert built.json()["added"] == 1
    line = await trade.row("billing_ledger", delivery_id=late["id"])
    assert (line["week_key"], line["sent_week"]) == ("2026-W12", WEEK)


async def test_a_week_is_not_closed_before_its_end_nor_twice(trade: Trade) -> None:
    client = await customer(trade)
    await delivered(trade)
    at = await desk(trade)
    early = await at.post(f"/billing/week/{WEEK}/close", {})
    assert (early.status_code, early.json()["error"]) == (409, "week_not_over")
    await next_week(trade)
    await close(trade)
    again = await at.post(f"/billing/week/{WEEK}/close", {"client_id": client.id})
    assert (again.status_code, again.json()["error"]) == (409, "week_closed")
    assert (await close(trade))["clients"] == []


async def test_a_week_with_a_sending_that_nobody_knows_is_not_closed(trade: Trade, mail: MailServer) -> None:
    client = await customer(trade)
    await delivered(trade)
    mail.fault("drop_after")
    await trade.lead()
    await leave(trade)
    assert await trade.rows("deliveries", status="uncertain")
    await next_week(trade)
    refused = (await close(trade))["clients"][0]
    assert (refused["closed"], refused["code"]) == (False, "week_not_settled")
    forced = await close(trade, client_id=client.id, force=True, reason="Confirmé au téléphone")
    assert forced["clients"][0]["closed"]
    week = await trade.row("billing_weeks", client_id=client.id)
    assert (week["state"], week["forced"]) == ("closed", "Confirmé au téléphone")


async def test_a_line_and_a_closing_at_once_exclude_each_other(trade: Trade) -> None:
    client = await customer(trade, quota_semaine=0)
    rows = [await delivered(trade) for _ in range(3)]
    await next_week(trade)
    at = await desk(trade)
    asked = [at.post(f"/deliveries/{row['id']}/reject-leads", {"reason": "injoignable"}) for row in rows]
    answers = await asyncio.gather(at.post(f"/billing/week/{WEEK}/close", {"client_id": client.id}), *asked)
    assert [one.status_code for one in answers] == [200] * 4
    drafts = await trade.rows("invoices")
    standing = 3 - len(await trade.rows("billing_ledger", kind="reversal", week_key=WEEK))
    assert standing == sum(draft["units"] for draft in drafts) == 0
    await sound(trade)


async def test_free_units_are_the_first_of_their_order_and_cost_nothing(trade: Trade) -> None:
    client = await customer(trade, quota_semaine=0)
    rows = [await delivered(trade) for _ in range(3)]
    credit = {"order_id": rows[0]["commande_id"], "product_code": "PV", "week_key": WEEK, "quantity_units_free": 2,
              "reason": "geste_commercial"}  # fmt: skip
    at = await desk(trade)
    assert (await at.post(f"/clients/{client.id}/credits", credit)).status_code == 201
    await next_week(trade)
    invoice_id = (await close(trade, issue=True))["clients"][0]["invoice_id"]
    late = await at.post(f"/clients/{client.id}/credits", credit)
    assert late.status_code == 409, "a closed week is closed to credits too"
    invoice = (await at.get(f"/invoices/{invoice_id}")).json()["invoice"]
    assert [(one["kind"], one["quantity"], one["total_ht"]) for one in invoice["line_items"]] == [
        ("lead", 1, "25.00"), ("free", 2, "0.00")
    ]  # fmt: skip
    assert invoice["amount_ttc"] == "30.00"
    await reject(trade, rows[0])
    await next_week(trade)
    [avoir] = (await close(trade, "2026-W12", issue=True))["clients"][0]["credit_notes"]
    note = await trade.row("invoices", invoice_number=avoir)
    assert (str(note["amount_ttc"]), note["line_items"][0]["kind"]) == ("0.00", "free")
    await sound(trade)


async def test_the_week_and_the_month_name_their_clients_in_the_order_of_the_alphabet(trade: Trade) -> None:
    for name in ("Zénith", "Énergies du Rhône", "Armor Solaire"):
        await customer(trade, name, quota_semaine=1)
        await delivered(trade)
    at = await desk(trade)
    week = (await at.get("/billing/week", week_key=WEEK)).json()["weekly_invoice"]
    month = (await at.get("/billing/month-summary", month="2026-03")).json()["rows"]
    for rows in (week, month):
        assert [one["client_name"] for one in rows] == ["Armor Solaire", "Énergies du Rhône", "Zénith"]
