"""The contract between the outbox and whatever does the work of a row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

Journal = Callable[[], Awaitable[None]]
"""Durably note that the point of no return comes next. Raises `LostLease` when the row is no longer ours."""


@dataclass(frozen=True, slots=True)
class Done:
    """It happened; `answer` is what the other side said."""

    answer: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Definitely not done, may work later. `delay` overrides the kind's schedule."""

    reason: str
    code: str = ""
    delay: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """Not now; spends no attempt."""

    delay: timedelta
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Definitely not done and never will be as it is. `gone`: the recipient itself does not exist."""

    reason: str
    code: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Past the point of no return without an answer: nobody knows."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The channel itself refuses (login refused): stop it, spend no attempt, keep the row waiting."""

    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Down:
    """The channel's server cannot be reached: definitely not done, and no fault of the row. Repeated, it stops it."""

    reason: str
    code: str = ""


Outcome = Done | Retry | Snooze | Failed | Uncertain | Pause | Down


class Handler(Protocol):
    """Does the work of one row of its kind."""

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome: ...
