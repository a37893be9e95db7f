"""A copy of the repository in a directory of its own, and what an operator types there."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.mongod import free_port

ROOT = Path(__file__).resolve().parents[2]
_BIN = Path(sysconfig.get_path("scripts"))


class House:
    """The directory, its free ports, and an environment that says nothing of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.web_port = free_port(), free_port()
        self.mongo_port, self.smtp_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            "PATH": os.pathsep.join([str(_BIN), os.environ.get("PATH", os.defpath)]),
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONPATH": str(folder),  # the copy, not the repository this test runs from
        }

    def run(self, *words: str, text: str = "", timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """What `words` answer, typed in the directory with `text` on their input."""
        return subprocess.run(
            words,
            cwd=self.folder,
            env=self.env,
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    @property
    def up_command(self) -> list[str]:
        ports = {
            "--port": self.port,
            "--web-port": self.web_port,
            "--mongo-port": self.mongo_port,
            "--smtp-port": self.smtp_port,
        }
        return ["rdz", "up", *(str(word) for pair in ports.items() for word in pair)]

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[bytes]]:
        """`rdz up` until the end of the block; ended by SIGTERM, waited for."""
        with (
            (self.folder / "up.out").open("wb") as out,
            subprocess.Popen(self.up_command, cwd=self.folder, env=self.env, stdout=out, stderr=out) as process,
        ):
            try:
                self.wait(lambda: "est prêt" in self.said() or process.poll() is not None, 300)
                assert process.poll() is None, self.said()
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)

    def said(self) -> str:
        return (self.folder / "up.out").read_text(errors="replace")

    def healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def wait(self, until: object, seconds: float) -> None:
        """Until the callable `until` is true."""
        assert callable(until)
        give_up = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < give_up, self.said()
            time.sleep(0.1)

    def listening(self) -> list[int]:
        """Which of our ports still answer."""
        return [port for port in (self.port, self.web_port, self.mongo_port, self.smtp_port) if _answers(port)]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """A copy of what is versioned (and of what is about to be) in `folder`, with the built dashboard."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    for compiled in (ROOT / "backend").rglob("__pycache__"):  # the same files: no process compiles them again
        shutil.copytree(compiled, folder / compiled.relative_to(ROOT), dirs_exist_ok=True)
    if (ROOT / "frontend/dist").is_dir():
        shutil.copytree(ROOT / "frontend/dist", folder / "frontend/dist")
    yield House(folder)
