"""A real `mongod` replica set for the tests, in memory-backed storage when the machine has it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom

from backend.core import mongod

_LOWEST = 15_000
_PATIENCE = 24  # times five seconds
_TRIES = 3
_CHANCE = SystemRandom()
_given: set[int] = set()


def free_ports(number: int) -> list[int]:
    """That many, all different, none given twice by this process.

    Below the range that the system gives to outgoing connections: none of them can take a port between its choice and
    its use, nor while what listens there is dead for a moment.
    """
    ports: list[int] = []
    while len(ports) < number:
        port = _CHANCE.randrange(_LOWEST, _outgoing())
        if port not in _given and _free(port):
            _given.add(port)
            ports.append(port)
    return ports


def free_port() -> int:
    return free_ports(1)[0]


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _outgoing() -> int:
    """The first port that the system may give to an outgoing connection."""
    told = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(told.read_text().split()[0]) if told.exists() else 32_768
    return first if first > _LOWEST + 1_000 else 65_536


def ready(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the `mongod` on `port` is primary; False when it ended instead (somebody took its port)."""
    for _ in range(_PATIENCE):
        if process.poll() is not None:
            return False
        with suppress(TimeoutError):
            mongod.initiate(port, wait_s=5)
            return True
    raise TimeoutError(f"mongod on port {port} is not primary after {5 * _PATIENCE} s")


@contextmanager
def running_mongod() -> Iterator[str]:
    """Start one, yield its URL, end it by its process id and remove its data."""
    fast = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="rdz-test-", dir=fast if fast.is_dir() else None))
    try:
        for attempt in range(_TRIES):
            port = free_port()
            command = mongod.arguments(folder / f"db{attempt}", port)
            with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
                try:
                    if ready(process, port):
                        yield mongod.url(port)
                        return
                finally:
                    process.kill()
                    process.wait()
        raise RuntimeError(f"mongod ended {_TRIES} times before it was ready")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
