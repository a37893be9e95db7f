"""A document adds up, or is refused: whatever the prices, discounts, quantities and rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.money import CENT, cents, discounted
from backend.documents.models import Corrected, DocLine, VatLine
from backend.documents.totals import contradictions, priced, totals_of
from tests.support.papers import TVA, paper, papers, pv

MONEY = st.decimals(0, 2000, places=2)
RATES = st.sampled_from(
    [Decimal("20"), Decimal("20.00"), Decimal("10"), Decimal("8.5"), Decimal("5.5"), Decimal("2.1")]
)
LINES = st.lists(
    st.builds(
        lambda units, price, rate, off: priced("Leads", units, price, rate, discount_pct=off),
        st.integers(0, 5000),
        MONEY,
        RATES,
        st.decimals(0, 100, places=2),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize(
    ("price", "discount", "net"),
    [("22.50", "10", "20.25"), ("0.05", "50", "0.03"), ("19.99", "33.33", "13.33"), ("22.5", "100", "0.00")],
)
def test_the_net_price_is_rounded_half_up(price: str, discount: str, net: str) -> None:
    assert discounted(Decimal(price), Decimal(discount)) == Decimal(net)


def test_tva_is_counted_once_per_rate() -> None:
    """Three lines at 0.02: 20 % of 0.06 is 0.01; line by line it would be nothing."""
    lines = [priced("Leads", 1, Decimal("0.02"), TVA) for _ in range(3)]
    assert totals_of(lines).total_vat == Decimal("0.01")


@settings(deadline=None)
@given(LINES)
def test_what_we_count_adds_up(lines: list[DocLine]) -> None:
    counted = totals_of(lines)
    assert contradictions(paper(*lines)) == []
    assert counted.total_ht == sum(line.total_ht for line in lines)
    assert counted.total_ttc == counted.total_ht + counted.total_vat
    assert all(one.vat == cents(one.base_ht * one.rate / 100) for one in counted.vat_breakdown)
    assert len({one.rate for one in counted.vat_breakdown}) == len(counted.vat_breakdown)


@settings(deadline=None)
@given(LINES, st.sampled_from(["total_ht", "total_vat", "total_ttc", "balance_due"]), st.decimals("0.01", 50, places=2))
def test_a_total_off_by_any_cent_is_refused(lines: list[DocLine], field: str, off: Decimal) -> None:
    right = paper(*lines)
    wrong = right.model_copy(update={field: getattr(right, field) + off})
    assert contradictions(wrong) != []


@settings(deadline=None)
@given(LINES, st.data())
def test_a_line_off_by_a_cent_is_refused(lines: list[DocLine], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines) - 1))
    field = data.draw(st.sampled_from(["total_ht", "net_unit_price_ht"]))
    right = paper(*lines)
    moved = lines[place].model_copy(update={field: getattr(lines[place], field) + CENT})
    wrong = right.model_copy(update={"lines": (*lines[:place], moved, *lines[place + 1 :])})
    assert any(told.startswith(f"Ligne {place + 1}") for told in contradictions(wrong))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "credit_note"}, "Un avoir nomme"),
        ({"corrects": Corrected(number="X", issue_date=paper().issue_date)}, "Un avoir nomme"),
        ({"due_date": paper().period_start}, "L'échéance"),
        ({"period_end": None}, "La période"),
        ({"period_start": paper().issue_date}, "La période"),
        ({"vat_breakdown": (VatLine(rate=TVA, base_ht=Decimal(1), vat=Decimal("0.2")),)}, "La TVA par taux"),
        ({"paid_already": Decimal("1.00")}, "Le reste dû"),
    ],
)
def test_facts_that_cannot_hold_are_refused(changes: dict[str, Any], told: str) -> None:
    assert any(one.startswith(told) for one in contradictions(paper().model_copy(update=changes)))


def test_a_zero_rate_asks_why() -> None:
    free = priced("Leads", 1, Decimal("20"), Decimal(0))
    assert contradictions(paper(free)) == ["Un taux de TVA nul demande le motif d'exonération."]
    assert contradictions(paper(free, vat_exemption="Article 294 du CGI")) == []


def test_every_case_on_paper_adds_up_and_free_units_cost_nothing() -> None:
    assert {name: told for name, one in papers().items() if (told := contradictions(one))} == {}
    assert pv(3, discount="100", kind="free").total_ht == 0
