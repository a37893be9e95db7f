"""Token buckets, in the memory of one process: a brake against a runaway caller, not a guarantee."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class TokenBuckets:
    """`rate` tokens a second up to `burst`, one bucket per key; the least used keys are forgotten."""

    def __init__(
        self, rate: float, burst: float, *, keys: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._keys = keys
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def clear(self) -> None:
        self._buckets.clear()

    def take(self, key: str) -> float:
        """Take one token. Returns 0 when there was one, else the seconds to wait for it."""
        now = self._clock()
        tokens, then = self._buckets.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[key] = (tokens if wait else tokens - 1, now)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        return wait
