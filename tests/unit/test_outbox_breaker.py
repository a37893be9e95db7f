"""When a channel stops by itself, and for how long, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.outbox.breaker import Breaker, Circuit, circuit, failed, shown

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
BREAKER = Breaker()


def after(failures: int) -> Circuit:
    known = Circuit()
    for _ in range(failures):
        known = failed(known, "refused", NOW, BREAKER)
    return known


@pytest.mark.parametrize(("trips", "seconds"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 600), (99, 600)])
def test_each_stop_is_longer(trips: int, seconds: int) -> None:
    assert BREAKER.wait(trips) == timedelta(seconds=seconds)


def test_five_failures_in_a_row_stop_the_channel() -> None:
    assert after(4).stage(NOW) == "closed"
    assert after(5).stage(NOW) == "open" and after(5).down_until == NOW + timedelta(seconds=30)


def test_failures_under_way_at_the_stop_change_nothing() -> None:
    assert after(9) == after(5)


def test_one_failed_try_stops_it_again_for_longer() -> None:
    later = NOW + timedelta(seconds=31)
    tried = after(5)
    assert tried.stage(later) == "half_open"
    again = failed(tried, "refused", later, BREAKER)
    assert again.stage(later) == "open" and again.down_until == later + timedelta(seconds=60)


def test_one_row_tries_at_a_time() -> None:
    later = NOW + timedelta(seconds=31)
    trying = Circuit(5, 1, NOW, later + timedelta(minutes=2))
    assert trying.stage(later) == "open" and trying.stage(later + timedelta(minutes=3)) == "half_open"


def test_what_is_shown() -> None:
    stopped = {"_id": "smtp:ZR7", "state": "active", **after(5).stored()}
    assert circuit(stopped) == after(5)
    told = shown(stopped)
    assert (told["state"], told["reason"], told["until"]) == ("down", "refused", NOW + timedelta(seconds=30))
    assert shown({**stopped, "state": "paused", "reason": "login"})["reason"] == "login"
    assert shown({})["state"] == "active"
