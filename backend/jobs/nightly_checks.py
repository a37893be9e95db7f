"""05:15 Paris: every promise of the trade and of money, checked on the whole base; a broken one is the slot's error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from backend.jobs.models import Run


class Check(Protocol):
    """One promise: how often it is broken, with a few examples."""

    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def examples(self) -> list[str]: ...


class Broken(RuntimeError):
    """A promise does not hold: a person must look (`rdz invariants`)."""


@dataclass(frozen=True, slots=True)
class NightlyChecks:
    """The job `invariants`. What moves while it reads may show once: only what still shows the second time is said."""

    checks: Callable[[], Awaitable[Sequence[Check]]]
    again_after_s: float = 5.0

    async def __call__(self, run: Run) -> dict[str, Any]:
        found = await self.checks()
        if any(one.count for one in found):
            await asyncio.sleep(self.again_after_s)
            found = await self.checks()
        broken = [one for one in found if one.count]
        if broken:
            raise Broken("; ".join(f"{one.name} {one.count} ({', '.join(one.examples)})" for one in broken))
        return {one.name: one.count for one in found}
