"""When a refused row is tried again, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from backend.outbox.retry import EMAIL, TASK

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (40, 60)]
)  # fmt: skip
def test_an_e_mail_waits_longer_and_longer(tries: int, minutes: int) -> None:
    waits = [EMAIL.wait(tries, Random(seed)) for seed in range(200)]
    base = timedelta(minutes=minutes)
    assert all(base * 0.8 <= wait <= min(base * 1.2, timedelta(seconds=4_000)) for wait in waits)
    assert len(set(waits)) > 50


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 300), (1_000, 300)]
)
def test_a_task_never_gives_up(tries: int, seconds: int) -> None:
    assert 0.8 * seconds <= TASK.wait(tries, Random(1)).total_seconds() <= 1.2 * seconds
    assert not TASK.over(NOW + timedelta(days=365), NOW)


def test_an_e_mail_gives_up_after_its_deadline() -> None:
    assert EMAIL.over(NOW + timedelta(seconds=1), NOW)
    assert not EMAIL.over(NOW, NOW) and not EMAIL.over(NOW, None)


def test_there_is_no_attempt_zero() -> None:
    with pytest.raises(ValueError, match="counts from 1"):
        EMAIL.wait(0, Random(1))
