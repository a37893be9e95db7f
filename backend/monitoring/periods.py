"""Counting what was delivered by day, ISO week or month of Paris. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from backend.core.weeks import week_of_day
from backend.deliveries.models import Counted
from backend.monitoring.models import Outcomes, Period

GroupBy = Literal["day", "week", "month"]


def share(part: int, whole: int) -> str:
    """`part` of `whole` in percent, one decimal; `0.0` of nothing."""
    exact = Decimal(100 * part) / whole if whole else Decimal(0)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def period_of(day: date, group_by: GroupBy) -> str:
    """`2026-03-11`, `2026-W11` or `2026-03`."""
    if group_by == "week":
        return week_of_day(day)
    return day.isoformat() if group_by == "day" else f"{day:%Y-%m}"


def outcomes(counted: Iterable[Counted]) -> Outcomes:
    """Totals of what was sent, and what became of it; what was not sent does not count here."""
    rows = [one for one in counted if one.status == "sent"]
    sent = sum(one.n for one in rows)
    by = {name: sum(one.n for one in rows if one.outcome == name) for name in ("accepted", "rejected", "removed")}
    return Outcomes(
        sent=sent,
        rejected=by["rejected"],
        removed=by["removed"],
        billable=by["accepted"],
        reject_rate=share(by["rejected"], sent),
    )


def by_produit(counted: Iterable[Counted]) -> dict[str, int]:
    """Sent, by produit."""
    told: dict[str, int] = {}
    for one in counted:
        if one.status == "sent":
            told[one.produit] = told.get(one.produit, 0) + one.n
    return dict(sorted(told.items()))


def folded(counted: Iterable[Counted], group_by: GroupBy) -> list[Period]:
    """One line per period that has anything, oldest first."""
    periods: dict[str, list[Counted]] = {}
    for one in counted:
        periods.setdefault(period_of(date.fromisoformat(one.day), group_by), []).append(one)
    return [_line(period, rows) for period, rows in sorted(periods.items())]


def _line(period: str, rows: list[Counted]) -> Period:
    return Period(
        period=period,
        by_produit=by_produit(rows),
        failed=_waiting(rows, "failed"),
        ready_to_send=_waiting(rows, "ready_to_send"),
        pending_csv=_waiting(rows, "pending_csv"),
        **outcomes(rows).model_dump(),
    )


def _waiting(rows: Iterable[Counted], status: str) -> int:
    return sum(one.n for one in rows if one.status == status)
