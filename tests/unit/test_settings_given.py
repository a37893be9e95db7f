"""What `rdz up` gives to a developer who has set nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values

from backend.cli.given import as_file, given, kept_secret
from backend.settings import load, typed

SECRET = "0f" * 32


def test_with_nothing_set_everything_is_given_and_mail_stays_here() -> None:
    settings = load(given({}, {}, SECRET))
    assert (settings.app_env, settings.db_name, settings.port) == ("development", "rdz_dev", 8001)
    assert settings.backend_url == "http://127.0.0.1:8001"
    assert settings.embedded_mongo
    for entity in settings.entity.values():
        assert (entity.smtp_host, entity.smtp_port, entity.smtp_security) == ("127.0.0.1", 8025, "none")


def test_what_is_set_wins_and_options_win_over_it() -> None:
    own = {"PORT": "9001", "DB_NAME": "mine", "MAILCATCHER_PORT": "9025"}
    values = given(own, {"PORT": "9100"}, SECRET)
    settings = load({**own, **values})
    assert (settings.port, settings.db_name, settings.backend_url) == (9100, "mine", "http://127.0.0.1:9100")
    assert settings.entity["MDL"].smtp_port == 9025


def test_a_real_mailbox_is_left_alone() -> None:
    own = {"ZR7_SMTP_HOST": "ssl0.ovh.net"}
    values = given(own, {}, SECRET)
    assert "ZR7_SMTP_PORT" not in values and values["MDL_SMTP_HOST"] == "127.0.0.1"


def test_production_is_given_nothing() -> None:
    assert given({"APP_ENV": "production"}, {}, SECRET) == {}


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path)
    assert kept_secret(tmp_path) == secret and len(secret) == 64
    assert stat.S_IMODE((tmp_path / "jwt_secret").stat().st_mode) == 0o600


def test_what_was_typed_before_make_run_is_known_to_the_next_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise `rdz run-job` would act on the base of another copy."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONGO_PORT", "27217")
    monkeypatch.setenv("MDL_SMTP_PASSWORD", "l'été \\ d'avant")
    file = tmp_path / "up.env"
    file.write_text(as_file(typed()))
    told = dotenv_values(file)
    assert (told["MONGO_PORT"], told["MDL_SMTP_PASSWORD"]) == ("27217", "l'été \\ d'avant")
    assert "PATH" not in told
