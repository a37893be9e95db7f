"""Which days are delivery days: open weekdays, closed and opened dates, French public holidays.

A day is a Paris day; the caller turns instants into days with `core.weeks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

HORIZON = timedelta(days=400)
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@lru_cache(maxsize=64)
def french_holidays(year: int) -> Mapping[date, str]:
    """The public holidays of metropolitan France, with their French names."""
    return dict(holidays.country_holidays("FR", years=year, language="fr"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The delivery days of one entity. `enabled_days`: 0 is Monday. A closed date wins over an opened one."""

    enabled_days: frozenset[int] = frozenset(range(5))
    disabled_dates: frozenset[date] = frozenset()
    opened_dates: frozenset[date] = frozenset()
    holidays_closed: bool = True

    def closed_reason(self, day: date) -> str | None:
        """Why nothing leaves on `day`, in French; None when the day is open."""
        if day in self.disabled_dates:
            return f"Fermé le {day:%d/%m/%Y}."
        if day in self.opened_dates:
            return None
        if day.weekday() not in self.enabled_days:
            return f"Pas de livraison le {WEEKDAYS[day.weekday()]}."
        holiday = french_holidays(day.year).get(day) if self.holidays_closed else None
        return f"Jour férié : {holiday}." if holiday else None

    def next_open(self, after_or_on: date) -> date | None:
        """The first open day from `after_or_on`; None when nothing opens within `HORIZON`."""
        last = after_or_on + HORIZON
        day = after_or_on
        while day <= last:
            if self.closed_reason(day) is None:
                return day
            day += timedelta(days=1)
        return None
