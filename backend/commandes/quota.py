"""The weekly count of a commande: how many places, how many of them for LB. Decimal arithmetic, no rounding drift.

*Held* (`used`) is what is reserved this week, sent or not; a place given back leaves it. `taken` only grows: it ranks.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Literal, Protocol

Refused = Literal["quota_full", "lb_share"]


class Count(Protocol):
    """What the rules read of a counter."""

    @property
    def cap(self) -> int | None: ...
    @property
    def fresh_cap(self) -> int | None: ...
    @property
    def used(self) -> int: ...
    @property
    def lb(self) -> int: ...


def counter_id(commande_id: str, week: str) -> str:
    return f"{commande_id}:{week}"


def cap(quota: int) -> int | None:
    """Places in a week; a quota of 0 is unlimited (None)."""
    return quota or None


def fresh_cap(quota: int, target: Decimal) -> int | None:
    """Places that fresh leads may take at intake: the quota less the share kept for LB. None: unlimited."""
    return None if quota == 0 else quota - _ceil(target * quota)


def lb_needed(target: Decimal, taken: int, lb_taken: int) -> int:
    """LB the next place calls for, over the `taken` places held, `lb_taken` of them LB: above 0, it is for an LB."""
    return _ceil(target * (taken + 1)) - lb_taken


def served_share(held: int, quota: int) -> Decimal | None:
    """How much of the quota is served, for the order among commandes of one priority; None when unlimited."""
    return None if quota == 0 else Decimal(held) / quota


def refusal(count: Count, *, lb: bool, over_share: bool = False) -> Refused | None:
    """Why a place would be refused now, None when there is one. A forecast: `take_place` decides."""
    if count.cap is not None and count.used >= count.cap:
        return "quota_full"
    fresh_full = count.fresh_cap is not None and count.used - count.lb >= count.fresh_cap
    return "lb_share" if fresh_full and not lb and not over_share else None


def unblocked_by_return(before: Count, *, lb: bool) -> bool:
    """True when giving one place back lets in a lead that `before` refused."""
    return refusal(before, lb=lb) is not None


def remaining(count: Count) -> int | None:
    """Places left, never below 0; None when unlimited."""
    return None if count.cap is None else max(0, count.cap - count.used)


def _ceil(value: Decimal) -> int:
    return int(value.to_integral_value(rounding=ROUND_CEILING))
