"""A real `mongod` replica set for the tests, in memory-backed storage when the machine has it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.core import mongod


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_mongod() -> Iterator[str]:
    """Start one, yield its URL, end it by its process id and remove its data."""
    fast = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="rdz-test-", dir=fast if fast.is_dir() else None))
    port = free_port()
    with subprocess.Popen(mongod.arguments(folder / "db", port), stdout=subprocess.DEVNULL) as process:
        try:
            mongod.initiate(port)
            yield mongod.url(port)
        finally:
            process.kill()
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)
