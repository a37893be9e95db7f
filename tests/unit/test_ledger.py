"""What the lines of a week come to: units standing, free units, lines of an invoice, all to the cent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.core.money import cents
from backend.invoices import rules as invoice_rules
from backend.ledger import rules
from backend.ledger.models import Entry

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
PRICES = st.decimals("0", "500", places=2)
DISCOUNTS = st.decimals("0", "100", places=2)


def unit(n: int, price: Decimal | None = Decimal("25.00"), discount: Decimal = Decimal(), **given: Any) -> Entry:
    net = None if price is None else cents(price * (1 - discount / 100))
    at = MONDAY + timedelta(minutes=n)
    base: dict[str, Any] = {
        "id": f"unit:d{n}", "kind": "unit", "quantity": 1, "entity": "ZR7", "source_entity": "ZR7", "client_id": "c1",
        "client_name": "Solaire du Midi", "order_id": "o1", "delivery_id": f"d{n}", "lead_id": f"l{n}",
        "product_code": "PV", "dept": "75", "unit_type": "lead", "billing_mode_snapshot": "WEEKLY_INVOICE",
        "unit_price_eur_snapshot": price, "discount_pct_snapshot": discount, "vat_rate_snapshot": Decimal(20),
        "net_unit_eur": net, "pricing_source": "product", "outcome": "accepted", "week_key": "2026-W11",
        "sent_week": "2026-W11", "sent_at": at, "value_at": at, "at": at, "by": "system",
    }  # fmt: skip
    return Entry(**base | given)


def reversal(one: Entry) -> Entry:
    return one.model_copy(
        update={"id": f"reversal:{one.delivery_id}", "kind": "reversal", "quantity": -1, "reverses": one.id}
    )


def test_a_reversed_unit_stands_no_more_and_the_lines_add_up_to_nothing() -> None:
    one, other = unit(1), unit(2)
    entries = [one, other, reversal(one)]
    assert rules.standing(entries) == [other]
    assert rules.total(entries) == Decimal("25.00")


def test_a_unit_priced_late_stands_by_its_second_line() -> None:
    bare = unit(1, None)
    undo = reversal(bare).model_copy(update={"id": "unpriced:d1"})
    again = unit(1).model_copy(update={"id": "priced:d1"})
    assert rules.unpriced([bare]) == [bare]
    assert rules.standing([bare, undo, again]) == [again]
    assert rules.unpriced([bare, undo, again]) == []


def test_prepaid_units_are_on_no_weekly_invoice() -> None:
    assert rules.billable([unit(1), unit(2, billing_mode_snapshot="PREPAID")]) == [unit(1)]


def test_credits_make_the_first_units_of_their_order_free() -> None:
    units = [unit(1), unit(2), unit(3, order_id="o2")]
    assert rules.gifts(units, {("o1", "PV"): 1}) == {"unit:d1"}
    assert rules.gifts(units, {("o1", "PV"): 9}) == {"unit:d1", "unit:d2"}
    assert rules.gifts(units, {("o1", "PAC"): 9}) == set()


def test_one_line_per_product_price_and_kind_the_free_ones_last() -> None:
    units = [unit(1), unit(2, Decimal("30.00")), unit(3, unit_type="lb"), unit(4)]
    lines = rules.settled(units, {"unit:d4"})
    assert [(one.quantity, one.total, one.free, one.unit_type) for one in lines] == [
        (1, Decimal("30.00"), False, "lead"),
        (1, Decimal("25.00"), False, "lead"),
        (1, Decimal("25.00"), False, "lb"),
        (1, Decimal(), True, "lead"),
    ]


def test_a_unit_without_price_is_never_billed_at_zero() -> None:
    assert rules.settled([unit(1, None)], set()) == []


def test_a_line_goes_to_the_first_week_that_is_still_open() -> None:
    assert rules.open_week("2026-W11", {}) == "2026-W11"
    assert rules.open_week("2026-W53", {"2026-W53": "closed", "2027-W01": "invoiced"}) == "2027-W02"


@given(st.lists(st.tuples(PRICES, DISCOUNTS), min_size=1, max_size=40), st.integers(0, 40))
def test_ledger_and_invoice_lines_agree_to_the_cent(priced: list[tuple[Decimal, Decimal]], granted: int) -> None:
    units = [unit(n, price, discount) for n, (price, discount) in enumerate(priced)]
    free = rules.gifts(units, {("o1", "PV"): granted})
    lines = invoice_rules.weekly_lines(rules.settled(units, free))
    given_away = sum((one.net for one in units if one.id in free), Decimal())
    assert sum(line.total_ht for line in lines) == rules.total(units) - given_away
    assert sum(line.quantity for line in lines) == len(units)
    assert all(line.total_ht == line.net_unit_ht * line.quantity for line in lines)
