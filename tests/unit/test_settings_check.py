"""The checklist before a deployment, on settings alone."""

from __future__ import annotations

import pytest

from backend.cli.preflight import settings_findings
from backend.settings import load
from tests.unit.test_settings import DEVELOPMENT, PRODUCTION


def states(environ: dict[str, str]) -> dict[str, str]:
    return {one.name: one.state for one in settings_findings(load(environ))}


def test_a_right_production_is_green() -> None:
    assert set(states(PRODUCTION).values()) == {"ok"}


def test_development_is_green_but_for_an_open_cors() -> None:
    assert set(states(DEVELOPMENT).values()) == {"ok"}
    assert states({**DEVELOPMENT, "CORS_ORIGINS": "*"})["CORS"] == "warn"


@pytest.mark.parametrize(
    ("name", "value", "finding", "state"),
    [
        ("DB_NAME", "test_database", "base", "warn"),
        ("DB_NAME", "rdz_dev", "base", "warn"),
        ("MONGO_URL", "mongodb://127.0.0.1:27117/?replicaSet=rs0", "base", "warn"),
        ("BACKEND_URL", "http://crm.rdz-group.fr", "adresse", "bad"),
        ("CORS_ORIGINS", "", "CORS", "warn"),
    ],
)
def test_a_production_to_look_at(name: str, value: str, finding: str, state: str) -> None:
    assert states({**PRODUCTION, name: value})[finding] == state


def test_the_password_of_the_base_is_never_shown() -> None:
    url = "mongodb://rdz:un-secret@base.interne:27017,autre:27017/?replicaSet=rs0"
    shown = " ".join(one.text for one in settings_findings(load({**PRODUCTION, "MONGO_URL": url})))
    assert "base.interne:27017,autre:27017" in shown and "un-secret" not in shown
