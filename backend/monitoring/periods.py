"""Counting what was delivered by day, ISO week or month of Paris. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from backend.commandes.models import PRODUITS, Produit
from backend.core import weeks
from backend.core.weeks import week_of_day
from backend.deliveries.models import Counted
from backend.monitoring.models import DaySent, Outcomes, Period, Sent, WeekOutcomes

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


def weekly(counted: Iterable[Counted], keys: Sequence[str], since: str) -> list[WeekOutcomes]:
    """One line per week of `keys`; those before the week `since` are not measured."""
    rows = list(counted)
    told = {key: outcomes(one for one in rows if week_of_day(date.fromisoformat(one.day)) == key) for key in keys}
    return [
        WeekOutcomes(week=key, sent=one.sent, rejected=one.rejected, billable=one.billable)
        if one.sent or key >= since
        else WeekOutcomes(week=key, sent=None, rejected=None, billable=None)
        for key, one in told.items()
    ]


def last_week_so_far(now: datetime) -> tuple[datetime, datetime]:
    """The same Paris day a week ago, up to the same hour."""
    local = weeks.paris(now)
    day = local.date() - timedelta(days=7)
    return weeks.at_paris(day), weeks.at_paris(day, local.hour, local.minute)


def by_day(
    key: str, today: date, week: Iterable[Counted], before: Iterable[Counted], so_far: Iterable[Counted] = ()
) -> list[DaySent]:
    """Monday to Sunday, all and by produit, with the week before; `so_far` is of the day a week before today."""
    now, then, hour = _daily(week), _daily(before), _daily(so_far)
    produits = [one for one in PRODUITS if any(found == one for _, found in now | then)]
    monday = weeks.week_monday(key)
    return [
        DaySent(
            day=day.isoformat(),
            by_produit={one: _sent(day, today, now, then, hour, one) for one in produits},
            **_sent(day, today, now, then, hour).model_dump(),
        )
        for day in (monday + timedelta(days=one) for one in range(7))
    ]


_Daily = Mapping[tuple[str, str], int]


def _sent(day: date, today: date, now: _Daily, then: _Daily, hour: _Daily, produit: Produit | None = None) -> Sent:
    key, past = (day.isoformat(), produit or ""), ((day - timedelta(days=7)).isoformat(), produit or "")
    return Sent(
        sent=now.get(key, 0) if day <= today else None,
        before=then.get(past, 0),
        before_so_far=hour.get(past, 0) if day == today else None,
    )


def _daily(counted: Iterable[Counted]) -> dict[tuple[str, str], int]:
    """(day, produit) -> n, and (day, "") -> n of all of them."""
    told: dict[tuple[str, str], int] = {}
    for one in counted:
        for produit in {"", one.produit}:
            told[one.day, produit] = told.get((one.day, produit), 0) + one.n
    return told
