"""The figures that fault tests obtain, appended where `RDZ_FIGURES` says (`make test-faults`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tests.support.oracle import Judgement


def note(test: str, seed: int, faults: int, found: Judgement, resumed: float) -> None:
    """One row of the table of docs/reliability.md."""
    cells = (test, seed, found.mails, faults, found.twice, found.lost, found.uncertain, f"{resumed:.1f} s")
    _append("| " + " | ".join(map(str, cells)) + " |")


def measured(test: str, **figures: object) -> None:
    """What was counted or timed besides: never asserted, the machine is shared."""
    _append(f"- {test}: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items()))


def percentile(seconds: Iterable[float], share: float) -> str:
    """`share` 0.95: what 95 % are under, in milliseconds."""
    found = sorted(seconds)
    return f"{1000 * found[min(len(found) - 1, int(share * len(found)))]:.0f} ms" if found else "-"


def _append(line: str) -> None:
    where = os.environ.get("RDZ_FIGURES")
    if where:
        with Path(where).open("a") as file:
            file.write(line + "\n")
