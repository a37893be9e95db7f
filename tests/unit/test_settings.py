"""Settings: what is refused, and that one message says everything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from backend import settings as module
from backend.settings import BadSettings, load

DEVELOPMENT = {
    "APP_ENV": "development",
    "BACKEND_URL": "http://127.0.0.1:8001",
    "DB_NAME": "rdz_dev",
    "JWT_SECRET": "0f" * 20,
}
PRODUCTION = {
    **DEVELOPMENT,
    "APP_ENV": "production",
    "BACKEND_URL": "https://crm.rdz-group.fr",
    "MONGO_URL": "mongodb://base.interne:27017/?replicaSet=rs0",
    "DB_NAME": "rdz_production",
    "SECRETS_KEY": "1e" * 20,
    "CORS_ORIGINS": "https://crm.rdz-group.fr,https://formulaires.rdz-group.fr",
    "ZR7_SMTP_PASSWORD": "un mot",
    "MDL_SMTP_PASSWORD": "un autre",
    "ZR7_CONSENT_MODE": "record",
    "MDL_CONSENT_MODE": "require",
}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as caught:
        load(environ)
    return str(caught.value)


def test_development_needs_four_variables_and_gets_the_defaults() -> None:
    settings = load(DEVELOPMENT)
    assert settings.port == 8001
    assert settings.embedded_mongo and settings.mongo_url == "mongodb://127.0.0.1:27117/?replicaSet=rs0"
    assert (settings.run_worker, settings.run_scheduler) == (False, False)
    assert settings.jwt_expires_in == timedelta(minutes=15)
    assert settings.refresh_token_expires_in == timedelta(days=7)
    assert settings.entities == ["ZR7", "MDL"]
    assert settings.entity["ZR7"].smtp_user == "vos-leads@zr7-digital.fr"
    assert settings.entity["MDL"].smtp_user == "livraisonleads@maisonduleads.fr"
    assert (settings.entity["MDL"].smtp_host, settings.entity["MDL"].smtp_port) == ("ssl0.ovh.net", 465)


@pytest.mark.parametrize("name", ["APP_ENV", "BACKEND_URL", "DB_NAME", "JWT_SECRET"])
@pytest.mark.parametrize("environ", [DEVELOPMENT, PRODUCTION], ids=["development", "production"])
def test_these_have_no_default_anywhere(environ: dict[str, str], name: str) -> None:
    assert f"  {name} : " in refusal({**environ, name: ""})


def test_production_starts_when_everything_is_said() -> None:
    settings = load(PRODUCTION)
    assert settings.production and settings.https and not settings.embedded_mongo
    assert settings.entity["MDL"].consent_mode == "require"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JWT_SECRET", "changeme-changeme-changeme-changeme"),
        ("JWT_SECRET", "0f" * 15),
        ("SECRETS_KEY", ""),
        ("SECRETS_KEY", "1e" * 15),
        ("SECRETS_KEY", "0f" * 20),
        ("SECRETS_KEY", "changeme-changeme-changeme-changeme"),
        ("SECRETS_KEY_OLD", "trop court"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://crm.rdz-group.fr, *"),
        ("MONGO_URL", ""),
        ("MONGO_URL", "base.interne:27017"),
        ("ZR7_CONSENT_MODE", ""),
        ("MDL_CONSENT_MODE", "perhaps"),
        ("MDL_SMTP_PASSWORD", ""),
        ("ZR7_SMTP_SECURITY", "none"),
        ("ZR7_API_URL", "http://crm.zr7-digital.fr/leads"),
        ("MDL_API_URL", "https://127.0.0.1/leads"),
        ("BACKEND_URL", "crm.rdz-group.fr"),
        ("DB_NAME", "rdz production"),
        ("PORT", "quatre-vingts"),
        ("PORT", "70000"),
        ("JWT_EXPIRES_IN", "15"),
        ("JWT_EXPIRES_IN", "0m"),
        ("RUN_WORKER", "peut-être"),
        ("LOG_LEVEL", "BAVARD"),
        ("CRASH_AT", "after_claim"),
        ("APP_ENV", "staging"),
        ("ENTITIES", ","),
    ],
)
def test_production_refuses(name: str, value: str) -> None:
    assert f"  {name} : " in refusal({**PRODUCTION, name: value})


def test_a_point_of_death_is_a_known_one() -> None:
    assert load({**DEVELOPMENT, "CRASH_AT": "after_journal:3"}).crash_at == "after_journal:3"
    for wrong in ("nowhere", "after_journal:0", "after_journal:x"):
        assert "  CRASH_AT : " in refusal({**DEVELOPMENT, "CRASH_AT": wrong})


def test_no_password_is_needed_towards_a_relay_on_the_same_machine() -> None:
    relay = {"ZR7_SMTP_PASSWORD": "", "ZR7_SMTP_HOST": "127.0.0.1", "ZR7_SMTP_SECURITY": "none"}
    assert load({**PRODUCTION, **relay}).entity["ZR7"].smtp_security == "none"


def test_another_company_brings_its_own_mailbox() -> None:
    text = refusal({**DEVELOPMENT, "ENTITIES": "ZR7,NEW", "NEW_SMTP_PORT": "x"})
    assert "  NEW_SMTP_PORT : " in text and "MDL" not in text


def test_one_message_lists_every_problem_and_no_secret() -> None:
    text = refusal(
        {"APP_ENV": "production", "JWT_SECRET": "changeme", "CORS_ORIGINS": "*", "ZR7_SMTP_PASSWORD": "s3kr1t"}
    )
    names = (
        "JWT_SECRET",
        "CORS_ORIGINS",
        "MONGO_URL",
        "DB_NAME",
        "BACKEND_URL",
        "ZR7_CONSENT_MODE",
        "MDL_SMTP_PASSWORD",
    )
    for name in names:
        assert f"  {name} : " in text
    assert "changeme" not in text and "s3kr1t" not in text


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(load(PRODUCTION))
    assert PRODUCTION["JWT_SECRET"] not in shown and "un autre" not in shown


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, and an environment without any variable of ours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("backend.settings.os.environ", {"DB_NAME": "from_environment"})
    (tmp_path / "var").mkdir()
    return tmp_path


def test_the_environment_wins_over_the_file(directory: Path) -> None:
    (directory / ".env").write_text("DB_NAME=from_file\nPORT=9000\n")
    env = module.surroundings()
    assert (env["DB_NAME"], env["PORT"]) == ("from_environment", "9000")


def test_what_rdz_up_gives_comes_last(directory: Path) -> None:
    (directory / ".env").write_text("PORT=9000\n")
    (directory / module.UP_FILE).write_text("APP_ENV=development\nDB_NAME=rdz_dev\nPORT=8001\nMONGO_PORT=5\n")
    env = module.surroundings()
    assert (env["APP_ENV"], env["DB_NAME"], env["PORT"], env["MONGO_PORT"]) == (
        "development",
        "from_environment",
        "9000",
        "5",
    )


def test_what_rdz_up_gives_is_not_for_production(directory: Path) -> None:
    (directory / ".env").write_text("APP_ENV=production\n")
    (directory / module.UP_FILE).write_text("APP_ENV=development\nJWT_SECRET=dev\n")
    assert "JWT_SECRET" not in module.surroundings()
