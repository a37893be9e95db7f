"""Points at which a test has a process killed, as a power cut would (`CRASH_AT`). Nothing happens elsewhere.

`CRASH_AT=after_journal` kills the process the first time it reaches that point, `CRASH_AT=after_journal:3` the third.
"""

from __future__ import annotations

import os
import signal

POINTS = frozenset(
    {
        "after_intake_commit",
        "after_number",
        "in_txn",
        "after_commit",
        "after_claim",
        "after_connect",
        "after_mail",
        "after_rcpt",
        "before_journal",
        "after_journal",
        "after_250",
        "after_sent",
        "in_heartbeat",
        "in_sweep",
        "in_takeover",
    }
)


class _Armed:
    """The one point armed in this process, and how many more times it is passed."""

    name = ""
    left = 0


def arm(where: str) -> None:
    """Have this process killed at `where` (`point` or `point:n`); empty disarms. `ValueError` on an unknown point."""
    name, _, times = where.partition(":")
    if name and name not in POINTS:
        raise ValueError(f"CRASH_AT: unknown point {name!r}")
    _Armed.name, _Armed.left = name, int(times or 1)


def point(name: str) -> None:
    """Die here when armed for it."""
    if _Armed.name == name:
        _Armed.left -= 1
        if _Armed.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
