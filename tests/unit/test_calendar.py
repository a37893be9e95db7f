"""Delivery days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.parametres.calendar import HORIZON, Calendar, french_holidays

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
near = st.lists(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=20).map(frozenset)
calendars = st.builds(
    Calendar,
    enabled_days=st.frozensets(st.integers(0, 6)),
    disabled_dates=near,
    opened_dates=near,
    holidays_closed=st.booleans(),
)


@given(calendars, days)
def test_the_next_open_day_is_open_and_none_before_it_was(calendar: Calendar, start: date) -> None:
    found = calendar.next_open(start)
    last = found - timedelta(days=1) if found else start + HORIZON
    if found:
        assert calendar.closed_reason(found) is None
    assert found is None or found >= start
    for shift in range((last - start).days + 1):
        assert calendar.closed_reason(start + timedelta(days=shift)) is not None


@given(calendars, near)
def test_a_closed_date_is_closed_whatever_else_is_said(calendar: Calendar, closed: frozenset[date]) -> None:
    stricter = Calendar(calendar.enabled_days, closed, calendar.opened_dates, calendar.holidays_closed)
    assert all(stricter.closed_reason(day) for day in closed)


@given(calendars)
def test_an_opened_date_is_open_unless_also_closed(calendar: Calendar) -> None:
    assert all(calendar.closed_reason(day) is None for day in calendar.opened_dates - calendar.disabled_dates)


def test_by_default_a_year_is_open_on_working_days_only() -> None:
    calendar = Calendar()
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    closed = {day for day in year if calendar.closed_reason(day)}
    weekends = {day for day in year if day.weekday() >= 5}
    assert closed - weekends == {
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
        date(2026, 7, 14), date(2026, 11, 11), date(2026, 12, 25),
    }  # fmt: skip
    assert closed >= weekends


@pytest.mark.parametrize("year", range(2024, 2036))
def test_every_year_has_its_eleven_holidays(year: int) -> None:
    # Two of the eleven fall on the same day when Ascension is on 1 or 8 May.
    assert len(french_holidays(year)) in {10, 11}


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 3, 11), None),
        (date(2026, 3, 14), "Pas de livraison le samedi."),
        (date(2026, 7, 14), "Jour férié : Fête nationale."),
        (date(2026, 3, 12), "Fermé le 12/03/2026."),
    ],
)
def test_the_reason_is_said_in_french(day: date, reason: str | None) -> None:
    assert Calendar(disabled_dates=frozenset({date(2026, 3, 12)})).closed_reason(day) == reason


def test_a_change_of_clocks_is_a_day_like_any_other() -> None:
    always = Calendar(enabled_days=frozenset(range(7)))
    assert always.next_open(date(2026, 3, 29)) == date(2026, 3, 29)
    assert always.next_open(date(2026, 10, 25)) == date(2026, 10, 25)


def test_a_calendar_that_never_opens_says_so() -> None:
    assert Calendar(enabled_days=frozenset()).next_open(date(2026, 3, 11)) is None


def test_holidays_can_be_worked() -> None:
    assert Calendar(holidays_closed=False).closed_reason(date(2026, 7, 14)) is None
    assert Calendar(opened_dates=frozenset({date(2026, 7, 14)})).closed_reason(date(2026, 7, 14)) is None
