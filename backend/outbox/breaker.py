"""When a channel whose server cannot be reached stops by itself, and for how long: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Breaker:
    """`after` failures in a row stop the channel for `first`, then twice as long each time, `longest` at most.

    `again`: when a row that met the failure is due once more. `probe`: how long the one row that tries may take.
    """

    after: int = 5
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=10)
    again: timedelta = timedelta(seconds=10)
    probe: timedelta = timedelta(minutes=2)

    def wait(self, trips: int) -> timedelta:
        """How long the stop number `trips` in a row lasts (1 for the first)."""
        return min(self.first * (1 << min(trips - 1, 20)), self.longest)


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of a channel: failures in a row, stops in a row, until when, and who is trying."""

    failures: int = 0
    trips: int = 0
    down_until: datetime | None = None
    probe_until: datetime | None = None
    down_reason: str = ""

    @property
    def ailing(self) -> bool:
        return self.failures > 0 or self.trips > 0

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def stage(self, now: datetime) -> Literal["closed", "open", "half_open"]:
        """`half_open`: the stop is over and nobody is trying; one row may."""
        if self.trips == 0:
            return "closed"
        resting = self.down_until is not None and self.down_until > now
        trying = self.probe_until is not None and self.probe_until > now
        return "open" if resting or trying else "half_open"


def circuit(doc: Mapping[str, Any] | None) -> Circuit:
    """The circuit in a stored channel."""
    names = {one.name for one in fields(Circuit)}
    return Circuit(**{name: value for name, value in (doc or {}).items() if name in names})


def failed(before: Circuit, reason: str, now: datetime, breaker: Breaker) -> Circuit:
    """After one more failure. Those still under way when the channel stopped change nothing."""
    if before.down_until is not None and before.down_until > now:
        return before
    failures = before.failures + 1
    if before.trips == 0 and failures < breaker.after:
        return replace(before, failures=failures, down_reason=reason)
    trips = before.trips + 1
    return Circuit(failures, trips, now + breaker.wait(trips), None, reason)


def shown(doc: Mapping[str, Any]) -> dict[str, Any]:
    """A stored channel as people see it: `paused` by somebody, `down` by itself until then, or `active`."""
    known = circuit(doc)
    line: dict[str, Any] = {"state": "active", "reason": "", "changed_at": None, "changed_by": "", "until": None}
    line |= {name: doc[name] for name in ("state", "reason", "changed_at", "changed_by") if name in doc}
    if line["state"] == "active" and known.trips:
        line |= {"state": "down", "reason": known.down_reason, "until": known.down_until}
    return line
