"""What the day's delivery is said to be doing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.batches.models import Progress
from backend.batches.progress import progressed
from backend.cockpit.models import BandState
from backend.cockpit.rules import band_state

NOW = datetime(2026, 3, 12, 8, 42, tzinfo=UTC)
DUE = NOW - timedelta(minutes=12)
NONE, HALF, WHOLE = Progress(), Progress(total=30, done=18), Progress(total=30, done=30)


@pytest.mark.parametrize(
    ("run", "since", "lots", "is_open", "paused", "expected"),
    [
        (None, None, NONE, True, False, "ready"),
        (None, DUE, NONE, True, False, "late"),
        (None, NOW - timedelta(seconds=90), NONE, True, False, "ready"),
        (None, DUE, NONE, False, False, "closed"),
        ("running", None, NONE, True, False, "sending"),
        ("running", None, NONE, False, False, "closed"),
        ("success", None, HALF, True, False, "sending"),
        ("success", None, WHOLE, True, False, "done"),
        ("success", None, NONE, False, False, "closed"),
        ("success", DUE, WHOLE, True, False, "late"),
        ("error", None, WHOLE, True, False, "broken"),
        ("skipped", None, NONE, True, False, "missed"),
        ("success", None, HALF, True, True, "stopped"),
    ],
)
def test_the_state_of_a_band(
    run: str | None, since: datetime | None, lots: Progress, is_open: bool, paused: bool, expected: BandState
) -> None:
    assert band_state(run, since, lots, is_open=is_open, paused=paused, now=NOW) == expected


def test_what_waits_for_a_person_is_not_under_way() -> None:
    counts = [
        ("sent", 5, NOW),
        ("failed", 2, None),
        ("uncertain", 1, None),
        ("sending", 3, None),
        ("ready_to_send", 4, None),
    ]
    told = progressed([{"status": status, "n": n, "sent_at": at} for status, n, at in counts])
    assert (told.total, told.done, told.failed, told.last_at) == (15, 8, 3, NOW)
