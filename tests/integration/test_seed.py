"""The demonstration's market: every kind of price, one client paid in advance, one price missing; all invoiceable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from backend.bootstrap import Parts
from backend.cli.market import DEMO
from backend.cli.seed import plant
from backend.core.paging import Page
from backend.parametres.legal import missing_to_issue


async def test_the_market_has_prices_of_every_kind_and_is_planted_once(parts: Parts) -> None:
    done = await plant(parts)
    orders = [order for buyer in DEMO.buyers for order in buyer.orders]
    assert (done.clients, done.commandes, done.prices) == (len(DEMO.buyers), len(orders), len(orders) - 1)
    missing = await parts.pricing.missing(parts.everyone)
    assert [(one.client_name, one.produit) for one in missing] == [("Iso Façade Ouest", "PV")]
    balances = [one async for one in parts.prepaid.every()]
    assert [(one.product_code, one.units_remaining) for one in balances] == [("PV", 120)]
    today = date(2026, 3, 11)
    assert await parts.pricing.modes([balances[0].client_id], "PV", today) == {balances[0].client_id: "PREPAID"}
    pairs = [(one.client_id, one.produit) for code in ("ZR7", "MDL") async for one in parts.commandes.open(code)]
    quotes = await parts.pricing.quotes([one for one, _ in pairs], ["PV", "PAC", "ITE"], today)
    assert {quotes[pair].discount_origin for pair in pairs} == {"product", "global", "none"}
    again = await plant(parts)
    assert (again.clients, again.commandes, again.prices) == (0, 0, 0)
    assert not [check for check in await parts.monitoring.invariants() if check.count]


async def test_both_companies_may_issue_and_every_client_may_be_invoiced(parts: Parts) -> None:
    market = replace(DEMO, people=(), suppliers=(), forms={})
    done = await plant(parts, market)
    assert (done.clients, done.legal) == (len(DEMO.buyers), 2)
    legal = await parts.parametres.current()
    assert {code: missing_to_issue(legal.legal(code)) for code in ("ZR7", "MDL")} == {"ZR7": [], "MDL": []}
    rows = await parts.clients.page(parts.everyone, Page(100, 0), active_only=False, search="")
    assert len(rows.rows) == len(DEMO.buyers)
    assert all(one.siren and one.missing_to_invoice == [] for one in rows.rows)
    again = await plant(parts, market)
    assert (again.clients, again.legal) == (0, 0)
