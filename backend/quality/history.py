"""One source in time: whole Paris days or ISO weeks, each with its like in the period just before. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from backend.core import weeks
from backend.quality.models import Range, SourceCounts, SourcePoint

UNITS: Mapping[Range, Literal["day", "week"]] = {"24h": "day", "7d": "day", "30d": "day", "90d": "week"}
_COUNTS: Mapping[Range, int] = {"24h": 7, "7d": 7, "30d": 30, "90d": 13}


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, both included; `before`: the same of the period before."""

    start: date
    end: date
    before: tuple[date, date]


def spans(today: date, over: Range) -> list[Span]:
    """The period that ends today: the last one is still running."""
    n, days = _COUNTS[over], 7 if UNITS[over] == "week" else 1
    last = weeks.week_monday(weeks.week_of_day(today)) if days == 7 else today
    starts = [last - timedelta(days=days * back) for back in reversed(range(n))]
    away, width = timedelta(days=days * n), timedelta(days=days - 1)
    return [Span(one, one + width, (one - away, one - away + width)) for one in starts]


def so_far(running: Span, now: datetime) -> tuple[datetime, datetime]:
    """What stands at the place of the span that runs, up to the same Paris hour."""
    local = weeks.paris(now)
    day = local.date() - (running.start - running.before[0])
    return weeks.at_paris(running.before[0]), weeks.at_paris(day, local.hour, local.minute)


def points(found: Sequence[Span], days: Mapping[date, SourceCounts], before_so_far: int) -> list[SourcePoint]:
    return [
        SourcePoint(
            start=one.start,
            end=one.end,
            now=_sum(one.start, one.end, days),
            before=_sum(*one.before, days),
            before_so_far=before_so_far if one is found[-1] else None,
        )
        for one in found
    ]


def _sum(first: date, last: date, days: Mapping[date, SourceCounts]) -> SourceCounts:
    rows = [one for day, one in days.items() if first <= day <= last]
    return SourceCounts(
        received=sum(one.received for one in rows),
        valid=sum(one.valid for one in rows),
        sold=sum(one.sold for one in rows),
        refused=sum(one.refused for one in rows),
    )
