"""Days and weeks, decided in Europe/Paris. The only module that knows the zone.

A week is ISO (Monday 00:00 Paris, half-open), its key `YYYY-Www` with the ISO week-year.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_KEY = re.compile(r"^(\d{4})-W(\d{2})$")


def paris(moment: datetime) -> datetime:
    """The same instant on Paris clocks; naive datetimes are refused."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime")
    return moment.astimezone(PARIS)


def paris_day(moment: datetime) -> date:
    return paris(moment).date()


def at_paris(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The UTC instant of `hour:minute` Paris on `day`."""
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def week_of_day(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def week_of(moment: datetime) -> str:
    return week_of_day(paris_day(moment))


def week_monday(key: str) -> date:
    """Monday of the week `key`; ValueError when malformed or when that year has no such week."""
    match = _KEY.match(key)
    if not match:
        raise ValueError(f"not a week key: {key!r}")
    return date.fromisocalendar(int(match[1]), int(match[2]), 1)


def week_bounds(key: str) -> tuple[datetime, datetime]:
    """[start, end) of the week in UTC; 167 or 169 hours when the clocks change."""
    monday = week_monday(key)
    return at_paris(monday), at_paris(monday + timedelta(days=7))


def shift_week(key: str, weeks: int) -> str:
    return week_of_day(week_monday(key) + timedelta(days=7 * weeks))


_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre")  # fmt: skip


def week_in_words(key: str) -> str:
    """`semaine 48, du 23 au 29 novembre 2026`, as it is said on a document."""
    monday = week_monday(key)
    sunday = monday + timedelta(days=6)
    year = f" {monday.year}" if monday.year != sunday.year else ""
    month = f" {_MONTHS[monday.month - 1]}" if monday.month != sunday.month else ""
    until = f"{_nth(sunday)} {_MONTHS[sunday.month - 1]} {sunday.year}"
    return f"semaine {int(key[-2:])}, du {_nth(monday)}{month}{year} au {until}"


def _nth(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)
