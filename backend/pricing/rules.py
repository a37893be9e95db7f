"""Which price holds, and from where (rule 17). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from backend.pricing.models import Defaults, DiscountOrigin, Mode, Price, Quote, QuoteView, TvaOrigin

TVA = Decimal(20)
_TOLD = ("discount_pct", "tva_rate", "origin", "discount_origin", "tva_origin", "valid_from")


def in_force(rows: Iterable[Price], produit: str, day: date) -> Price | None:
    """The active price of the produit with the latest `valid_from` not after `day`; the only precedence there is."""
    found = [row for row in rows if row.active and row.product_code == produit and row.valid_from <= day.isoformat()]
    return max(found, key=lambda row: row.valid_from, default=None)


def mode(rows: Iterable[Price], produit: str, day: date) -> Mode:
    """How the produit is paid that day; without a price, by the weekly invoice, where it shows as missing."""
    row = in_force(rows, produit, day)
    return row.billing_mode if row else "WEEKLY_INVOICE"


def quote(rows: Iterable[Price], defaults: Defaults, client_tva: Decimal | None, produit: str, day: date) -> Quote:
    """What one unit costs that day. `rows` and `defaults` are one client's; `client_tva` the rate of its sheet."""
    row = in_force(rows, produit, day)
    discount, discount_origin = _discount(row, defaults)
    rate, tva_origin = tva(defaults, client_tva)
    return Quote(
        client_id=defaults.client_id,
        produit=produit,
        unit_price=row.unit_price_eur if row else None,
        discount_pct=discount,
        tva_rate=rate,
        mode=row.billing_mode if row else "WEEKLY_INVOICE",
        origin="product" if row else "missing",
        discount_origin=discount_origin,
        tva_origin=tva_origin,
        valid_from=row.valid_from if row else None,
    )


def _discount(row: Price | None, defaults: Defaults) -> tuple[Decimal, DiscountOrigin]:
    if row is not None and row.discount_pct is not None:
        return row.discount_pct, "product"
    if defaults.discount_pct_global:
        return defaults.discount_pct_global, "global"
    return Decimal(0), "none"


def tva(defaults: Defaults, client_tva: Decimal | None) -> tuple[Decimal, TvaOrigin]:
    """The rate of the client's prices, else that of its sheet, else 20 %."""
    if defaults.tva_rate is not None:
        return defaults.tva_rate, "pricing"
    return (client_tva, "client") if client_tva is not None else (TVA, "default")


def merged(base: Price | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a price: those given, else those of the price in force. `discount_pct` may be given as null."""
    kept = ("unit_price_eur", "discount_pct", "billing_mode")
    values: dict[str, Any] = {name: getattr(base, name) for name in kept} if base else {}
    values |= {name: given[name] for name in kept if given.get(name) is not None}
    if "discount_pct" in given:
        values["discount_pct"] = given["discount_pct"]
    return values | {"active": given.get("active") is not False}


def replaced(rows: Iterable[Price], one: Price) -> list[Price]:
    """The history once `one` is written."""
    return [*(row for row in rows if row.id != one.id), one]


def view(one: Quote) -> QuoteView:
    return QuoteView(
        product_code=one.produit,
        unit_price_eur=one.unit_price,
        net_unit_eur=one.net_unit,
        billing_mode=one.mode,
        pricing_missing=one.missing,
        **{name: getattr(one, name) for name in _TOLD},
    )
