"""What is declared in two places agrees: settings and `.env.example`, outbox kinds and their handlers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from backend import bootstrap, tables
from backend.core.indexes import merged
from backend.server import create_app
from backend.settings import EntitySettings, Settings, load
from tests.architecture.source import ROOT, Source, sources
from tests.support.surface import surfaces

ENTITIES = ("ZR7", "MDL")


@pytest.fixture(scope="module")
def settings() -> Settings:
    environ = {
        "APP_ENV": "test",
        "BACKEND_URL": "http://127.0.0.1:8001",
        "DB_NAME": "never_reached",
        "JWT_SECRET": "for-tests-only-0123456789-0123456789-abc",
    }
    return load(environ)


def declared_settings() -> set[str]:
    own = {name.upper() for name in Settings.model_fields if name != "entity"}
    per_entity = {name.upper() for name in EntitySettings.model_fields if name != "code"}
    return own | {f"{entity}_{name}" for entity in ENTITIES for name in per_entity}


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    shown = [match[1] for line in lines if (match := re.match(r"^(?:# )?([A-Z][A-Z0-9_]+)=", line))]
    assert sorted(shown) == sorted(declared_settings())


def test_the_example_holds_no_secret_and_changes_nothing() -> None:
    """Copied as it is, it leaves every default alone: what it gives is empty."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    given = [line for line in lines if line and not line.startswith("#") and not line.endswith("=")]
    assert given == []


def test_every_default_shown_is_the_real_one(settings: Settings) -> None:
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^# ([A-Z][A-Z0-9_]+)=(.+)$", text, re.MULTILINE))
    environ = {"APP_ENV": "test", "BACKEND_URL": "http://127.0.0.1:8001", "DB_NAME": "never_reached"}
    again = load({**shown, **environ, "JWT_SECRET": settings.jwt_secret.get_secret_value()})
    assert again == settings


def test_every_kind_put_in_the_outbox_has_its_one_handler(settings: Settings) -> None:
    """`register` refuses a second handler; this finds the kinds that have none, and handlers of nothing."""
    used = {kind for one in sources() for kind in _kinds(one)}
    assert used == set(bootstrap.build(settings).outbox.kinds)


def _kinds(one: Source) -> Iterator[str]:
    for call in one.calls():
        name = ast.unparse(call.func).split(".")[-1]
        if name == "put_task" and len(call.args) > 1:
            yield from _literal(call.args[1])
        if "NewRow" in one.text and one.folder != "outbox":
            for keyword in call.keywords:
                if keyword.arg == "kind":
                    yield from _literal(keyword.value)


def _literal(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


def test_every_store_has_its_indexes_applied_at_start() -> None:
    declared = {
        f"backend.{one.folder}.store" for one in sources() if one.room == "store" and "\nINDEXES" in f"\n{one.text}"
    }
    stores = {f"backend.{one.folder}.store" for one in sources() if one.room == "store"}
    assert stores == declared, "each store declares INDEXES"
    names = {name for block in tables.INDEXES for name in block}
    for module in sorted(declared):
        own = __import__(module, fromlist=["INDEXES"]).INDEXES
        assert set(own) <= names, f"{module}.INDEXES is not in tables.INDEXES"
    merged(tables.INDEXES)


def test_every_route_says_in_french_what_it_does(settings: Settings) -> None:
    document = create_app(settings).openapi()
    silent = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not operation.get("summary") or re.fullmatch(r"([A-Z][a-z0-9]*)( [A-Z][a-z0-9]*)+", operation["summary"])
    ]
    assert silent == []


def test_nothing_of_a_route_runs_in_a_thread(settings: Settings) -> None:
    """FastAPI sends plain functions there: it costs more than what ours do, and a burst waits for a free thread."""
    assert {name for one in surfaces(create_app(settings)) for name in one.plain} == set()
