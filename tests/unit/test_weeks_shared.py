"""The weeks of the dashboard are the server's: both sides hash the same list (frontend/src/lib/weeks.test.ts)."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from backend.core.weeks import shift_week, week_monday
from tests.architecture.source import ROOT


def digest() -> str:
    lines, key = [], "2015-W01"
    while key < "2051-W01":
        monday = week_monday(key)
        lines.append(f"{key} {monday} {monday + timedelta(days=6)}")
        key = shift_week(key, 1)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_both_sides_have_the_same_weeks() -> None:
    shared = re.search(r'SHARED = "(\w+)"', (ROOT / "frontend/src/lib/weeks.test.ts").read_text())
    assert shared is not None and shared[1] == digest()
