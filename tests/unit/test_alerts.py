"""The thresholds of the alerts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.metrics.models import Attempts, Queue
from backend.metrics.rules import alerts

AT = datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(("pending", "leased", "told"), [(100, 0, 0), (100, 1, 1), (0, 101, 1)])
def test_more_than_a_hundred_waiting(pending: int, leased: int, told: int) -> None:
    rows = {"pending": pending, "leased": leased, "failed": 500}
    assert len(alerts([Queue("smtp:ZR7", state, n, AT) for state, n in rows.items()], [])) == told


@pytest.mark.parametrize(("sent", "refused", "told"), [(9, 1, 0), (89, 11, 1), (8, 1, 0), (0, 10, 1)])
def test_under_ninety_percent_of_enough_attempts(sent: int, refused: int, told: int) -> None:
    tried = [Attempts("smtp:ZR7", "sent", sent, 1.0), Attempts("smtp:ZR7", "retry", refused, 0.0)]
    assert len(alerts([], tried)) == told


def test_over_two_seconds_each_channel_by_itself() -> None:
    tried = [Attempts("smtp:ZR7", "sent", 10, 20.1), Attempts("smtp:MDL", "sent", 10, 20.0)]
    assert [one.text for one in alerts([], tried)] == [
        "smtp:ZR7 : 2.0 s par tentative depuis 15 minutes (plus de 2 s)."
    ]
