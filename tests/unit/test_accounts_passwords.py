"""Passwords: what is refused, how they are hashed, the brake on guessing, and what a process remembers."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest

from backend.accounts.cookies import Jar
from backend.accounts.memory import MAX_AGE_S, Known, SessionMemory
from backend.accounts.models import User
from backend.accounts.passwords import COMMON, Passwords, weakness
from backend.accounts.throttle import LoginThrottle
from backend.core.clock import utcnow
from backend.core.text import special_use
from backend.settings import load


@pytest.mark.parametrize("password", [
    "", "1234567", "12345678", "Password1", "AZERTYUIOP", "motdepasse", "aaaaaaaaaaaa", "é" * 600, "x" * 1025,
    "moi@exemple.fr", "MOI@EXEMPLE.FR",
])  # fmt: skip
def test_refused(password: str) -> None:
    assert weakness(password, "moi@exemple.fr")


@pytest.mark.parametrize("password", ["cheval-agrafe", "12 34 56 78 90 a", "ab" * 64, "pâté en croûte", "   espace   "])
def test_accepted(password: str) -> None:
    assert weakness(password, "moi@exemple.fr") is None


def test_common_ones_are_long_enough_to_matter() -> None:
    assert len(COMMON) >= 100
    assert all(len(one) >= 8 and one == one.casefold() for one in COMMON)


async def test_hash_is_argon2id_with_the_asked_cost() -> None:
    passwords = Passwords()
    hashed = await passwords.hash("cheval-agrafe")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify("cheval-agrafe", hashed)
    assert not await passwords.verify("cheval-agraf", hashed)
    assert not await passwords.verify("cheval-agrafe ", hashed)
    assert not await passwords.verify("nobody has this password", None)
    assert not await passwords.verify("x", "plain text in the base")


async def test_an_unknown_account_costs_the_same_time() -> None:
    passwords = Passwords()
    hashed = await passwords.hash("cheval-agrafe")
    took: dict[str | None, list[float]] = {hashed: [], None: []}
    for _ in range(15):
        for known in (hashed, None):
            started = time.perf_counter()
            await passwords.verify("wrong password", known)
            took[known].append(time.perf_counter() - started)
    known_ms, unknown_ms = (statistics.median(one) for one in took.values())
    assert 0.5 < known_ms / unknown_ms < 2


async def test_a_flood_leaves_the_loop_free() -> None:
    passwords = Passwords()
    flood = asyncio.gather(*(passwords.verify("x", None) for _ in range(24)))
    late = []
    while not flood.done():
        started = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append(time.perf_counter() - started)
    await flood
    assert statistics.median(late) < 0.25


def test_ten_failures_per_account_and_address() -> None:
    now = [0.0]
    brake = LoginThrottle(clock=lambda: now[0])
    assert [brake.enter("a@b.fr", "1.1.1.1") for _ in range(10)] == [0.0] * 10
    assert brake.enter("a@b.fr", "1.1.1.1") == 15 * 60
    assert brake.enter("a@b.fr", "2.2.2.2") == 0.0, "its owner, from elsewhere, is not locked out"
    assert brake.enter("c@b.fr", "1.1.1.1") == 0.0
    now[0] = 15 * 60
    assert brake.enter("a@b.fr", "1.1.1.1") == 0.0


def test_fifty_failures_an_hour_per_address() -> None:
    now = [0.0]
    brake = LoginThrottle(clock=lambda: now[0])
    assert {brake.enter(f"{n}@b.fr", "1.1.1.1") for n in range(50)} == {0.0}
    assert brake.enter("another@b.fr", "1.1.1.1") == 3600
    now[0] = 3600
    assert brake.enter("another@b.fr", "1.1.1.1") == 0.0


def test_success_is_not_counted() -> None:
    brake = LoginThrottle(clock=lambda: 0.0)
    for _ in range(200):
        assert brake.enter("a@b.fr", "1.1.1.1") == 0.0
        brake.forgive("a@b.fr", "1.1.1.1")


def test_the_brake_forgets_the_oldest_keys() -> None:
    brake = LoginThrottle(keys=100, clock=lambda: 0.0)
    for n in range(500):
        brake.enter(f"{n}@b.fr", f"ip-{n}")
    assert len(brake._failures) <= 100


def known(user_id: str) -> Known:
    now = utcnow()
    row = User(
        id=user_id, email=f"{user_id}@b.fr", password="", nom="x", entity="ZR7", role="ops", created_at=now
    )  # fmt: skip
    return Known(row, now)


def test_a_session_is_remembered_four_seconds_from_before_it_was_read() -> None:
    now = [0.0]
    memory = SessionMemory(clock=lambda: now[0])
    reading = memory.reading()
    now[0] = 2.0
    memory.keep("s", known("u"), reading)
    assert memory.find("s")
    now[0] = MAX_AGE_S
    assert memory.find("s") is None
    assert MAX_AGE_S <= 5


def test_a_change_made_during_a_read_is_not_hidden_by_it() -> None:
    memory = SessionMemory(clock=lambda: 0.0)
    reading = memory.reading()
    memory.forget_user("u")
    memory.keep("s", known("u"), reading)
    assert memory.find("s") is None
    memory.keep("s", known("u"), memory.reading())
    memory.keep("t", known("v"), memory.reading())
    memory.forget_user("u")
    assert memory.find("s") is None and memory.find("t")


@pytest.mark.parametrize(("backend_url", "domain", "name", "secure", "refresh_path"), [
    ("https://rdz.fr", "", "__Host-rdz", True, "/"),
    ("https://rdz.fr", "rdz.fr", "rdz", True, "/api/auth"),
    ("http://127.0.0.1:8001", "", "rdz", False, "/api/auth"),
    ("http://rdz.interne", "", "rdz", True, "/api/auth"),
])  # fmt: skip
def test_cookie_flags(backend_url: str, domain: str, name: str, secure: bool, refresh_path: str) -> None:
    environ = {"APP_ENV": "test", "DB_NAME": "x", "BACKEND_URL": backend_url, "JWT_SECRET": "x" * 32}
    access, refresh, csrf = Jar(load({**environ, "COOKIE_DOMAIN": domain})).filled("a", "r", "c")
    assert (access.name, refresh.name, csrf.name) == (name, f"{name}-refresh", f"{name}-csrf")
    assert {access.secure, refresh.secure, csrf.secure} == {secure}
    assert (access.http_only, refresh.http_only, csrf.http_only) == (True, True, False)
    assert (access.path, refresh.path, csrf.path) == ("/", refresh_path, "/")
    assert access.domain == (domain or None)
    assert (access.age_s, refresh.age_s) == (15 * 60, 7 * 24 * 3600)


@pytest.mark.parametrize(("address", "special"), [
    ("a@b.test", True), ("a@pod.local", True), ("a@example.com", True), ("a@localhost", True),
    ("a@mail.example.org", True), ("a@exemple.fr", False), ("a@latest.fr", False), ("a@zr7-digital.fr", False),
])  # fmt: skip
def test_special_use_names(address: str, special: bool) -> None:
    assert special_use(address) is special
