"""Arithmetic and words of invoices: totals, TVA, avoirs, numbers, lateness. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from backend.core.money import cents, discounted
from backend.invoices.models import Invoice, InvoiceLine, Kind, LineBody, LineKind, Totals, VatPart
from backend.ledger.models import Entry, Settled

_PRODUITS = {"PV": "photovoltaïque", "PAC": "pompe à chaleur", "ITE": "isolation par l'extérieur"}
_HUNDRED = Decimal(100)


def vat_of(base: Decimal, rate: Decimal) -> Decimal:
    """TVA of a base, at a rate in percent; half-up to the cent."""
    return cents(base * rate / _HUNDRED)


def totals(lines: Iterable[InvoiceLine]) -> Totals:
    """TVA is worked out once per rate, on the sum of the lines at that rate (EN 16931 BR-CO-17)."""
    return _sum_up([VatPart(rate=rate, base_ht=base, vat=vat_of(base, rate)) for rate, base in _bases(lines).items()])


def credit_totals(lines: Iterable[InvoiceLine], original: Invoice, before: Sequence[Invoice]) -> Totals:
    """Totals of an avoir. Its TVA is what the whole credited so far comes to, less what was credited before: avoirs
    that end by crediting an invoice entirely give back exactly its TVA, to the cent."""
    bases, vats = _credited(before)
    whole = {part.rate: part for part in original.vat_breakdown}
    parts = []
    for rate, base in _bases(lines).items():
        so_far = bases.get(rate, Decimal()) + base
        ends = rate in whole and so_far == whole[rate].base_ht
        owed = whole[rate].vat if ends else vat_of(so_far, rate)
        parts.append(VatPart(rate=rate, base_ht=base, vat=owed - vats.get(rate, Decimal())))
    return _sum_up(parts)


def _credited(before: Sequence[Invoice]) -> tuple[Mapping[Decimal, Decimal], Mapping[Decimal, Decimal]]:
    bases: dict[Decimal, Decimal] = {}
    vats: dict[Decimal, Decimal] = {}
    for part in (part for one in before for part in one.vat_breakdown):
        bases[part.rate] = bases.get(part.rate, Decimal()) + part.base_ht
        vats[part.rate] = vats.get(part.rate, Decimal()) + part.vat
    return bases, vats


def _bases(lines: Iterable[InvoiceLine]) -> dict[Decimal, Decimal]:
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, Decimal()) + line.total_ht
    return bases


def _sum_up(parts: list[VatPart]) -> Totals:
    ht = sum((part.base_ht for part in parts), Decimal())
    vat = sum((part.vat for part in parts), Decimal())
    return Totals(amount_ht=ht, vat_amount=vat, amount_ttc=ht + vat, vat_breakdown=parts)


# -- lines ---------------------------------------------------------------------------------------------------


def weekly_lines(groups: Iterable[Settled]) -> list[InvoiceLine]:
    """The lines of a week's invoice; free units are shown at their price with 100 % off."""
    return [_weekly(one) for one in groups]


def _weekly(one: Settled) -> InvoiceLine:
    kind: LineKind = "free" if one.free else one.unit_type
    return InvoiceLine(
        kind=kind,
        label=unit_label(one.product_code, one.unit_type) + (" (offerts)" if one.free else ""),
        product_code=one.product_code,
        quantity=one.quantity,
        unit_price_ht=one.unit_price or Decimal(),
        discount_pct=_HUNDRED if one.free else one.discount_pct,
        net_unit_ht=Decimal() if one.free else one.net_unit,
        vat_rate=one.vat_rate,
        total_ht=one.total,
    )


def unit_label(product_code: str, unit_type: str) -> str:
    name = f"Leads {product_code} ({_PRODUITS.get(product_code, product_code)})"
    return f"{name}, LB" if unit_type == "lb" else name


def free_line(body: LineBody, vat_rate: Decimal) -> InvoiceLine:
    net = discounted(body.unit_price_ht, body.discount_pct)
    return InvoiceLine(
        kind="manual",
        label=body.label,
        product_code=body.product_code,
        quantity=body.quantity,
        unit_price_ht=body.unit_price_ht,
        discount_pct=body.discount_pct,
        net_unit_ht=net,
        vat_rate=vat_rate if body.vat_rate is None else body.vat_rate,
        total_ht=net * body.quantity,
    )


def unit_line(kind: LineKind, label: str, product_code: str, quantity: int, price: Decimal, discount_pct: Decimal,
              vat_rate: Decimal) -> InvoiceLine:  # fmt: skip
    net = discounted(price, discount_pct)
    return InvoiceLine(
        kind=kind, label=label, product_code=product_code, quantity=quantity, unit_price_ht=price,
        discount_pct=discount_pct, net_unit_ht=net, vat_rate=vat_rate, total_ht=net * quantity,
    )  # fmt: skip


def credit_lines(reversals: Iterable[Entry], freed: set[str]) -> list[InvoiceLine]:
    """The lines of an avoir: the units taken back, at their own price and TVA. `freed`: deliveries that were free."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for one in reversals:
        is_free = one.delivery_id in freed
        key = (is_free, one.product_code, one.unit_type, one.unit_price_eur_snapshot, one.discount_pct_snapshot,
               one.vat_rate_snapshot)  # fmt: skip
        groups.setdefault(key, []).append(one)
    return [_credited_line(rows, bool(key[0])) for key, rows in groups.items()]


def _credited_line(rows: Sequence[Entry], is_free: bool) -> InvoiceLine:
    first = rows[0]
    kind: LineKind = "free" if is_free else first.unit_type
    return unit_line(
        kind,
        unit_label(first.product_code, first.unit_type) + (" (offerts)" if is_free else ""),
        first.product_code,
        len(rows),
        first.unit_price_eur_snapshot or Decimal(),
        _HUNDRED if is_free else first.discount_pct_snapshot,
        first.vat_rate_snapshot,
    )


# -- numbers and days ----------------------------------------------------------------------------------------


def series(entity: str, kind: Kind, year: int) -> str:
    """The series a number is taken from: avoirs have one of their own."""
    return f"{entity}-AV-{year}" if kind == "credit_note" else f"{entity}-{year}"


def number(series_name: str, rank: int) -> str:
    """`ZR7-2026-000001`, `ZR7-AV-2026-000001` (rule 18)."""
    return f"{series_name}-{rank:06d}"


def due_day(issued: date, terms_days: int) -> date:
    return issued + timedelta(days=terms_days)


def overdue(invoice: Invoice, today: date) -> bool:
    """Worked out, never written: issued, something still owed, and its day has passed."""
    owed = invoice.status == "issued" and invoice.type != "credit_note" and invoice.balance > 0
    return owed and invoice.due_at is not None and date.fromisoformat(invoice.due_at) < today


def days_overdue(invoice: Invoice, today: date) -> int:
    if not overdue(invoice, today) or invoice.due_at is None:
        return 0
    return (today - date.fromisoformat(invoice.due_at)).days
