"""What RUNBOOK.md tells an operator to type, typed against `rdz up` in a new directory."""

from __future__ import annotations

import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.operator import House, house

PASSWORD = "un long mot de passe d'exploitation"
EMAIL = "direction@rdz.example"


@pytest.fixture
def here() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="rdz-up-"))  # short: a Unix socket lives under it
    try:
        with house(folder) as one:
            yield one
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def logged_in(one: House) -> bool:
    body = {"email": EMAIL, "password": PASSWORD}
    return httpx.post(f"{one.url}/api/auth/login", json=body, timeout=10, trust_env=False).status_code == 200


@pytest.mark.timeout(600)
def test_an_operator_starts_looks_restarts_stops_and_finds_everything_again(here: House) -> None:
    with here.up():
        assert here.healthy()
        status = here.run("supervisorctl", "status").stdout
        assert {line.split()[0]: line.split()[1] for line in status.splitlines()} == {
            "backend": "RUNNING",
            "frontend": "RUNNING",
            "mailcatcher": "RUNNING",
            "mongodb": "RUNNING",
        }
        assert here.run("supervisorctl", "restart", "backend").stdout.split() == [
            "backend:", "stopped", "backend:", "started",
        ]  # fmt: skip
        here.wait(here.healthy, 30)
        assert here.run("supervisorctl", "tail", "backend").stdout
        tail = here.run("supervisorctl", "tail", "-20000", "backend").stdout
        assert "RDZ CRM" in tail and "rdz_dev sur 127.0.0.1" in tail
        assert len(re.findall(r"(worker|planificateur) +ENABLED", tail)) == 4, "two starts"
        made = here.run("rdz", "create-admin", EMAIL, text=PASSWORD + "\n")
        assert made.returncode == 0, made.stdout + made.stderr
        assert PASSWORD not in made.stdout
        assert logged_in(here)
        twice = here.run("rdz", "up")
        assert twice.returncode == 1 and "Déjà démarré" in twice.stderr
    assert here.listening() == []
    with here.up() as process:
        assert logged_in(here), "what was stored is still there"
        checked = here.run("rdz", "check", "--email", EMAIL, "--lead", text=PASSWORD + "\n")
        assert "NON" not in checked.stdout and checked.returncode == 0, checked.stdout + checked.stderr
    assert process.returncode == 0
    assert here.listening() == []


def test_a_busy_port_is_named_with_its_variable(here: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", here.port))
        taken.listen()
        answer = here.run(*here.up_command)
    assert answer.returncode == 1
    assert f"Le port {here.port} est déjà pris" in answer.stderr and "PORT=" in answer.stderr
    assert here.listening() == []


def test_up_refuses_a_production_that_lacks_something(here: House) -> None:
    (here.folder / ".env").write_text("APP_ENV=production\nDB_NAME=rdz_production\n")
    answer = here.run("rdz", "up")
    assert answer.returncode == 1
    for name in ("BACKEND_URL", "JWT_SECRET", "MONGO_URL", "ZR7_CONSENT_MODE", "MDL_SMTP_PASSWORD"):
        assert name in answer.stderr
