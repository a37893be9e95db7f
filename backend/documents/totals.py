"""How a document adds up: per line, per TVA rate, in all. Half-up to the cent (rule 17), as EN 16931 counts.

TVA is counted once per rate on the sum of its lines, never line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from backend.core.money import cents, discounted
from backend.documents.models import DocLine, Document, VatLine

HUNDRED = Decimal(100)


class Totals(NamedTuple):
    vat_breakdown: tuple[VatLine, ...]
    total_ht: Decimal
    total_vat: Decimal
    total_ttc: Decimal


def priced(
    label: str,
    quantity: Decimal | int,
    unit_price_ht: Decimal,
    vat_rate: Decimal,
    *,
    discount_pct: Decimal = Decimal(0),
    product_code: str = "",
    kind: str = "",
) -> DocLine:
    """A line with its amounts counted."""
    units, net = Decimal(quantity), discounted(unit_price_ht, discount_pct)
    return DocLine(
        label=label,
        product_code=product_code,
        kind=kind,
        quantity=units,
        unit_price_ht=unit_price_ht,
        discount_pct=discount_pct,
        net_unit_price_ht=net,
        total_ht=cents(net * units),
        vat_rate=vat_rate,
    )


def vat_of(lines: Iterable[DocLine]) -> tuple[VatLine, ...]:
    """The TVA of each rate, highest rate first."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, Decimal(0)) + line.total_ht
    return tuple(
        VatLine(rate=rate, base_ht=cents(base), vat=cents(base * rate / HUNDRED))
        for rate, base in sorted(bases.items(), reverse=True)
    )


def totals_of(lines: Iterable[DocLine]) -> Totals:
    breakdown = vat_of(lines)
    ht = sum((one.base_ht for one in breakdown), Decimal(0))
    vat = sum((one.vat for one in breakdown), Decimal(0))
    return Totals(breakdown, ht, vat, ht + vat)


def contradictions(document: Document) -> list[str]:
    """What does not add up or may not be printed, in French; empty when the document may leave."""
    return [*_amounts(document), *_facts(document)]


def _amounts(document: Document) -> Iterator[str]:
    for number, line in enumerate(document.lines, start=1):
        if line.net_unit_price_ht != discounted(line.unit_price_ht, line.discount_pct):
            yield f"Ligne {number} : le prix net n'est pas le prix brut moins sa remise."
        if line.total_ht != cents(line.net_unit_price_ht * line.quantity):
            yield f"Ligne {number} : le total n'est pas la quantité multipliée par le prix net."
    right = totals_of(document.lines)
    if sorted(document.vat_breakdown, key=_rate) != sorted(right.vat_breakdown, key=_rate):
        yield "La TVA par taux n'est pas celle des lignes."
    if (document.total_ht, document.total_vat, document.total_ttc) != right[1:]:
        yield "Les totaux ne sont pas ceux des lignes."
    if document.balance_due != document.total_ttc - document.paid_already:
        yield "Le reste dû n'est pas le total moins ce qui est déjà payé."


def _facts(document: Document) -> Iterator[str]:
    if (document.kind == "credit_note") != (document.corrects is not None):
        yield "Un avoir nomme la facture qu'il corrige, et lui seul."
    if document.due_date < document.issue_date:
        yield "L'échéance précède la date d'émission."
    start, end = document.period_start, document.period_end
    if (start is None) != (end is None) or (start and end and end < start):
        yield "La période n'a pas de sens."
    if any(one.rate == 0 for one in document.vat_breakdown) and not document.vat_exemption:
        yield "Un taux de TVA nul demande le motif d'exonération."


def _rate(line: VatLine) -> Decimal:
    return line.rate
