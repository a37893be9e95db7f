"""Lines of an invoice between entities, and who owes whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from backend.core.weeks import week_monday
from backend.documents.wording import euros
from backend.intercompany.models import Direction, Transfer
from backend.invoices.models import InvoiceLine
from backend.invoices.rules import unit_label, unit_line


def pairs(entities: Sequence[str]) -> list[tuple[str, str]]:
    """Every direction: (who collects, who sells)."""
    return [(one, other) for one in entities for other in entities if one != other]


def lines(transfers: Iterable[Transfer], vat_rate: Decimal, week: str) -> list[InvoiceLine]:
    """One line per product, price and week; the weeks other than `week` are named."""
    groups: dict[tuple[str, Decimal, str], int] = {}
    for one in transfers:
        key = (one.product, one.unit_price_ht or Decimal(), one.week_key)
        groups[key] = groups.get(key, 0) + 1
    return [
        unit_line("transfer", unit_label(product, "lead") + _of(own, week), product, count, price, Decimal(), vat_rate)
        for (product, price, own), count in sorted(
            groups.items(), key=lambda pair: (pair[0][2], pair[0][0], pair[0][1])
        )
    ]


def _of(own: str, week: str) -> str:
    return "" if own == week else f", semaine du {week_monday(own):%d/%m/%Y}"


def positions(directions: Iterable[Direction]) -> dict[str, Decimal]:
    """What each entity is owed by the others (below 0: what it owes): they add up to zero."""
    owed: dict[str, Decimal] = {}
    for one in directions:
        owed[one.from_entity] = owed.get(one.from_entity, Decimal()) + one.net_ttc
        owed[one.to_entity] = owed.get(one.to_entity, Decimal()) - one.net_ttc
    return owed


def settlement(owed: dict[str, Decimal]) -> str:
    """One sentence: who pays what to whom."""
    debtors = [(name, -amount) for name, amount in owed.items() if amount < 0]
    creditors = [name for name, amount in owed.items() if amount > 0]
    if not debtors:
        return "Rien à régler : les deux sens se compensent."
    return " ; ".join(f"{name} règle {euros(amount)} à {', '.join(creditors)}" for name, amount in debtors)
