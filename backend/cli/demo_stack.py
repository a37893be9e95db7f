"""What the demonstration runs on: what `make run` has started, or processes of its own on free ports."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from backend.cli.given import given, kept_secret
from backend.cli.processes import wait_for_base
from backend.cli.supervision import already_up
from backend.cli.terminal import refuse
from backend.settings import Settings, alone, load

_HEALTHY_WITHIN_S = 120
_RDZ = str(Path(sysconfig.get_path("scripts")) / "rdz")


@dataclass(frozen=True, slots=True)
class Stack:
    """Where the API answers, on which base, where the mail catcher keeps its messages."""

    url: str
    settings: Settings
    mail: Path
    own: bool


def running_stack() -> Stack | None:
    """What `make run` has started from this directory."""
    if not already_up(Path.cwd()):
        return None
    settings = load()
    return Stack(f"http://127.0.0.1:{settings.port}", settings, Path("var/mail"), own=False)


@contextmanager
def own_stack(folder: Path) -> Iterator[Stack]:
    """A base, a mail catcher and a server of our own under `folder`, on free ports; all ended afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("var/log", "var/mail"):
        (folder / name).mkdir(parents=True)
    ports = {name: str(_free_port()) for name in ("PORT", "MONGO_PORT", "MAILCATCHER_PORT")}
    env = {
        **given({}, ports, kept_secret(folder)),
        "DB_NAME": "rdz_demo",
        "RUN_WORKER": "true",
        "RUN_SCHEDULER": "true",
    }
    settings = load(env)
    with ExitStack() as running:
        running.enter_context(_process("mongod", folder, env))
        running.enter_context(_process("mailcatcher", folder, env))
        wait_for_base(settings)
        running.enter_context(_process("serve", folder, env))
        url = f"http://127.0.0.1:{settings.port}"
        _wait_healthy(url, folder)
        yield Stack(url, settings, folder / "var/mail", own=True)


@contextmanager
def _process(name: str, folder: Path, env: dict[str, str]) -> Iterator[None]:
    """`rdz NAME` in `folder`, its output kept there, ended by its own id."""
    with (folder / "var/log" / f"{name}.log").open("wb") as output:
        process = subprocess.Popen(
            [_RDZ, name],
            cwd=folder,
            env=alone(env),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(75)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_healthy(url: str, folder: Path) -> None:
    give_up = time.monotonic() + _HEALTHY_WITHIN_S
    while not _healthy(url):
        if time.monotonic() > give_up:
            refuse(f"Le serveur de démonstration ne répond pas. Voyez {folder}/var/log/serve.log.")
        time.sleep(0.2)


def _healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
