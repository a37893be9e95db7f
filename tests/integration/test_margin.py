"""Margins: which leads are paid for, at the price of their day, and what is left, worked out again from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest_asyncio

from backend.core.mongo import Doc
from backend.providers.models import NewProvider
from tests.support.books import WEEK, customer, desk
from tests.support.departure import leave
from tests.support.desk import Desk
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade, phone

PARIS = ZoneInfo("Europe/Paris")
FIGURES = ("units", "revenue", "leads_bought", "leads_unknown", "cost", "margin", "partial")


@pytest_asyncio.fixture(autouse=True)
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def supplier(trade: Trade, name: str = "Apporteur", **given: Any) -> tuple[str, dict[str, str]]:
    body = NewProvider(name=name, slug=name.lower(), **given)
    provider, key = await trade.parts.providers.create("ZR7", body, "test")
    return provider.id, {"Authorization": f"Bearer {key}"}


async def cost(at: Desk, provider_id: str, price: str | None, day: str | None = None, produit: str = "PV") -> None:
    body = {"produit": produit, "cost_ht": price, "valid_from": day}
    answer = await at.post(f"/providers/{provider_id}/costs", body)
    assert answer.status_code == 201, answer.text


async def bought(trade: Trade, signed: dict[str, str], **given: Any) -> Doc:
    answer = await trade.submit(signed, **given)
    assert answer.status_code in {200, 201}, answer.text
    return await trade.stored(answer.json()["lead_id"])


def figures(one: Doc) -> tuple[Any, ...]:
    return tuple(one[name] for name in FIGURES)


async def recomputed(trade: Trade) -> dict[str, Decimal]:
    """Revenue less cost by provider and by client, from leads, prices and ledger lines alone."""
    leads = {one["id"]: one for one in await trade.rows("leads")}
    costs = sorted(await trade.rows("provider_costs"), key=lambda one: str(one["valid_from"]))
    told: dict[str, Decimal] = defaultdict(Decimal)
    for line in await trade.rows("billing_ledger"):
        worth = line["quantity"] * (line["net_unit_eur"] or Decimal())
        told[str(leads[line["lead_id"]]["provider_id"])] += worth
        told[line["client_id"]] += worth
    for lead in leads.values():
        copy = lead["answer"].get("status") == "duplicate"
        if lead["provider_id"] is None or copy or lead["status"] not in {"new", "no_open_orders", "routed", "livre"}:
            continue
        day = lead["created_at"].astimezone(PARIS).date().isoformat()
        held = [one for one in costs if one["produit"] == lead["produit"] and one["valid_from"] <= day]
        price = held[-1]["cost_ht"] if held else None
        for key in (lead["provider_id"], lead["delivered_to_client_id"] or "unsold"):
            told[key] -= price or Decimal()
    return told


async def test_the_margin_of_a_week_is_the_ledger_less_the_leads_paid_for(trade: Trade) -> None:
    """Wednesday at 10, Thursday at 12: five paid for, a copy, a wrong number and a test not; one sold from a page."""
    at = await desk(trade)
    client = await customer(trade, quota_semaine=5)
    provider_id, signed = await supplier(trade)
    await cost(at, provider_id, "10.00")
    await cost(at, provider_id, "12.00", "2026-03-12")
    again = phone()
    sold = [await bought(trade, signed, phone=again), await bought(trade, signed), await bought(trade, signed)]
    await trade.submit(signed, test=True)
    page = await trade.lead(utm_source="google")
    await leave(trade)
    wrong = await trade.row("deliveries", lead_id=sold[2]["id"])
    assert (await at.post(f"/deliveries/{wrong['id']}/reject-leads", {"reason": "faux_numero"})).status_code == 200
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=1, hours=1))
    copy = await bought(trade, signed, phone=again, produit="PV")
    assert copy["status"] == "duplicate"
    for _ in range(3):
        await bought(trade, signed)
    await leave(trade)

    board = (await at.get("/margin/week", week_key=WEEK)).json()
    # 5 units at 25 (3 of the first day, 2 places left on the second); 2 leads at 10 and 3 at 12
    assert figures(board["total"]) == (5, "125.00", 5, 0, "56.00", "69.00", False)
    own, none = board["providers"]
    assert (own["name"], figures(own)) == ("Apporteur", (4, "100.00", 5, 0, "56.00", "44.00", False))
    assert (none["provider_id"], figures(none)) == (None, (1, "25.00", 0, 0, "0.00", "25.00", False))
    assert [(one["produit"], one["margin"]) for one in board["produits"]] == [("PV", "69.00")]
    assert [(one["client_id"], figures(one)) for one in board["clients"]] == [
        (client.id, (5, "125.00", 4, 0, "44.00", "81.00", False)),
        (None, (0, "0.00", 1, 0, "12.00", "-12.00", False)),
    ]
    seen = await recomputed(trade)
    assert {provider_id: own["margin"], "None": none["margin"]} == {
        key: f"{seen[key]:.2f}" for key in (provider_id, "None")
    }
    assert [one["margin"] for one in board["clients"]] == [f"{seen[key]:.2f}" for key in (client.id, "unsold")]

    sources = (await at.get("/margin/sources", range="7d")).json()
    assert [(one["source"], figures(one)) for one in sources["sources"]] == [
        ("apporteur", figures(own)),
        (page["source"], figures(none)),
    ]
    books = (await at.get(f"/providers/{provider_id}/margin")).json()
    assert (books["weeks"][0]["week_key"], figures(books["weeks"][0])) == (WEEK, figures(own))
    assert [one and one["cost_ht"] for one in books["current"]] == ["12.00", None, None]


async def test_an_unknown_price_makes_a_margin_partial_and_never_counts_as_nothing(trade: Trade) -> None:
    at = await desk(trade)
    await customer(trade, quota_semaine=5)
    provider_id, signed = await supplier(trade)
    await bought(trade, signed)
    await leave(trade)
    board = (await at.get("/margin/week", week_key=WEEK)).json()
    assert figures(board["total"]) == (1, "25.00", 1, 1, None, None, True)
    await cost(at, provider_id, "8.00", "2026-03-11")
    await bought(trade, signed, produit="PAC")
    board = (await at.get("/margin/week", week_key=WEEK)).json()
    assert figures(board["total"]) == (1, "25.00", 2, 1, "8.00", "17.00", True)
    await cost(at, provider_id, None, "2026-03-11")
    assert (await at.get("/margin/week", week_key=WEEK)).json()["total"]["cost"] is None, "the same day is said again"
    assert len(await trade.rows("provider_costs")) == 1
    told = (await at.get("/event-log", action="provider_cost_set")).json()["events"]
    assert [one["details"]["new"]["cost_ht"] for one in told] == [None, "8.00"]
    wrong = await at.post(f"/providers/{provider_id}/costs", {"produit": "PV", "cost_ht": "-1"})
    assert wrong.status_code == 422


async def test_one_company_neither_reads_nor_sets_what_the_other_pays(trade: Trade) -> None:
    at, other = await desk(trade), await desk(trade, "admin", "MDL")
    await customer(trade, quota_semaine=5)
    provider_id, signed = await supplier(trade)
    await cost(at, provider_id, "10.00")
    await bought(trade, signed)
    await leave(trade)
    assert (await other.get(f"/providers/{provider_id}/margin")).status_code == 404
    body = {"produit": "PV", "cost_ht": "1.00"}
    assert (await other.post(f"/providers/{provider_id}/costs", body)).status_code == 404
    assert figures((await other.get("/margin/week", week_key=WEEK)).json()["total"]) == (
        0, "0.00", 0, 0, "0.00", "0.00", False,
    )  # fmt: skip
    assert (await other.get("/margin/sources")).json()["sources"] == []
    assert (await (await desk(trade, "ops")).get("/margin/week")).status_code == 403
