"""Arithmetic of invoices: TVA per rate, avoirs that give back exactly what was asked, numbers, lateness."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.core.money import cents, discounted
from backend.invoices import rules
from backend.invoices.models import Invoice, InvoiceLine

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
AMOUNTS = st.decimals("0.01", "999.99", places=2)
RATES = st.sampled_from([Decimal("20.00"), Decimal("10.00"), Decimal("5.50"), Decimal("0.00")])


def line(price: str | Decimal = "25.00", quantity: int = 1, rate: str | Decimal = "20.00") -> InvoiceLine:
    return rules.unit_line("lead", "Leads PV", "PV", quantity, Decimal(price), Decimal(), Decimal(rate))


def invoice(lines: list[InvoiceLine], **given: Any) -> Invoice:
    summed = rules.totals(lines)
    base: dict[str, Any] = {
        "id": "i1", "type": "invoice", "status": "issued", "entity": "ZR7", "client_id": "c1", "client_name": "Midi",
        "line_items": lines, "vat_breakdown": summed.vat_breakdown, "amount_ht": summed.amount_ht,
        "vat_amount": summed.vat_amount, "amount_ttc": summed.amount_ttc, "due_at": "2026-03-10", "created_at": NOW,
        "created_by": "test", "updated_at": NOW,
    }  # fmt: skip
    return Invoice(**base | given)


def test_tva_is_worked_out_once_per_rate_on_the_sum() -> None:
    summed = rules.totals([line("0.03"), line("0.02"), line("10.00", rate="5.50")])
    parts = [(part.rate, part.base_ht, part.vat) for part in summed.vat_breakdown]
    assert parts == [
        (Decimal("20.00"), Decimal("0.05"), Decimal("0.01")),
        (Decimal("5.50"), Decimal(10), Decimal("0.55")),
    ]
    assert summed.amount_ttc == Decimal("10.61")


def test_half_a_cent_goes_up() -> None:
    assert rules.vat_of(Decimal("0.125"), Decimal(20)) == Decimal("0.03")
    assert discounted(Decimal("10.00"), Decimal("12.45")) == Decimal("8.76")


@given(st.lists(st.tuples(AMOUNTS, RATES), min_size=1, max_size=12), st.data())
def test_avoirs_that_credit_everything_give_back_exactly_the_invoice(
    priced: list[tuple[Decimal, Decimal]], data: st.DataObject
) -> None:
    lines = [line(price, 1, rate) for price, rate in priced]
    original = invoice(lines)
    order = data.draw(st.permutations(lines))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(lines)), max_size=4)) | {len(lines)})
    done: list[Invoice] = []
    for start, end in zip([0, *cuts], cuts, strict=False):
        summed = rules.credit_totals(order[start:end], original, done)
        assert summed.amount_ttc == summed.amount_ht + summed.vat_amount
        done.append(invoice(list(order[start:end]), **summed.model_dump()))
    assert sum(one.amount_ht for one in done) == original.amount_ht
    assert sum(one.amount_ttc for one in done) == original.amount_ttc


@given(AMOUNTS, st.decimals("0", "100", places=2), st.integers(1, 500))
def test_a_line_is_its_quantity_times_a_rounded_price(price: Decimal, discount: Decimal, quantity: int) -> None:
    made = rules.unit_line("lead", "Leads", "PV", quantity, price, discount, Decimal(20))
    assert made.net_unit_ht == cents(price * (1 - discount / 100))
    assert made.total_ht == made.net_unit_ht * quantity == cents(made.total_ht)
    assert 0 <= made.total_ht <= price * quantity + Decimal("0.01") * quantity


def test_numbers_follow_entity_year_and_kind() -> None:
    assert rules.number(rules.series("ZR7", "invoice", 2026), 12) == "ZR7-2026-000012"
    assert rules.number(rules.series("MDL", "credit_note", 2027), 1) == "MDL-AV-2027-000001"
    assert rules.series("ZR7", "intercompany", 2026) == rules.series("ZR7", "prepayment", 2026) == "ZR7-2026"


def test_an_invoice_is_late_the_day_after_it_was_due_while_something_is_owed() -> None:
    owed = invoice([line()])
    assert not rules.overdue(owed, date(2026, 3, 10))
    assert rules.overdue(owed, date(2026, 3, 11))
    assert rules.days_overdue(owed, date(2026, 3, 20)) == 10
    settled = owed.model_copy(update={"paid_amount": owed.amount_ttc})
    assert not rules.overdue(settled, date(2026, 3, 11))
    assert not rules.overdue(owed.model_copy(update={"type": "credit_note"}), date(2026, 3, 11))
    assert not rules.overdue(owed.model_copy(update={"status": "draft"}), date(2026, 3, 11))
