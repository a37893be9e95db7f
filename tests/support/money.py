"""Prices and prepaid units for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from backend.clients.models import Client
from backend.pricing.models import Mode, PriceBody
from tests.support.trade import Trade


async def priced(
    trade: Trade, client: Client, price: str = "20", *, produit: str = "PV", mode: Mode = "WEEKLY_INVOICE",
    units: int = 0, **fields: Any,
) -> None:  # fmt: skip
    """Give the client a price from today on (or `valid_from`), and prepaid `units` when it pays in advance."""
    body = PriceBody(product_code=produit, unit_price_eur=Decimal(price), billing_mode=mode, **fields)
    await trade.parts.pricing.set_price(trade.parts.everyone, client.id, body, "test")
    if units:
        await bought(trade, client.id, units, produit)


async def bought(trade: Trade, client_id: str, units: int, produit: str = "PV") -> None:
    """The client pays `units` more in advance."""
    client = (await trade.parts.clients.by_ids([client_id]))[client_id]
    await trade.parts.mongo.transaction(
        lambda tx: trade.parts.prepaid.add(tx, client.entity, client_id, produit, units, by="test"), budget=20
    )
