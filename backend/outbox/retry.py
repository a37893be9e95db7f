"""When a refused row is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

_LONGEST = 4_000.0


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds between attempts; the last one repeats. Ended by the row's deadline (`give_up`) or by `most` tries."""

    waits: tuple[int, ...]
    give_up: bool
    jitter: float = 0.2
    most: int | None = None

    def wait(self, tries: int, rng: Random) -> timedelta:
        """How long to wait after attempt number `tries` (1 for the first): ± `jitter`, 4,000 s at most."""
        if tries < 1:
            raise ValueError("tries counts from 1")
        base = self.waits[min(tries, len(self.waits)) - 1]
        return timedelta(seconds=min(base * rng.uniform(1 - self.jitter, 1 + self.jitter), _LONGEST))

    def spent(self, tries: int) -> bool:
        """True when `tries` attempts are all that is allowed."""
        return self.most is not None and tries >= self.most

    def over(self, due: datetime, deadline: datetime | None) -> bool:
        """True when an attempt at `due` would come after the deadline."""
        return self.give_up and deadline is not None and due > deadline


EMAIL = Schedule(waits=(60, 300, 900, 3_600), give_up=True)
HTTP = Schedule(waits=(5, 300, 1_800, 3_600), give_up=True)
TASK = Schedule(waits=(1, 2, 4, 8, 16, 30, 300), give_up=False)
