"""Slots of the Paris calendar: which are due, until when they may be caught up. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from backend.core.weeks import at_paris, paris_day, week_of_day

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class Due:
    """One slot: its key, when it is due, and until when a late start still makes sense (None: always)."""

    key: str
    at: datetime
    until: datetime | None


class Schedule(Protocol):
    """When a job is due."""

    @property
    def text(self) -> str: ...

    def slot_of(self, day: date) -> Due | None:
        """The slot of that Paris day, if it has one."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at `hour:minute` Paris; caught up until `until` the same day. Keep out of 01:00-04:00 (DST)."""

    hour: int
    minute: int
    until: tuple[int, int] = (20, 0)

    @property
    def text(self) -> str:
        return f"chaque jour à {_clock(self.hour, self.minute)}"

    def slot_of(self, day: date) -> Due:
        return Due(day.isoformat(), at_paris(day, self.hour, self.minute), at_paris(day, *self.until))

    def fields(self) -> dict[str, int | str]:
        return {"hour": self.hour, "minute": self.minute}


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every week on `weekday` (0 is Monday) at `hour:minute` Paris, always caught up. Keyed by its own ISO week."""

    weekday: int
    hour: int
    minute: int

    @property
    def text(self) -> str:
        return f"chaque {_DAYS[self.weekday]} à {_clock(self.hour, self.minute)}"

    def slot_of(self, day: date) -> Due | None:
        if day.weekday() != self.weekday:
            return None
        return Due(week_of_day(day), at_paris(day, self.hour, self.minute), None)

    def fields(self) -> dict[str, int | str]:
        return {"day_of_week": self.weekday, "hour": self.hour, "minute": self.minute}


def _clock(hour: int, minute: int) -> str:
    return f"{hour}\u00a0h\u00a0{minute:02d}, heure de Paris"


def due_slots(schedule: Schedule, after: datetime, now: datetime, *, inclusive: bool = False) -> Iterator[Due]:
    """Slots due in (`after`, `now`], oldest first; from `after` itself when `inclusive`."""
    day = paris_day(after)
    while day <= paris_day(now):
        slot = schedule.slot_of(day)
        if slot is not None and slot.at <= now and (slot.at > after or (inclusive and slot.at == after)):
            yield slot
        day += timedelta(days=1)


def next_slot(schedule: Schedule, now: datetime) -> Due:
    """The first slot due after `now`."""
    day = paris_day(now)
    while True:
        slot = schedule.slot_of(day)
        if slot is not None and slot.at > now:
            return slot
        day += timedelta(days=1)


def slot_key(schedule: Schedule, now: datetime) -> str:
    """The key that a run asked for at `now` counts under: that of the day or week it is in."""
    day = paris_day(now)
    for back in range(7):
        slot = schedule.slot_of(day - timedelta(days=back))
        if slot is not None:
            return slot.key
    raise ValueError("a schedule has at least one slot a week")


def next_number(taken: set[str], prefix: str) -> int:
    """The next free number: the slot of the calendar counts as 1."""
    numbers = [int(slot_id.rpartition("#")[2]) for slot_id in taken if slot_id.startswith(prefix + "#")]
    return max(numbers, default=1) + 1
