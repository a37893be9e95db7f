"""supervisord, started and stopped as one thing."""

from __future__ import annotations

import signal
import socket
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from backend.settings import Settings, for_children

_STOP_S = 220  # worker 70 s when split, backend 70 s, mongodb 60 s, mailcatcher 10 s: see supervisord.conf
_BIN = Path(sysconfig.get_path("scripts"))


class Supervisor:
    """The supervisord of the directory `root`."""

    def __init__(self, root: Path, config: str = "supervisord.conf") -> None:
        self._root = root
        self._config = config
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, extra: Mapping[str, str]) -> None:
        """In a session of its own: a Ctrl-C reaches `rdz up` alone, which then stops everything in order."""
        self._process = subprocess.Popen(
            [_BIN / "supervisord", "-n", "-s", "-c", self._config],
            cwd=self._root,
            env=for_children(extra),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self) -> int:
        return self._process.wait() if self._process else 0

    def stop(self) -> None:
        """Stop every program, then supervisord itself."""
        if self._process is None or not self.running:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, *words: str) -> str:
        """What `supervisorctl` answers, here."""
        command = [str(_BIN / "supervisorctl"), "-c", self._config, *words]
        done = subprocess.run(command, cwd=self._root, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout + done.stderr

    def gave_up_on(self, program: str) -> bool:
        return "FATAL" in self.ask("status", program)


def already_up(root: Path) -> bool:
    """True when a supervisord answers on the socket of `root`."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(root / "var" / "supervisor.sock"))
        except OSError:
            return False
        return True


def busy_ports(settings: Settings) -> dict[str, int]:
    """Variable -> port, of those this machine already uses."""
    wanted = {"PORT": settings.port, "FRONTEND_PORT": settings.frontend_port}
    if settings.embedded_mongo:
        wanted["MONGO_PORT"] = settings.mongo_port
    if not settings.production:
        wanted["MAILCATCHER_PORT"] = settings.mailcatcher_port
    return {name: port for name, port in wanted.items() if _busy(port)}


def _busy(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False
