"""Whatever the moves, what is left is what was bought less what was spent and what is reserved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.prepaid import rules
from backend.prepaid.models import Kind

KINDS: tuple[Kind, ...] = ("purchase", "withdrawal", "reservation", "release", "consumption", "return")


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 50))))
def test_the_identity_holds_after_any_moves(moves: list[tuple[Kind, int]]) -> None:
    told = rules.recomputed(moves)
    spent = told["units_delivered_total"] + told["units_reserved"]
    assert told["units_remaining"] == told["units_purchased_total"] - spent


@pytest.mark.parametrize(
    "moves",
    [("reservation", "release"), ("reservation", "consumption", "return"), ("purchase", "withdrawal")],
)
def test_a_unit_that_comes_back_leaves_no_trace_in_the_balance(moves: tuple[Kind, ...]) -> None:
    assert rules.recomputed((kind, 1) for kind in moves) == rules.recomputed(())


@pytest.mark.parametrize(
    ("remaining", "status"), [(-1, "BLOCKED"), (0, "BLOCKED"), (1, "LOW"), (10, "LOW"), (11, "OK")]
)
def test_the_status_of_a_balance(remaining: int, status: str) -> None:
    assert rules.status(remaining) == status


@pytest.mark.parametrize(
    ("kind", "after", "units", "unblocks"),
    [("purchase", 5, 5, True), ("purchase", 6, 5, False), ("return", 1, 1, True), ("return", 2, 1, False)],
)
def test_leads_are_looked_at_again_when_an_empty_balance_gets_its_first_unit(
    kind: Kind, after: int, units: int, unblocks: bool
) -> None:
    assert rules.unblocks(kind, {"units_remaining": after}, units) is unblocks
