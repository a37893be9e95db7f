"""One precedence for prices, discounts and TVA; the net unit is rounded once, half-up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.pricing import rules
from backend.pricing.models import Defaults, Mode, Price, Quote

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)
DAY = date(2026, 3, 11)
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2)
PERCENTS = st.decimals(min_value=0, max_value=100, places=2)


def price(amount: str | Decimal = "20", **fields: object) -> Price:
    given = {"id": "p", "entity": "ZR7", "client_id": "c", "product_code": "PV", "valid_from": "2026-01-01"} | fields
    return Price.model_validate({**given, "unit_price_eur": Decimal(amount), "created_at": NOW, "updated_at": NOW})


def quoted(*rows: Price, discount: str | Decimal = "0", tva: str | None = None, client: str | None = "20") -> Quote:
    held = Defaults(client_id="c", discount_pct_global=Decimal(discount), tva_rate=Decimal(tva) if tva else None)
    return rules.quote(rows, held, Decimal(client) if client else None, "PV", DAY)


def test_without_a_price_it_is_missing_and_never_zero() -> None:
    made = quoted(price(product_code="PAC"), price(active=False), price(valid_from="2026-03-12"), discount="5")
    assert made.missing and made.unit_price is None and made.net_unit is None
    assert (made.origin, made.mode, made.valid_from) == ("missing", "WEEKLY_INVOICE", None)


def test_the_latest_active_price_not_after_the_day_is_in_force() -> None:
    rows = [price("10"), price("30", valid_from="2026-03-11"), price("40", valid_from="2026-03-12"),
            price("50", valid_from="2026-03-10"), price("60", valid_from="2026-03-11", active=False)]  # fmt: skip
    made = quoted(*rows)
    assert (made.unit_price, made.valid_from, made.origin) == (Decimal(30), "2026-03-11", "product")


@pytest.mark.parametrize(
    ("own", "general", "expected"),
    [("10", "5", (Decimal(10), "product")), (None, "5", (Decimal(5), "global")), (None, "0", (Decimal(0), "none")),
     ("0", "5", (Decimal(0), "product"))],
)  # fmt: skip
def test_a_discount_is_the_price_s_own_else_the_general_one(
    own: str | None, general: str, expected: tuple[Decimal, str]
) -> None:
    made = quoted(price(discount_pct=Decimal(own) if own else None), discount=general)
    assert (made.discount_pct, made.discount_origin) == expected


@pytest.mark.parametrize(
    ("tva", "client", "expected"),
    [("5.5", "10", (Decimal("5.5"), "pricing")), (None, "10", (Decimal(10), "client")),
     (None, None, (Decimal(20), "default"))],
)  # fmt: skip
def test_the_tva_has_one_source(tva: str | None, client: str | None, expected: tuple[Decimal, str]) -> None:
    made = quoted(price(), tva=tva, client=client)
    assert (made.tva_rate, made.tva_origin) == expected


@pytest.mark.parametrize(
    ("amount", "discount", "net"),
    [("20", "0", "20.00"), ("0.05", "50", "0.03"), ("19.99", "33.33", "13.33"), ("10.01", "50", "5.01"),
     ("0.01", "50", "0.01"), ("25", "100", "0.00")],
)  # fmt: skip
def test_the_net_unit_is_rounded_half_up(amount: str, discount: str, net: str) -> None:
    assert quoted(price(amount, discount_pct=Decimal(discount))).net_unit == Decimal(net)


@given(AMOUNTS, PERCENTS)
def test_the_net_unit_is_within_half_a_cent_and_between_zero_and_the_price(amount: Decimal, discount: Decimal) -> None:
    net = quoted(price(amount, discount_pct=discount)).net_unit
    assert net is not None and net == net.quantize(Decimal("0.01"), ROUND_HALF_UP)
    exact = Fraction(amount) * (100 - Fraction(discount)) / 100
    assert -Fraction(1, 200) < Fraction(net) - exact <= Fraction(1, 200)
    assert 0 <= net <= amount


@given(st.lists(st.tuples(st.integers(-40, 40), st.booleans(), AMOUNTS), max_size=12))
def test_whatever_the_history_the_price_is_one_of_it_and_the_latest(rows: list[tuple[int, bool, Decimal]]) -> None:
    made = [
        price(amount, valid_from=(DAY + timedelta(days=shift)).isoformat(), active=active)
        for shift, active, amount in rows
    ]
    open_ones = [shift for shift, active, _ in rows if active and shift <= 0]
    found = quoted(*made)
    assert found.missing == (not open_ones)
    if open_ones:
        assert found.valid_from == (DAY + timedelta(days=max(open_ones))).isoformat()


@pytest.mark.parametrize("mode", ["WEEKLY_INVOICE", "PREPAID"])
def test_what_is_omitted_stays_and_a_null_discount_is_the_general_one(mode: Mode) -> None:
    base = price("20", discount_pct=Decimal(10), billing_mode=mode)
    kept = {"unit_price_eur": Decimal(20), "discount_pct": Decimal(10), "billing_mode": mode, "active": True}
    assert rules.merged(base, {}) == kept
    assert rules.merged(base, {"unit_price_eur": Decimal(25)}) == kept | {"unit_price_eur": Decimal(25)}
    assert rules.merged(base, {"discount_pct": None})["discount_pct"] is None
    assert rules.merged(base, {"active": False})["active"] is False
    assert rules.merged(None, {}) == {"active": True}
