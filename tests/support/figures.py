"""The figures that fault tests obtain, appended where `RDZ_FIGURES` says (`make test-faults`)."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.oracle import Judgement


def note(test: str, seed: int, faults: int, found: Judgement, resumed: float) -> None:
    """One row of the table of docs/reliability.md."""
    where = os.environ.get("RDZ_FIGURES")
    if where:
        cells = (test, seed, found.mails, faults, found.twice, found.lost, found.uncertain, f"{resumed:.1f} s")
        with Path(where).open("a") as file:
            file.write("| " + " | ".join(map(str, cells)) + " |\n")
