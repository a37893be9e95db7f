"""Workers in processes of their own, to be killed: forked from a server that has imported everything already."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess

import uvicorn

from backend import bootstrap
from backend.bootstrap import Parts
from backend.jobs.scheduler import Scheduler
from backend.outbox.relay import Pace, Relay
from backend.server import create_app
from backend.settings import load
from tests.support.jobs import Probe, own_jobs, quick_jobs

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.roles"])
LEASE = timedelta(seconds=1.5)
CALM = timedelta(seconds=30)
"""The lease of those whom nobody kills: a busy machine may make them wait, it must not make them lose their rows."""
KILLED = -signal.SIGKILL


@contextmanager
def processes() -> Iterator[list[BaseProcess]]:
    """What is started through this list is ended with the test."""
    started: list[BaseProcess] = []
    try:
        yield started
    finally:
        for one in started:
            if one.is_alive():
                one.kill()
        for one in started:
            one.join(30)


def relay(environ: Mapping[str, str], *, crash_at: str = "", at_once: int = 4, lease: timedelta = LEASE) -> BaseProcess:
    """Start a worker that sends what is in line; `crash_at` kills it at that point."""
    given = {**environ, "CRASH_AT": crash_at}
    process = _CONTEXT.Process(target=_run_relay, args=(given, pace(at_once, lease)), daemon=True)
    process.start()
    return process


def runner(environ: Mapping[str, str], *, crash_at: str = "") -> BaseProcess:
    """Start a process that runs the due slot of the job `probe`."""
    process = _CONTEXT.Process(target=_run_probe, args=({**environ, "CRASH_AT": crash_at},), daemon=True)
    process.start()
    return process


def scheduler(environ: Mapping[str, str]) -> BaseProcess:
    """Start a process that does the daily runs that are due, or left by another."""
    process = _CONTEXT.Process(target=_run_scheduler, args=({**environ, "CRASH_AT": ""},), daemon=True)
    process.start()
    return process


def server(environ: Mapping[str, str], port: int, *, crash_at: str = "") -> BaseProcess:
    """Start a server on `port` that only answers."""
    given = {**environ, "CRASH_AT": crash_at, "RUN_WORKER": "false", "RUN_SCHEDULER": "false"}
    process = _CONTEXT.Process(target=_run_server, args=(given, port), daemon=True)
    process.start()
    return process


def pace(at_once: int = 4, lease: timedelta = LEASE) -> Pace:
    quick = timedelta(milliseconds=50)
    return Pace(lease=lease, poll=quick, sweep=quick * 2, at_once=at_once, per_channel=at_once)


def _run_relay(environ: Mapping[str, str], how: Pace) -> None:
    asyncio.run(_relay(environ, how))


async def _relay(environ: Mapping[str, str], how: Pace) -> None:
    parts = await _parts(environ)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    name = environ["CRASH_AT"].partition(":")[0] or "worker"
    running = Relay(parts.outbox, f"{name}-{os.getpid()}", how)
    running.start()
    await stopped.wait()
    await running.stop()
    await bootstrap.stop(parts)


def _run_probe(environ: Mapping[str, str]) -> None:
    asyncio.run(_probe(environ))


async def _probe(environ: Mapping[str, str]) -> None:
    """Run what is due until nothing runs any more."""
    parts = await _parts(environ)
    jobs = own_jobs(parts, Probe(parts), lease=LEASE, owner=f"runner-{os.getpid()}")
    while True:
        await jobs.run_due("probe")
        await asyncio.sleep(0.05)


def _run_scheduler(environ: Mapping[str, str]) -> None:
    asyncio.run(_schedule(environ))


async def _schedule(environ: Mapping[str, str]) -> None:
    parts = await _parts(environ)
    Scheduler(quick_jobs(parts, f"scheduler-{os.getpid()}"), timedelta(milliseconds=200)).start()
    await asyncio.Event().wait()


def _run_server(environ: Mapping[str, str], port: int) -> None:
    uvicorn.run(create_app(load(environ)), host="127.0.0.1", port=port, log_config=None)


async def _parts(environ: Mapping[str, str]) -> Parts:
    """The real parts; the base is known to be ready."""
    parts = bootstrap.build(load(environ))
    await parts.clock.refresh(parts.mongo)
    return parts
