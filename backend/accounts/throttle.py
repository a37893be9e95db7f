"""The brake on guessing passwords (ASVS 6.1.1), in the memory of one process.

A failed login counts for fifteen minutes against the pair (account, address), ten allowed, and for an hour against the
address, fifty allowed. Above, login answers 429 with `Retry-After`, right password or not. Nothing is counted against
the account alone: someone who knows an e-mail address must not be able to lock its owner out from elsewhere.
An attempt counts as soon as it begins, so that a volley of simultaneous ones is stopped too; success takes it back.
With several web processes the allowance is per process: argon2 and the list of common passwords hold the rest.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

PER_ACCOUNT = (10, 15 * 60.0)
PER_ADDRESS = (50, 60 * 60.0)


class LoginThrottle:
    def __init__(self, *, keys: int = 20_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._failures: OrderedDict[tuple[str, ...], deque[float]] = OrderedDict()

    def enter(self, email: str, ip: str) -> float:
        """Count an attempt. Returns 0 when it may go on, else the seconds to wait (nothing is then counted)."""
        now = self._clock()
        limits = (((email, ip), PER_ACCOUNT), ((ip,), PER_ADDRESS))
        wait = max(self._wait(key, limit, now) for key, limit in limits)
        if wait == 0.0:
            for key, _ in limits:
                self._count(key, now)
        return wait

    def forgive(self, email: str, ip: str) -> None:
        """The attempt succeeded: the pair starts afresh, and the address gets its attempt back."""
        self._failures.pop((email, ip), None)
        address = self._failures.get((ip,))
        if address:
            address.pop()

    def forget(self) -> None:
        self._failures.clear()

    def _wait(self, key: tuple[str, ...], limit: tuple[int, float], now: float) -> float:
        allowed, window = limit
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= now - window:
            failures.popleft()
        return 0.0 if len(failures) < allowed else failures[0] + window - now

    def _count(self, key: tuple[str, ...], now: float) -> None:
        self._failures.setdefault(key, deque()).append(now)
        self._failures.move_to_end(key)
        if len(self._failures) > self._keys:
            self._failures.popitem(last=False)
