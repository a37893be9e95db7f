"""The steps. To change what is stored, add a function and a line: a few lines, safe to run twice, streamed if large.

Code deployed before its migration must still read the base, and the code before it should: add, fill, and only in a
later version remove.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.core.indexes import Index
from backend.core.migrations import Step
from backend.core.mongo import Mongo

INDEXES: dict[str, Sequence[Index]] = {}


async def _baseline(_mongo: Mongo) -> None:
    """The base as the first version made it: nothing to change, a number to count from."""


STEPS: tuple[Step, ...] = (Step(1, "baseline", _baseline),)
LATEST = STEPS[-1].number
