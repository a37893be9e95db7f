"""Which purchase price holds, and what is left once leads are paid for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from backend.core.weeks import week_of_day
from backend.leads.models import Status
from backend.margin.models import Bought, Cost, Margin, Sold

PAYABLE: tuple[Status, ...] = ("new", "no_open_orders", "routed", "livre", "lb")
"""A lead accepted: neither invalid, a test, replaced, nor held. One that was a duplicate when received is not paid."""
K = TypeVar("K")


def in_force(costs: Iterable[Cost], provider_id: str, produit: str, day: str) -> Cost | None:
    """The price with the latest `valid_from` not after `day`."""
    own = [one for one in costs if (one.provider_id, one.produit) == (provider_id, produit) and one.valid_from <= day]
    return max(own, key=lambda one: one.valid_from, default=None)


def priced(rows: Iterable[Bought], costs: Sequence[Cost]) -> list[tuple[Bought, Decimal | None]]:
    """Each with the price of one of its leads on the day they were received; None: unknown."""
    told = []
    for one in rows:
        found = in_force(costs, one.provider_id, one.produit, one.day)
        told.append((one, found.cost_ht if found else None))
    return told


Priced = Sequence[tuple[Bought, Decimal | None]]


def margin(sold: Iterable[Sold], bought: Priced) -> Margin:
    """What was sold less what was paid. An unknown price is never 0: it makes the margin partial, or unknown."""
    lines = list(sold)
    revenue = sum((one.revenue for one in lines), Decimal())
    leads = sum(one.n for one, _ in bought)
    unknown = sum(one.n for one, price in bought if price is None)
    known = leads == 0 or unknown < leads
    cost = sum((one.n * price for one, price in bought if price is not None), Decimal()) if known else None
    return Margin(
        units=sum(one.units for one in lines),
        unpriced=sum(one.unpriced for one in lines),
        revenue=revenue,
        leads_bought=leads,
        leads_unknown=unknown,
        cost=cost,
        margin=None if cost is None else revenue - cost,
        partial=unknown > 0,
    )


def split(
    sold: Iterable[Sold], bought: Priced, of_sold: Callable[[Sold], K], of_bought: Callable[[Bought], K]
) -> dict[K, Margin]:
    """The margin of each key: what adds up is the same as the whole."""
    sales: dict[K, list[Sold]] = {}
    for one in sold:
        sales.setdefault(of_sold(one), []).append(one)
    buys: dict[K, list[tuple[Bought, Decimal | None]]] = {}
    for row, price in bought:
        buys.setdefault(of_bought(row), []).append((row, price))
    return {key: margin(sales.get(key, []), buys.get(key, [])) for key in {**sales, **buys}}


def weight(one: Margin) -> tuple[Any, ...]:
    """Sorts first what brings most, then what costs most."""
    return (-one.revenue, -(one.cost or Decimal()), -one.leads_bought)


def week(day: str) -> str:
    return week_of_day(date.fromisoformat(day))
