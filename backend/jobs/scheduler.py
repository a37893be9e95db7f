"""The metronome: at each slot's hour, and every few seconds, it has what is due made and run."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytz
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from pymongo.errors import PyMongoError

from backend.core import log
from backend.core.errors import Unavailable
from backend.jobs.service import JobsService

logger = log.get("rdz.jobs")
TICK = timedelta(seconds=5)
STOP_AT_MOST = timedelta(seconds=60)
_PARIS = pytz.timezone("Europe/Paris")


class Scheduler:
    """One per process that has RUN_SCHEDULER. The tick, which reads the business clock, is the guarantee."""

    def __init__(self, jobs: JobsService, tick: timedelta = TICK) -> None:
        self._jobs = jobs
        self._tick = tick
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping = False
        self._metronome = AsyncIOScheduler(
            timezone=_PARIS, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def start(self) -> None:
        seconds = self._tick.total_seconds()
        self._metronome.add_listener(_said, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        self._metronome.add_job(self.beat, IntervalTrigger(seconds=seconds, timezone=_PARIS), id="tick")
        for job in self._jobs.jobs:
            trigger = CronTrigger(timezone=_PARIS, second=0, **job.schedule.fields())
            self._metronome.add_job(self.beat, trigger, id=job.name)
        self._metronome.start()

    async def stop(self) -> None:
        """Start nothing more; wait for the runs, 60 s at most. A run cut then is taken over by another process."""
        self._stopping = True
        self._metronome.shutdown(wait=False)
        if self._running:
            runs = list(self._running.values())
            _, late = await asyncio.wait(runs, timeout=STOP_AT_MOST.total_seconds())
            for run in late:
                run.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def beat(self) -> None:
        """Make what is due, and start the jobs that this process is not running already."""
        try:
            await self._jobs.plan()
        except (PyMongoError, Unavailable) as exc:
            logger.warning("plan_failed", cause=repr(exc))
            return
        for job in self._jobs.jobs:
            if not self._stopping and job.name not in self._running:
                run = asyncio.create_task(self._run(job.name))
                self._running[job.name] = run

    async def _run(self, job: str) -> None:
        try:
            await self._jobs.run_due(job)
        except (PyMongoError, Unavailable) as exc:
            logger.warning("run_failed", job=job, cause=repr(exc))
        except Exception:
            logger.exception("run_failed", job=job)
        finally:
            del self._running[job]


def _said(event: JobExecutionEvent) -> None:
    logger.error("metronome_trouble", job=event.job_id, cause=repr(getattr(event, "exception", None)))
