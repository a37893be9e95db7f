"""The work without HTTP: sends what is in line, runs what is due. `python -m backend.worker`, or `rdz worker`."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta

from pymongo.errors import PyMongoError

from backend import bootstrap
from backend.core import log
from backend.core.errors import Unavailable
from backend.jobs.scheduler import Scheduler
from backend.outbox.relay import Pace, Relay
from backend.settings import Settings, load

logger = log.get("rdz.worker")
_BEAT_S = 5.0
_CLOCK_S = 1.0


class Background:
    """What a process does beside answering: the relay if RUN_WORKER, the scheduler if RUN_SCHEDULER, signs of life."""

    def __init__(self, parts: bootstrap.Parts) -> None:
        settings = parts.settings
        self._parts = parts
        pace = Pace(poll=timedelta(milliseconds=settings.outbox_poll_ms), at_once=settings.outbox_at_once)
        self._relay = Relay(parts.outbox, parts.identity.instance, pace) if settings.run_worker else None
        self._scheduler = Scheduler(parts.jobs) if settings.run_scheduler else None
        roles = {"worker": settings.run_worker, "scheduler": settings.run_scheduler}
        self._roles = [role for role, on in roles.items() if on]
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self._parts.system.beat(self._roles)
        self._loops.append(asyncio.create_task(_every(_BEAT_S, lambda: self._parts.system.beat(self._roles))))
        if not self._parts.settings.production:
            refresh = self._parts.clock.refresh
            self._loops.append(asyncio.create_task(_every(_CLOCK_S, lambda: refresh(self._parts.mongo))))
        if self._relay is not None:
            self._relay.start()
        if self._scheduler is not None:
            self._scheduler.start()
        _settle_memory()

    async def stop(self) -> None:
        """Take nothing new, finish what is in flight within a minute, say goodbye."""
        stopping = [part.stop() for part in (self._scheduler, self._relay) if part is not None]
        await asyncio.gather(*stopping)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        try:
            await self._parts.system.leave()
        except PyMongoError as exc:
            logger.warning("goodbye_unheard", cause=repr(exc))


def _settle_memory() -> None:
    """What start-up made lives as long as the process: the collector need not walk it again and again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except (PyMongoError, Unavailable) as exc:
            logger.warning("base_unreachable", cause=repr(exc))


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    parts = bootstrap.build(settings)
    await bootstrap.start(parts)
    background = Background(parts)
    await background.start()
    logger.info("worker_started", worker=settings.run_worker, scheduler=settings.run_scheduler)
    await stopped.wait()
    await background.stop()
    await bootstrap.stop(parts)
    logger.info("worker_stopped")


def run(settings: Settings | None = None) -> None:
    """Entry of `rdz worker`."""
    settings = settings or load()
    log.configure(settings.log_level, settings.log_pretty)
    asyncio.run(work(settings))


if __name__ == "__main__":
    run()
