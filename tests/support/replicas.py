"""A replica set of three `mongod` on loopback, whose primary can be killed and started again."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from backend.core import mongod
from tests.support.mongod import free_ports

NODES = 3
READY_AT_MOST = 90.0  # seconds


class Replicas:
    """`election_ms`: silence of a primary after which another is elected (MongoDB's own default is 10 s)."""

    def __init__(self, folder: Path, election_ms: int) -> None:
        self._folder = folder
        self._election_ms = election_ms
        self._ports = free_ports(NODES)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        self.url = f"mongodb://{hosts}/?replicaSet={mongod.REPLICA_SET}"

    def start(self) -> None:
        for port in self._ports:
            self._launch(port)
        _until(lambda: all(_hello(port) for port in self._ports), "a mongod did not answer")
        members = [{"_id": n, "host": f"127.0.0.1:{port}"} for n, port in enumerate(self._ports)]
        settings = {"electionTimeoutMillis": self._election_ms, "heartbeatIntervalMillis": 500}
        config = {"_id": mongod.REPLICA_SET, "version": 1, "members": members, "settings": settings}
        with _direct(self._ports[0]) as client:
            client.admin.command("replSetInitiate", config)
        self.whole()

    def whole(self) -> None:
        """Wait for one primary and two secondaries."""
        _until(lambda: sorted(map(_role, self._ports)) == ["primary", "secondary", "secondary"], "no whole set")

    def primary(self) -> int:
        """The port of the primary."""
        found: list[int] = []

        def elected() -> bool:
            found[:] = [port for port in self._processes if _role(port) == "primary"]
            return len(found) == 1

        _until(elected, "no primary")
        return found[0]

    async def kill_primary(self) -> int:
        """`kill -9`, and wait until another was elected; the port of the dead."""
        dead = await asyncio.to_thread(self.primary)
        await asyncio.to_thread(self._kill, dead)
        await asyncio.to_thread(self.primary)
        return dead

    async def back(self, port: int) -> None:
        """Start a killed node again; it catches up as a secondary."""
        self._launch(port)
        await asyncio.to_thread(self.whole)

    def stop(self) -> None:
        for port in list(self._processes):
            self._kill(port)

    def _launch(self, port: int) -> None:
        command = mongod.arguments(self._folder / str(port), port, cache_gb=0.25)
        self._processes[port] = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def _kill(self, port: int) -> None:
        process = self._processes.pop(port)
        process.kill()
        process.wait()


@contextmanager
def replicas(election_ms: int) -> Iterator[Replicas]:
    fast = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="rdz-test-", dir=fast if fast.is_dir() else None))
    three = Replicas(folder, election_ms)
    try:
        three.start()
        yield three
    finally:
        three.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _until(there: Any, otherwise: str) -> None:
    give_up = time.monotonic() + READY_AT_MOST
    while not there():
        if time.monotonic() > give_up:
            raise TimeoutError(otherwise)
        time.sleep(0.05)


def _direct(port: int) -> MongoClient[dict[str, Any]]:
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    return MongoClient(url, serverSelectionTimeoutMS=1_000, connectTimeoutMS=1_000, socketTimeoutMS=5_000)


def _hello(port: int) -> dict[str, Any]:
    """What the node says of itself; nothing when it does not answer."""
    try:
        with _direct(port) as client:
            return dict(client.admin.command("hello"))
    except PyMongoError:
        return {}


def _role(port: int) -> str:
    said = _hello(port)
    return "primary" if said.get("isWritablePrimary") else "secondary" if said.get("secondary") else ""
