"""Who this process is, and what was built."""

from __future__ import annotations

import os
import socket
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from backend.core.ids import new_id

_ROOT = Path(__file__).resolve().parents[2]
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identity:
    """One life of one process."""

    host: str = field(default_factory=socket.gethostname)
    pid: int = field(default_factory=os.getpid)
    boot_id: str = field(default_factory=new_id)

    @property
    def instance(self) -> str:
        return f"{self.host}-{self.pid}-{self.boot_id[:8]}"


@dataclass(frozen=True, slots=True)
class Build:
    """What runs. `GIT_SHA` and `BUILD_DATE`, files beside the package, win over the repository."""

    git_sha: str
    build_date: str


@cache
def build() -> Build:
    """Read once; blocking, for a thread."""
    return Build(
        git_sha=_file("GIT_SHA") or _git("rev-parse", "HEAD"),
        build_date=_file("BUILD_DATE") or _git("log", "-1", "--format=%cI"),
    )


def _file(name: str) -> str:
    path = _ROOT / name
    return path.read_text().strip()[:60] if path.is_file() else ""


def _git(*command: str) -> str:
    try:
        told = subprocess.run(  # noqa: S603
            ["git", *command],  # noqa: S607
            cwd=_ROOT,
            capture_output=True,
            text=True,
            timeout=3,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return _UNKNOWN
    return told.stdout.strip() or _UNKNOWN
