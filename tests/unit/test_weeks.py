"""Weeks and days in Paris."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.core import weeks


def test_the_week_of_new_year_belongs_to_its_iso_year() -> None:
    assert weeks.week_of_day(date(2027, 1, 3)) == "2026-W53"
    assert weeks.week_of_day(date(2027, 1, 4)) == "2027-W01"


def test_a_week_starts_monday_midnight_in_paris() -> None:
    assert weeks.week_of(datetime(2026, 3, 8, 22, 59, tzinfo=UTC)) == "2026-W10"
    assert weeks.week_of(datetime(2026, 3, 8, 23, 0, tzinfo=UTC)) == "2026-W11"


@pytest.mark.parametrize(("key", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W11", 168)])
def test_weeks_with_a_change_of_clocks_keep_their_bounds(key: str, hours: int) -> None:
    start, end = weeks.week_bounds(key)
    assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2026-W48", "semaine 48, du 23 au 29 novembre 2026"),
        ("2026-W14", "semaine 14, du 30 mars au 5 avril 2026"),
        ("2026-W53", "semaine 53, du 28 décembre 2026 au 3 janvier 2027"),
        ("2026-W23", "semaine 23, du 1er au 7 juin 2026"),
    ],
)
def test_a_week_is_said_in_words(key: str, words: str) -> None:
    assert weeks.week_in_words(key) == words


@pytest.mark.parametrize("key", ["2026-W54", "2025-W53", "2026-W00", "2026W11", "", "2026-W1"])
def test_malformed_weeks_are_refused(key: str) -> None:
    with pytest.raises(ValueError):
        weeks.week_monday(key)


def test_the_daily_hour_in_utc_follows_the_season() -> None:
    assert weeks.at_paris(date(2026, 3, 29), 9, 30) == datetime(2026, 3, 29, 7, 30, tzinfo=UTC)
    assert weeks.at_paris(date(2026, 10, 25), 9, 30) == datetime(2026, 10, 25, 8, 30, tzinfo=UTC)


def test_naive_datetimes_are_refused() -> None:
    with pytest.raises(ValueError):
        weeks.week_of(datetime(2026, 1, 1))
