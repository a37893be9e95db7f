"""The Paris calendar of slots: clock changes, catch-up, weeks."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from backend.core.weeks import at_paris, paris
from backend.jobs.slots import Daily, Weekly, due_slots, next_slot, slot_key

MORNING = Daily(9, 30)
NIGHT = Daily(0, 5)
MONDAY = Weekly(0, 8, 0)


def utc(*at: int) -> datetime:
    return datetime(*at, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 3, 28), utc(2026, 3, 28, 8, 30)),
        (date(2026, 3, 29), utc(2026, 3, 29, 7, 30)),
        (date(2026, 10, 24), utc(2026, 10, 24, 7, 30)),
        (date(2026, 10, 25), utc(2026, 10, 25, 8, 30)),
        (date(2027, 3, 28), utc(2027, 3, 28, 7, 30)),
        (date(2027, 10, 31), utc(2027, 10, 31, 8, 30)),
        (date(2028, 2, 29), utc(2028, 2, 29, 8, 30)),
    ],
)
def test_the_daily_slot_is_at_half_past_nine_in_paris(day: date, due: datetime) -> None:
    slot = MORNING.slot_of(day)
    assert (slot.key, slot.at) == (day.isoformat(), due)
    assert slot.until == at_paris(day, 20)


@pytest.mark.parametrize("schedule", [MORNING, NIGHT])
def test_ten_years_have_one_slot_a_day(schedule: Daily) -> None:
    start = at_paris(date(2026, 1, 1))
    slots = list(due_slots(schedule, start, start + timedelta(days=3_650)))
    assert len(slots) in {3_650, 3_651} and len({slot.key for slot in slots}) == len(slots)
    days = [date.fromisoformat(slot.key) for slot in slots]
    assert all(later - earlier == timedelta(days=1) for earlier, later in itertools.pairwise(days))
    assert {paris(slot.at).strftime("%H:%M") for slot in slots} == {f"{schedule.hour:02d}:{schedule.minute:02d}"}


def test_ten_years_of_mondays_have_one_key_each() -> None:
    start = at_paris(date(2026, 1, 1))
    slots = list(due_slots(MONDAY, start, start + timedelta(days=3_650)))
    assert len(slots) in {521, 522} and len({slot.key for slot in slots}) == len(slots)
    assert all(slot.until is None for slot in slots)


def test_the_week_53_is_a_week() -> None:
    slots = list(due_slots(MONDAY, at_paris(date(2026, 12, 21), 9), at_paris(date(2027, 1, 5))))
    assert [slot.key for slot in slots] == ["2026-W53", "2027-W01"]


def test_what_is_due_is_after_the_last_and_not_in_the_future() -> None:
    last = MORNING.slot_of(date(2026, 3, 9)).at
    assert [slot.key for slot in due_slots(MORNING, last, utc(2026, 3, 11, 8, 29))] == ["2026-03-10"]
    assert [slot.key for slot in due_slots(MORNING, last, utc(2026, 3, 11, 8, 30))] == ["2026-03-10", "2026-03-11"]
    assert list(due_slots(MORNING, last, last)) == []
    assert [slot.key for slot in due_slots(MORNING, last, last, inclusive=True)] == ["2026-03-09"]


def test_a_clock_moved_back_makes_nothing() -> None:
    assert list(due_slots(MORNING, utc(2026, 3, 11, 9), utc(2026, 3, 1, 9))) == []


def test_next_slots() -> None:
    assert next_slot(MORNING, utc(2026, 3, 11, 8, 30)).key == "2026-03-12"
    assert next_slot(MORNING, utc(2026, 3, 11, 8, 29)).key == "2026-03-11"
    assert next_slot(MONDAY, utc(2026, 3, 11, 9)).at == utc(2026, 3, 16, 7, 0)


def test_a_run_asked_for_counts_under_its_day_or_week() -> None:
    assert slot_key(MORNING, utc(2026, 3, 11, 23, 30)) == "2026-03-12"
    assert slot_key(MONDAY, utc(2026, 3, 15, 12)) == "2026-W11"
    assert slot_key(MONDAY, utc(2026, 3, 16, 0)) == "2026-W12"


def test_a_schedule_says_itself_in_french() -> None:
    assert MORNING.text == "chaque jour à 9\u00a0h\u00a030, heure de Paris"
    assert MONDAY.text == "chaque lundi à 8\u00a0h\u00a000, heure de Paris"
