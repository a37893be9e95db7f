"""The weekly count: LB share, caps, why a place is refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.commandes import quota

TARGETS = st.decimals(min_value=0, max_value=1, places=4)


@dataclass(frozen=True)
class Count:
    cap: int | None = None
    fresh_cap: int | None = None
    used: int = 0
    lb: int = 0


def filled(places: int, target: str) -> int:
    """LB among `places` places taken one after the other by the rule."""
    lb = 0
    for held in range(places):
        lb += quota.lb_needed(Decimal(target), held, lb) > 0
    return lb


@pytest.mark.parametrize(
    ("target", "taken", "lb_taken", "needed"),
    [("0.2", 0, 0, 1), ("0.2", 10, 2, 1), ("0.2", 10, 3, 0), ("0.2", 10, 5, -2), ("0", 10, 0, 0), ("1", 3, 3, 1)],
)
def test_lb_needed_by_the_next_place(target: str, taken: int, lb_taken: int, needed: int) -> None:
    assert quota.lb_needed(Decimal(target), taken, lb_taken) == needed


@pytest.mark.parametrize(
    ("target", "places", "lb"),
    [("0.2", 10, 2), ("0.2", 50, 10), ("0.2", 200, 40), ("0.3", 100, 30), ("0", 100, 0), ("1", 7, 7)],
)
def test_the_share_of_lb_converges_on_the_target(target: str, places: int, lb: int) -> None:
    assert filled(places, target) == lb


@given(TARGETS, st.integers(0, 300))
def test_lb_never_exceed_the_target_by_one_whole_place(target: Decimal, places: int) -> None:
    lb = filled(places, str(target))
    assert target * places <= lb < target * places + 1


@given(TARGETS, st.integers(0, 10_000))
def test_fresh_and_lb_shares_make_the_quota(target: Decimal, places: int) -> None:
    fresh = quota.fresh_cap(places, target)
    if places == 0:
        assert fresh is None and quota.cap(places) is None
        return
    assert fresh is not None
    assert 0 <= fresh <= places
    assert places - fresh - 1 < target * places <= places - fresh


def test_decimal_shares_do_not_drift() -> None:
    assert quota.fresh_cap(10, Decimal("0.1")) == 9  # binary floats would keep 10 * 0.1 above 1 in other shares
    assert quota.fresh_cap(100, Decimal("0.07")) == 93


@pytest.mark.parametrize(
    ("count", "lb", "over_share", "reason"),
    [
        (Count(), False, False, None),
        (Count(cap=10, fresh_cap=8, used=10, lb=2), True, True, "quota_full"),
        (Count(cap=10, fresh_cap=8, used=8), False, False, "lb_share"),
        (Count(cap=10, fresh_cap=8, used=8), False, True, None),
        (Count(cap=10, fresh_cap=8, used=8), True, False, None),
        (Count(cap=10, fresh_cap=8, used=9, lb=2), False, False, None),
        (Count(cap=5, fresh_cap=5, used=9), False, False, "quota_full"),
    ],
)
def test_why_a_place_is_refused(count: Count, lb: bool, over_share: bool, reason: str | None) -> None:
    assert quota.refusal(count, lb=lb, over_share=over_share) == reason


def test_a_place_given_back_opens_only_what_was_full() -> None:
    assert quota.unblocked_by_return(Count(cap=10, fresh_cap=10, used=10), lb=False)
    assert not quota.unblocked_by_return(Count(cap=10, fresh_cap=10, used=9), lb=False)
    assert not quota.unblocked_by_return(Count(), lb=False)


def test_remaining_places() -> None:
    assert quota.remaining(Count(cap=10, used=4)) == 6
    assert quota.remaining(Count(cap=3, used=4)) == 0
    assert quota.remaining(Count()) is None


def test_served_share_ranks_limited_commandes_only() -> None:
    assert quota.served_share(3, 10) == Decimal("0.3")
    assert quota.served_share(3, 0) is None
