"""Money in tests: companies that may invoice, buyers with a price, weeks that pass, what is closed and issued."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.cli.market import DEMO, invented_siren
from backend.clients.models import Client, ClientUpdate
from backend.core.mongo import Doc
from backend.intercompany.models import InternalPriceBody
from backend.parametres.models import LegalBody
from tests.support.desk import Desk
from tests.support.money import priced
from tests.support.people import headers
from tests.support.trade import Trade

WEEK = "2026-W11"
"""The week of the tests' Wednesday."""


async def companies(trade: Trade) -> None:
    """Both entities have what the law asks on an invoice."""
    for entity, values in DEMO.legal.items():
        body = LegalBody.model_validate(values)
        await trade.parts.parametres.write(entity, "legal", body.model_dump(exclude={"entity"}), "test")


async def identified(trade: Trade, client: Client, number: int = 77) -> None:
    """The client has what an invoice to it needs."""
    place = {"billing_address": "3 rue de l'Essai", "billing_postcode": "99999", "billing_city": "Exempleville"}
    body = ClientUpdate.model_validate({"siren": invented_siren(number), **place})
    await trade.parts.clients.update(trade.parts.everyone, client.id, body, "test")


async def customer(
    trade: Trade, name: str = "Solaire du Midi", entity: str = "ZR7", price: str = "25.00", **order: Any
) -> Client:
    """A buyer with an order, a price and an identity."""
    client, _ = await trade.buyer(name, entity, **order)
    await identified(trade, client)
    await priced(trade, client, price, produit=order.get("produit", "PV"))
    return client


async def internal_price(trade: Trade, price: str = "10.00", source: str = "ZR7", target: str = "MDL") -> None:
    body = InternalPriceBody.model_validate(
        {"from_entity": source, "to_entity": target, "product": "PV", "unit_price_ht": price}
    )
    await trade.parts.intercompany.put_price(trade.parts.everyone, body, "test")


async def next_week(trade: Trade, weeks: int = 1) -> None:
    """The same hour, some weeks later."""
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=7 * weeks))


async def desk(trade: Trade, role: str = "admin", entity: str = "ZR7", prefix: str = "/api") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), prefix)


async def close(trade: Trade, week: str = WEEK, entity: str = "ZR7", **given: Any) -> Doc:
    """Close the week of every client of the entity (and issue, when asked): the answer."""
    answer = await (await desk(trade, entity=entity)).post(f"/billing/week/{week}/close", given)
    assert answer.status_code == 200, answer.text
    told: Doc = answer.json()
    return told


async def sound(trade: Trade) -> None:
    """Every promise of the house holds."""
    broken = [check for check in await trade.parts.monitoring.invariants() if check.count]
    assert not broken, broken
