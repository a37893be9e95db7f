"""A base of a test's own that can be killed, started again, and told to fail: its `mongod` obeys test commands."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from backend import bootstrap
from backend.core import mongod
from backend.server import create_app
from backend.settings import load
from tests.conftest import WEDNESDAY
from tests.support.mongod import free_port, ready
from tests.support.outbox import eventually
from tests.support.trade import Trade


class OwnMongod:
    """One `mongod`, its data kept from one life to the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = mongod.url(self.port)

    def start(self) -> None:
        command = [*mongod.arguments(self._folder / "db", self.port), "--setParameter", "enableTestCommands=1"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        assert ready(self._process, self.port), "mongod ended"

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def own_mongod() -> Iterator[OwnMongod]:
    fast = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="rdz-test-", dir=fast if fast.is_dir() else None))
    one = OwnMongod(folder)
    try:
        one.start()
        yield one
    finally:
        one.kill()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class House:
    """The real parts on that base; `environ` is for processes that work on it too."""

    trade: Trade
    environ: dict[str, str]

    async def fail(self, *commands: str, times: int) -> None:
        """The next `times` of these commands lose their connection."""
        await self._admin(
            "configureFailPoint", "failCommand", mode={"times": times},
            data={"failCommands": list(commands), "closeConnection": True},
        )  # fmt: skip

    async def behave(self) -> None:
        await self._admin("configureFailPoint", "failCommand", mode="off")

    async def transactions_live(self, seconds: int) -> None:
        await self._admin("setParameter", 1, transactionLifetimeLimitSeconds=seconds)

    async def _admin(self, command: str, value: Any, **given: Any) -> None:
        """Said until heard: a command is not retried by the driver, and its pool may just have been emptied."""

        async def said() -> bool:
            await self.trade.parts.mongo.client.admin.command(command, value, **given)
            return True

        await eventually(said)


@asynccontextmanager
async def house_on(url: str, environ: dict[str, str]) -> AsyncIterator[House]:
    """An empty house on the base at `url`, Wednesday 10:00."""
    own = {**environ, "MONGO_URL": url, "DB_NAME": "rdz_faults"}
    parts = bootstrap.build(load(own))
    await parts.mongo.client.drop_database("rdz_faults")
    await bootstrap.start(parts)
    await parts.clock.move_to(parts.mongo, WEDNESDAY)
    transport = httpx.ASGITransport(create_app(parts=parts), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
        yield House(Trade(parts, http), own)
    await bootstrap.stop(parts)
