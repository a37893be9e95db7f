"""What a process remembers of living sessions: for a few seconds, so that most calls ask the base nothing."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backend.accounts.models import User

MAX_AGE_S = 4.0  # a change made by another process is seen within five seconds
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    user: User
    expires_at: datetime


class SessionMemory:
    """Known sessions by id. A change made here is forgotten at once, even by a read that was under way."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rows: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self._changes = 0

    def find(self, session_id: str) -> Known | None:
        read_at, known = self._rows.get(session_id, (0.0, None))
        return known if known is not None and self._clock() - read_at < MAX_AGE_S else None

    def reading(self) -> tuple[float, int]:
        """Call before reading the base; hand the answer to `keep`."""
        return self._clock(), self._changes

    def keep(self, session_id: str, known: Known, reading: tuple[float, int]) -> None:
        read_at, changes = reading
        if changes != self._changes:
            return
        self._rows[session_id] = (read_at, known)
        self._rows.move_to_end(session_id)
        if len(self._rows) > _KEPT:
            self._rows.popitem(last=False)

    def forget_session(self, session_id: str) -> None:
        self._changes += 1
        self._rows.pop(session_id, None)

    def forget_user(self, user_id: str) -> None:
        self._changes += 1
        for session_id in [sid for sid, (_, known) in self._rows.items() if known.user.id == user_id]:
            del self._rows[session_id]

    def forget(self) -> None:
        self._changes += 1
        self._rows.clear()
