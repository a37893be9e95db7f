"""Use cases of scheduled work: make the slots that are due, run them once, take over what a dead process left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError, PyMongoError

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core import crash, log
from backend.core.alarms import raised
from backend.core.clock import Clock
from backend.core.errors import LostLease, NotFound, Unavailable
from backend.core.mongo import Doc, Mongo, Tx, is_outage, session_of
from backend.core.paging import Page
from backend.core.tenancy import Scope
from backend.jobs.models import Job, JobLine, Run, Slot, SlotLine
from backend.jobs.slots import Due, due_slots, next_number, next_slot, slot_key
from backend.jobs.store import JobsStore

__all__ = ["Job", "JobsService", "Run"]
logger = log.get("rdz.jobs")
LEASE = timedelta(seconds=60)
_LATE = timedelta(minutes=15)
MAX_SKEW = timedelta(seconds=2)
_TAKEOVERS_MAX = 20  # a run that the base interrupted that often is an error that a person must see


class SlotFence:
    """The right of a run to write: counted, and refused once the slot was taken over."""

    def __init__(self, store: JobsStore, slot: Slot) -> None:
        self._store = store
        self._slot = slot
        self._noted: set[bytes] = set()

    async def enter(self, tx: Tx) -> None:
        session = session_of(tx)
        if session not in self._noted:
            await self._store.note_session(self._slot, session)
            self._noted.add(session)

    async def check(self, tx: Tx) -> None:
        if not await self._store.step(tx, self._slot):
            raise LostLease(self._slot.id)


class JobsService:
    """`owner` names this process on the slots it runs."""

    def __init__(
        self,
        mongo: Mongo,
        store: JobsStore,
        audit: AuditService,
        clock: Clock,
        owner: str,
        jobs: Iterable[Job] = (),
        lease: timedelta = LEASE,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._clock = clock
        self._owner = owner
        self._lease = lease
        self._jobs = {job.name: job for job in jobs}

    def register(self, job: Job) -> None:
        if job.name in self._jobs:
            raise ValueError(f"job {job.name!r} is already registered")
        self._jobs[job.name] = job

    @property
    def jobs(self) -> tuple[Job, ...]:
        return tuple(self._jobs.values())

    def next_times(self) -> dict[str, datetime]:
        """Job -> when its next slot is due."""
        now = self._clock.now()
        return {job.name: next_slot(job.schedule, now).at for job in self.jobs}

    async def installed_at(self) -> datetime:
        """When this base was first started (business time). Slots before are not due."""
        return await self._store.installed_at(self._clock.now())

    # Making slots

    async def plan(self) -> None:
        """Make the slots due since the last one; those too late to start are `skipped`, and said so."""
        for job in self.jobs:
            for due in await self._unmade(job, self._clock.now()):
                await self._add(job.name, due)
            for slot_id in await self._store.skip_late(job.name, self._clock.now()):
                await self._say_skipped(job.name, slot_id)

    async def _unmade(self, job: Job, until: datetime) -> list[Due]:
        """The slots due by `until` that nobody made yet, oldest first."""
        installed_at, last = await self.installed_at(), await self._store.last_planned(job.name)
        since = installed_at if last is None else max(last, installed_at)
        return list(due_slots(job.schedule, since, until, inclusive=last is None))

    async def _add(self, job: str, due: Due) -> None:
        """Make the slot of the calendar, `skipped` at once when it is too late to start it."""
        late = due.until is not None and due.until < self._clock.now()
        doc = _doc(job, due.key, due.at, due.until) | ({"state": "skipped"} if late else {})
        if await self._store.add(None, doc) and late:
            await self._say_skipped(job, doc["_id"])

    async def _say_skipped(self, job: str, slot_id: str) -> None:
        logger.error("slot_skipped", slot=slot_id)
        await self._audit.record(None, _event("job_skipped", slot_id, job, "system:scheduler"))

    async def ensure_due(self) -> list[str]:
        """Make the slots that are due and run them, one at a time per job. Answers those run here."""
        await self.plan()
        done = await asyncio.gather(*(self.run_due(job.name) for job in self.jobs))
        return [slot_id for slots in done for slot_id in slots]

    async def run_now(self, job_name: str, user: str) -> str:
        """Make a slot of its own for a run asked for by `user` (`daily_delivery:2026-10-25#2`): its id.

        A scheduler starts it at its next tick; `run_due` starts it here.
        """
        job = self._jobs.get(job_name)
        if job is None:
            raise NotFound("Ce travail n'existe pas.")
        now = self._clock.now()
        while True:
            key = slot_key(job.schedule, now)
            number = next_number(await self._store.keys(job_name, key), f"{job_name}:{key}")
            try:
                return await self._ask(job_name, f"{key}#{number}", now, user)
            except DuplicateKeyError:
                continue  # somebody asked at the same time: the next number is ours

    async def run_and_wait(self, job_name: str, user: str) -> Slot:
        """A run asked for, done here or by the scheduler that was quicker: its slot when it is over."""
        slot_id = await self.run_now(job_name, user)
        while True:
            await self.run_due(job_name)
            slot = await self._store.one(slot_id)
            assert slot is not None
            if slot.state not in {"due", "running"}:
                return slot
            await asyncio.sleep(0.5)

    async def _ask(self, job: str, key: str, now: datetime, user: str) -> str:
        doc = _doc(job, key, now, None, requested_by=user)

        async def write(tx: Tx) -> str:
            await self._store.add(tx, doc)
            await self._audit.record(tx, _event("job_asked", doc["_id"], job, user))
            return str(doc["_id"])

        return await self._mongo.transaction(write)

    # Running

    async def run_due(self, job_name: str) -> list[str]:
        """Run the due slots of a job, oldest first, until none is left or another process runs one."""
        job, ran = self._jobs[job_name], []
        while slot := await self._take(job_name):
            await self._execute(job, slot)
            ran.append(slot.id)
            after = await self._store.one(slot.id)
            if after is not None and after.state == "running":
                break  # interrupted: the next tick takes it over
        return ran

    async def _take(self, job: str) -> Slot | None:
        now = self._clock.now()
        if sessions := await self._store.silent_sessions(job):
            await self._mongo.kill_sessions(sessions)
        slot = await self._store.take_over(job, self._owner, self._lease, now)
        if slot is not None:
            crash.point("in_takeover")
            logger.warning("slot_taken_over", slot=slot.id, takeovers=slot.takeovers)
            return slot
        skew = await self._store.skew()
        if abs(skew) > MAX_SKEW:
            logger.critical("clock_skew", skew_s=skew.total_seconds())
            return None
        return await self._store.claim(job, self._owner, self._lease, now)

    async def _execute(self, job: Job, slot: Slot) -> None:
        run = Run(slot_id=slot.id, job=slot.job, slot=slot.slot, due_at=slot.due_at, requested_by=slot.requested_by,
                  takeovers=slot.takeovers, fence=SlotFence(self._store, slot))  # fmt: skip
        logger.info("slot_started", slot=slot.id, fence=slot.fence)
        working = asyncio.ensure_future(job.run(run))
        beating = asyncio.create_task(self._beat(slot, working))
        try:
            result = await working
            await self._finish(slot, {"state": "success", "result": result or {}, "error": ""})
        except LostLease:
            logger.warning("slot_lost", slot=slot.id, fence=slot.fence)
        except asyncio.CancelledError:
            if beating.done() and not beating.cancelled():
                return  # fenced: the heartbeat stopped the run, nobody stopped us
            await self._store.let_go(slot)
            raise
        except Exception as exc:
            await self._broken(slot, exc)
        finally:
            beating.cancel()

    async def _beat(self, slot: Slot, working: asyncio.Future[Any]) -> None:
        """Extend the lease three times per lease; once it is lost, the run is stopped."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                if not await self._store.beat(slot, self._lease):
                    logger.warning("slot_fenced", slot=slot.id, fence=slot.fence)
                    working.cancel()
                    return
            except PyMongoError as exc:
                logger.warning("slot_heartbeat_failed", slot=slot.id, cause=repr(exc))

    async def _broken(self, slot: Slot, exc: Exception) -> None:
        """An unreachable base only interrupts a run; anything else is its error."""
        outage = isinstance(exc, Unavailable) or is_outage(exc)
        if outage and slot.takeovers < _TAKEOVERS_MAX:
            logger.warning("slot_interrupted", slot=slot.id, cause=repr(exc))
            return
        logger.error("slot_failed", slot=slot.id, exc_info=exc)
        await self._finish(slot, {"state": "error", "error": f"{type(exc).__name__}: {exc}"[:500]})

    async def _finish(self, slot: Slot, change: dict[str, Any]) -> None:
        if not await self._store.finish(slot, {**change, "completed_at": self._clock.now()}):
            logger.warning("slot_lost", slot=slot.id, fence=slot.fence)

    # Reading

    async def cron(self, scope: Scope, page: Page, job: str | None = None) -> dict[str, Any]:
        """Jobs with their next time, and the slots, newest first. One entity's scope sees no results."""
        found = await self._store.page(page, job)
        lines = [_line(slot, results=scope.both) for slot in found.rows]
        return {"jobs": await self.lines(scope)} | found.answer("runs", lines)

    async def lines(self, scope: Scope) -> list[JobLine]:
        times = self.next_times()
        lasts = {job.name: await self._store.last(job.name) for job in self.jobs}
        return [
            JobLine(job=job.name, text=job.text, schedule=job.schedule.text, next_at=times[job.name],
                    last=_line(last, results=scope.both) if (last := lasts[job.name]) else None)
            for job in self.jobs
        ]  # fmt: skip

    async def health(self, scope: Scope) -> dict[str, Any]:
        """Last slot of each job: `degraded` after an error or a skip in 7 days, when one is 15 minutes late, or when
        this machine's clock is too far from the base's for a run to start."""
        now = self._clock.now()
        lines = await self.lines(scope)
        failed = await self.failures_since(now - timedelta(days=7))
        late = await self._late(now - _LATE)
        skewed = abs(await self._store.skew()) > MAX_SKEW
        return {
            "status": "degraded" if failed or late or skewed else "healthy",
            "alarms": raised({"cron.failed": failed, "cron.late": late, "cron.skew": skewed}),
            "last_daily_delivery": await self._last_run("daily_delivery"),
            "last_intercompany_cron": await self._last_run("intercompany_invoices"),
            "failed_crons_7d": failed,
            "late": late,
            "jobs": [line.model_dump(exclude={"last": {"result"}}) for line in lines],
        }

    async def _late(self, due_by: datetime) -> list[str]:
        """Slots due by then and not over. Those that nobody made count: every scheduler may be dead."""
        late = []
        for job in self.jobs:
            late += await self._store.open_ids(job.name, due_by)
            late += [f"{job.name}:{due.key}" for due in await self._unmade(job, due_by)]
        return late

    async def waiting_since(self) -> dict[str, datetime]:
        """Job -> when its oldest slot not started was due, made or not."""
        found = {}
        for job in self.jobs:
            unmade = [due.at for due in await self._unmade(job, self._clock.now())]
            if since := await self._store.oldest_due(job.name) or next(iter(unmade), None):
                found[job.name] = since
        return found

    async def _last_run(self, job: str) -> dict[str, Any] | None:
        slot = await self._store.last(job, ("running", "success", "error"))
        if slot is None:
            return None
        line = _line(slot, results=False)
        return {"status": line.state, "run_at": line.run_at, "duration_s": line.duration_s, "week_key": line.slot}

    async def last(self, job: str, *states: str) -> Slot | None:
        return await self._store.last(job, states or None)

    async def last_runs(self, job: str) -> list[dict[str, Any]]:
        """The last five runs of a job."""
        found = await self._store.page(Page(5, 0), job)
        told = {"id", "state", "run_at", "completed_at", "error"}
        return [_line(slot, results=False).model_dump(mode="json", include=told) for slot in found.rows]

    async def one(self, slot_id: str) -> Slot | None:
        return await self._store.one(slot_id)

    async def failures_since(self, since: datetime) -> int:
        """Slots in error or skipped, of every job, due since then."""
        counts = [await self._store.count_since(job.name, ("error", "skipped"), since) for job in self.jobs]
        return sum(counts)


def _doc(job: str, key: str, due_at: datetime, until: datetime | None, requested_by: str = "") -> Doc:
    return {
        "_id": f"{job}:{key}",
        "job": job,
        "slot": key,
        "state": "due",
        "due_at": due_at,
        "until": until,
        "asked_for": bool(requested_by),
        "requested_by": requested_by,
        "owner": "",
        "fence": 0,
        "steps": 0,
        "lease_until": None,
        "sessions": [],
        "heartbeat": None,
        "takeovers": 0,
        "run_at": None,
        "completed_at": None,
        "result": None,
        "error": "",
    }


def _event(action: str, slot_id: str, job: str, user: str) -> Event:
    return Event(action=action, entity_type="job", entity_id=slot_id, user=user, details={"job": job})


def _line(slot: Slot, *, results: bool) -> SlotLine:
    seconds = (slot.completed_at - slot.run_at).total_seconds() if slot.completed_at and slot.run_at else None
    return SlotLine(
        **slot.model_dump(include=set(SlotLine.model_fields) - {"result"}),
        duration_s=seconds,
        result=slot.result if results else None,
    )
