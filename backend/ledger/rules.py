"""What a week's lines come to: units still standing, free units, lines of an invoice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from backend.core.weeks import shift_week
from backend.ledger.models import Entry, Settled, WeekState

Free = Mapping[tuple[str, str], int]
"""Free units granted, by (order, product)."""


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """The units that nothing undid, in the order they were sent."""
    known = list(entries)
    undone = {one.reverses for one in known if one.reverses}
    units = [one for one in known if one.kind == "unit" and one.quantity == 1 and one.id not in undone]
    return sorted(units, key=lambda one: (one.sent_at, one.id))


def billable(entries: Iterable[Entry]) -> list[Entry]:
    """Standing units that a weekly invoice carries."""
    return [one for one in standing(entries) if one.billable]


def unpriced(entries: Iterable[Entry]) -> list[Entry]:
    """Standing units sent while their client had no price: never billed at 0, shown until a price is given."""
    return [one for one in standing(entries) if not one.priced]


def gifts(units: Sequence[Entry], granted: Free) -> set[str]:
    """Which units the credits make free: the first sent of each order and product, as many as were granted."""
    left = dict(granted)
    free = set()
    for one in units:
        key = (one.order_id, one.product_code)
        if left.get(key, 0) > 0 and one.priced:
            left[key] -= 1
            free.add(one.id)
    return free


def settled(units: Sequence[Entry], free: set[str]) -> list[Settled]:
    """The lines of an invoice: one per product, kind and price; the free ones last. Units without price are left out.

    The price is rounded per unit, so that ledger lines and invoice lines add up to the same cent.
    """
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for one in units:
        if one.priced:
            groups.setdefault(_key(one, one.id in free), []).append(one)
    return [_settled(rows, bool(key[0])) for key, rows in sorted(groups.items(), key=lambda pair: _order(pair[0]))]


def _key(one: Entry, is_free: bool) -> tuple[object, ...]:
    price = one.unit_price_eur_snapshot or Decimal()
    return (is_free, one.product_code, one.unit_type, price, one.discount_pct_snapshot, one.vat_rate_snapshot)


def _order(key: tuple[object, ...]) -> tuple[object, ...]:
    is_free, product, unit_type, price, discount, vat = key
    return (is_free, product, unit_type != "lead", -Decimal(str(price)), discount, vat)


def _settled(rows: Sequence[Entry], is_free: bool) -> Settled:
    first = rows[0]
    return Settled(
        product_code=first.product_code,
        unit_type=first.unit_type,
        free=is_free,
        unit_price=first.unit_price_eur_snapshot,
        discount_pct=first.discount_pct_snapshot,
        vat_rate=first.vat_rate_snapshot,
        net_unit=first.net_unit_eur or Decimal(),
        units=tuple(rows),
    )


def open_week(wanted: str, known: Mapping[str, WeekState]) -> str:
    """The first week from `wanted` on that takes lines: closed weeks never change."""
    week = wanted
    while known.get(week, "open") != "open":
        week = shift_week(week, 1)
    return week


def total(entries: Iterable[Entry]) -> Decimal:
    return sum((one.net for one in entries), Decimal())
