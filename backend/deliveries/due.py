"""When a lead reserved now is due to leave (rule 8), and until when it may be refused. Daily run: 09:30 Paris."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from backend.core import weeks
from backend.parametres.calendar import Calendar

DAILY_AT = time(9, 30)


def due_day(now: datetime, calendar: Calendar, *, leaving: bool = False) -> date | None:
    """Today before 09:30 on an open day, else the next open day; None when nothing opens within the calendar.

    `leaving`: reserved by a daily run under way, or for an `instant` client; these leave today whatever the hour.
    """
    local = weeks.paris(now)
    today = local.date()
    if (leaving or local.time() < DAILY_AT) and calendar.closed_reason(today) is None:
        return today
    return calendar.next_open(today + timedelta(days=1))


def due_week(now: datetime, calendar: Calendar, *, leaving: bool = False) -> str:
    """The week whose counter new leads take from."""
    return weeks.week_of_day(due_day(now, calendar, leaving=leaving) or weeks.paris_day(now))


def last_return_day(sent_at: datetime, days: int) -> date:
    """The Paris day to whose end a client may refuse what was sent to it then."""
    return weeks.paris_day(sent_at) + timedelta(days=days)
