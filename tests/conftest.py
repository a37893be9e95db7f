"""The ground of the tests: one `mongod` per run, one base per test process, emptied before each test.

Business time is Wednesday 2026-03-11 10:00 Paris unless a test moves the clock.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings

from backend import bootstrap
from backend.core.mongo import Doc
from backend.server import create_app
from backend.settings import Settings, load
from tests.support.commands import CommandLog
from tests.support.mongod import running_mongod
from tests.support.trade import Trade

hypothesis_settings.register_profile("house", deadline=None)  # speed lives in benchmarks/
hypothesis_settings.load_profile("house")
WEDNESDAY = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)  # 10:00 Paris


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = Path(str(item.fspath)).parent.name
        if folder in {"unit", "architecture"}:
            item.add_marker(pytest.mark.nodb)
        if folder == "faults" and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300))  # processes start slowly on a busy machine


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "nodb: needs no database")
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        config.stash[_SHARED] = running_mongod()
        os.environ["RDZ_TEST_MONGO"] = config.stash[_SHARED].__enter__()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _SHARED in config.stash:
        config.stash[_SHARED].__exit__(None, None, None)


_SHARED: pytest.StashKey = pytest.StashKey()  # type: ignore[type-arg]


@pytest.fixture(scope="session")
def mongo_url() -> Iterator[str]:
    shared = os.environ.get("RDZ_TEST_MONGO")
    if shared:
        yield shared
        return
    with running_mongod() as url:
        yield url


@pytest.fixture(scope="session")
def environ(mongo_url: str, worker_id: str) -> dict[str, str]:
    """The environment of a process under test; multi-process tests hand it to what they start."""
    return {
        "APP_ENV": "test",
        "MONGO_URL": mongo_url,
        "DB_NAME": f"rdz_test_{worker_id}",
        "BACKEND_URL": "http://127.0.0.1:8001",
        "JWT_SECRET": "for-tests-only-0123456789-0123456789-abc",
        "LOG_LEVEL": "WARNING",
    }


@pytest.fixture(scope="session")
def settings(environ: dict[str, str]) -> Settings:
    return load(environ)


@pytest.fixture(scope="session")
def commands() -> CommandLog:
    return CommandLog()


@pytest_asyncio.fixture(scope="session")
async def started(settings: Settings, commands: CommandLog) -> AsyncIterator[bootstrap.Parts]:
    parts = bootstrap.build(settings, [commands])
    await parts.mongo.client.drop_database(settings.db_name)
    await bootstrap.start(parts)
    yield parts
    await parts.mongo.client.drop_database(settings.db_name)
    await bootstrap.stop(parts)


async def _filled(started: bootstrap.Parts) -> list[str]:
    """The collections that hold something, in one question: emptying all sixty costs as much as a test."""
    count: Doc = {"$collStats": {"count": {}}}
    first, *others = await started.mongo.db.list_collection_names()
    united = [{"$unionWith": {"coll": one, "pipeline": [count]}} for one in others]
    told = started.mongo.collection(first).aggregate([count, *united])
    return [doc["ns"].partition(".")[2] async for doc in told if doc["count"]]


@pytest_asyncio.fixture
async def parts(started: bootstrap.Parts) -> bootstrap.Parts:
    """The real parts on an empty base, the clock on Wednesday 10:00 Paris."""
    names = await _filled(started)
    await asyncio.gather(*(started.mongo.collection(name).delete_many({}) for name in names))
    await started.clock.move_to(started.mongo, WEDNESDAY)
    started.parametres.forget()
    started.accounts.forget()
    started.intake.forget()
    return started


@pytest.fixture(scope="session")
def app(started: bootstrap.Parts) -> FastAPI:
    """One for all: FastAPI works out a route at its first request, which costs more than most tests."""
    return create_app(parts=started)


@pytest_asyncio.fixture
async def http(parts: bootstrap.Parts, app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous HTTP client on the application."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


@pytest_asyncio.fixture
async def trade(parts: bootstrap.Parts, http: httpx.AsyncClient) -> Trade:
    return Trade(parts, http)
