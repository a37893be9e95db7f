"""The development mail catcher: a real SMTP server that keeps each message as a file."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support.mongod import free_port

ROOT = Path(__file__).resolve().parents[2]
RUN = [sys.executable, "-c", "from backend.cli import app; app()", "mailcatcher"]


@pytest.fixture
def port(tmp_path: Path, environ: dict[str, str]) -> Iterator[int]:
    number = free_port()
    env = {**environ, "PYTHONPATH": str(ROOT), "MAILCATCHER_PORT": str(number)}
    with subprocess.Popen(RUN, cwd=tmp_path, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(number)
            yield number
        finally:
            process.terminate()
            assert process.wait(10) == 0


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + 20
    while True:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=2).quit()
            return
        except OSError:
            assert time.monotonic() < give_up
            time.sleep(0.05)


def test_each_message_is_a_file_that_says_when_to_whom_and_what(port: int, tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "vos-leads@zr7-digital.fr", "achats@soleil.example"
    message["Subject"] = "Vos leads PV du 11/03/2026 : été/../é"
    message.set_content("Bonjour")
    message.add_attachment("nom;téléphone\r\n", filename="ZR7_PV_2026-03-11_1.csv", subtype="csv")
    with smtplib.SMTP("127.0.0.1", port) as client:
        assert not client.has_extn("auth")
        client.send_message(message)
        client.send_message(message)
    kept = sorted((tmp_path / "var" / "mail").iterdir())
    assert len(kept) == 2
    assert kept[0].name.endswith("_achats@soleil.example_vos-leads-pv-du-11-03-2026-ete-..-e.eml")
    read = message_from_bytes(kept[0].read_bytes(), policy=policy.default)
    assert read["Subject"] == message["Subject"]
    assert [part.get_filename() for part in read.iter_attachments()] == ["ZR7_PV_2026-03-11_1.csv"]


def test_production_has_no_mail_catcher(tmp_path: Path, environ: dict[str, str]) -> None:
    production = {
        **environ,
        "PYTHONPATH": str(ROOT),
        "APP_ENV": "production",
        "JWT_SECRET": "0f" * 32,
        "SECRETS_KEY": "1e" * 32,
        **{f"{code}_{name}": text for code in ("ZR7", "MDL") for name, text in _MAILBOX.items()},
    }
    done = subprocess.run(RUN, cwd=tmp_path, env=production, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 3, done.stderr
    assert not (tmp_path / "var").exists()


_MAILBOX = {"SMTP_PASSWORD": "un mot", "CONSENT_MODE": "record"}
