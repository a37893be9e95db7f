"""A daily run in a process of its own, to be killed: `python -m tests.support.runner`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta

from backend import bootstrap
from backend.bootstrap import Parts
from backend.jobs.service import JobsService
from backend.jobs.store import JobsStore
from backend.settings import load

LEASE = timedelta(seconds=2)


def quick_jobs(parts: Parts, owner: str) -> JobsService:
    """The same jobs on the same base, with a short lease."""
    return JobsService(
        parts.mongo, JobsStore(parts.mongo), parts.audit, parts.clock, owner, parts.jobs.jobs, lease=LEASE
    )


def runner_process(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start one that asks for a daily run and does it."""
    command = [sys.executable, "-m", "tests.support.runner"]
    return subprocess.Popen(command, env={**os.environ, **environ})


async def main() -> None:
    parts = bootstrap.build(load())
    await bootstrap.start(parts)
    await quick_jobs(parts, f"runner-{os.getpid()}").run_and_wait("daily_delivery", "test")
    await bootstrap.stop(parts)


if __name__ == "__main__":
    asyncio.run(main())
