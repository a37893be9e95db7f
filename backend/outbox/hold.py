"""One row held under a lease: kept alive, journaled, and finished in one transaction."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from random import Random
from typing import Any

from pymongo.errors import PyMongoError

from backend.channels.contract import Done, Down, Failed, Outcome, Pause, Retry, Snooze, Uncertain
from backend.core import crash, log
from backend.core.clock import utcnow
from backend.core.errors import LostLease, Unavailable
from backend.core.mongo import Tx, is_outage
from backend.outbox.models import TASKS, Row
from backend.outbox.retry import TASK
from backend.outbox.service import OutboxService
from backend.outbox.states import Verdict, verdict

logger = log.get("rdz.outbox")
_MARGIN = 5.0  # seconds before the end of its lease at which a holder stops trusting it
_RETRY_WRITE = 0.5  # seconds between two tries of a write the base could not take
_KEEP_TASKS = timedelta(days=7)
_SOON = timedelta(seconds=2)


class Hold:
    """The right to work on `row`. `claimed_at` is monotonic, read before the claim was asked."""

    def __init__(self, outbox: OutboxService, row: Row, lease: timedelta, claimed_at: float, rng: Random) -> None:
        self.row = row
        self._outbox = outbox
        self._lease = lease
        self._rng = rng
        self._started = time.monotonic()
        self._trusted_until = self._trust(claimed_at)
        self._lost = False

    def _trust(self, since: float) -> float:
        seconds = self._lease.total_seconds()
        return since + seconds - min(_MARGIN, seconds / 4)

    async def keep(self) -> None:
        """Extend the lease four times per lease, until cancelled or lost."""
        while not self._lost:
            await asyncio.sleep(self._lease.total_seconds() / 4)
            asked_at = time.monotonic()
            try:
                self._lost = not await self._outbox.store.beat(self.row, self._lease)
                crash.point("in_heartbeat")
            except PyMongoError as exc:
                logger.warning("outbox_heartbeat_failed", row=self.row.id, cause=repr(exc))
            else:
                self._trusted_until = self._trust(asked_at)

    async def journal(self) -> None:
        """Durably note the point of no return. `LostLease` when the row is, or may be, somebody else's."""
        async with self._outbox.mongo.queue(_turn(self.row)):
            asked_at = time.monotonic()
            if self._lost or asked_at > self._trusted_until:
                raise LostLease(self.row.id)
            self.row = await self._noted()
        self._trusted_until = self._trust(asked_at)

    async def _noted(self) -> Row:
        async def write(tx: Tx) -> Row:
            row = await self._outbox.store.journal(tx, self.row, self._lease, self._outbox.clock.now())
            if row is None:
                raise LostLease(self.row.id)
            await self._outbox.tell(tx, row)
            return row

        return await self._outbox.mongo.transaction(write)

    async def work(self) -> Outcome:
        """Have the handler do the row; whatever it raises becomes an outcome, but for the loss of the lease."""
        kind = self._outbox.kind(self.row.kind)
        if kind is None:
            logger.error("outbox_kind_unknown", row=self.row.id, kind=self.row.kind)
            return Snooze(timedelta(seconds=30), "Aucun programme pour ce type ici.")
        try:
            return await kind.handler(self.row.model_dump(), self.journal)
        except LostLease:
            raise
        except Exception as exc:
            if isinstance(exc, Unavailable) or is_outage(exc):
                logger.warning("outbox_base_away", row=self.row.id, cause=repr(exc))
                return self._undecided(exc, Snooze(_SOON, "Base occupée ou hors d'atteinte avant l'envoi."))
            logger.exception("outbox_handler_failed", row=self.row.id, kind=self.row.kind)
            return self._undecided(exc, Retry(_told(exc), "exception"))

    def _undecided(self, exc: Exception, before: Outcome) -> Outcome:
        """`before` when nothing can have left yet; past the journal nobody knows."""
        return Uncertain(_told(exc)) if self.row.phase == "data" else before

    async def finish(self, outcome: Outcome) -> None:
        """Record `outcome`, however long the base is away, as long as the row is ours."""
        duration_ms = round((time.monotonic() - self._started) * 1000)
        while True:
            try:
                if isinstance(outcome, Pause):
                    await self._outbox.pause(self.row.channel, outcome.reason, "system:outbox")
                await finish(self._outbox, self.row, outcome, duration_ms=duration_ms, rng=self._rng)
                crash.point("after_sent")
                await self._learn(outcome)
                return
            except (PyMongoError, Unavailable) as exc:
                if isinstance(exc, PyMongoError) and not is_outage(exc):
                    raise
                logger.warning("outbox_finish_delayed", row=self.row.id, cause=repr(exc))
                await asyncio.sleep(_RETRY_WRITE)

    async def _learn(self, outcome: Outcome) -> None:
        """What the attempt says of the channel's server: out of reach, or an answer."""
        answered = isinstance(outcome, Retry | Failed) and (outcome.code.isdigit() or outcome.code == "refused")
        try:
            if isinstance(outcome, Down):
                await self._outbox.switch.failed(self.row.channel, outcome.reason)
            elif answered or isinstance(outcome, Done):
                await self._outbox.switch.worked(self.row.channel)
        except (PyMongoError, Unavailable) as exc:
            logger.warning("outbox_circuit_unwritten", channel=self.row.channel, cause=repr(exc))


def _told(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"


async def finish(
    outbox: OutboxService, row: Row, outcome: Outcome, *, duration_ms: int, rng: Random, expired: bool = False
) -> Row:
    """One transaction: the row's state, its attempt, and whoever must know. `expired`: the sweeper's guard."""
    kind = outbox.kind(row.kind)
    found = verdict(row, outcome, kind.schedule if kind else TASK, outbox.clock.now(), rng, outbox.switch.breaker.again)

    async def write(tx: Tx) -> Row:
        after = await outbox.store.finish(tx, row, _change(outbox, row, found), expired=expired)
        if after is None:
            raise LostLease(row.id)
        if found.outcome != "snoozed":
            await outbox.store.add_attempt(tx, _attempt(outbox, row, after, found, duration_ms))
        if isinstance(outcome, Failed) and outcome.gone:
            await outbox.tell_gone(tx, after, found.text, found.code)
        if kind is not None and kind.on_outcome is not None and not expired:
            await kind.on_outcome(tx, after, outcome)
        await outbox.tell(tx, after)
        return after

    async with outbox.mongo.queue(_turn(row)):
        return await outbox.mongo.transaction(write, races=True)


def _turn(row: Row) -> list[str]:
    """The rows of a batch write it together: they line up, to spare conflicts."""
    return [f"batch:{row.batch_id}"] if row.batch_id else []


def _change(outbox: OutboxService, row: Row, found: Verdict) -> dict[str, Any]:
    now = outbox.clock.now()
    counted = int(found.counted)
    change: dict[str, Any] = {"state": found.state, "owner": "", "n": row.n + counted, "tries": row.tries + counted}
    if found.counted and row.first_attempt_at is None:
        change["first_attempt_at"] = now
    if found.state != "uncertain":
        change["lease_until"] = None
    if found.state == "sent":
        done = {"phase": "done", "answer": found.text, "sent_at": now, "last_error": ""}
        return change | done | ({"expires_at": utcnow() + _KEEP_TASKS} if row.channel == TASKS else {})
    if found.state == "pending":
        change |= {"phase": None, "next_at": utcnow() + found.after}
    return change | {"last_error": found.text}


def _attempt(outbox: OutboxService, row: Row, after: Row, found: Verdict, duration_ms: int) -> dict[str, Any]:
    return {
        "_id": f"{row.id}#{row.fence}",
        "outbox_id": row.id,
        "entity": row.entity,
        "kind": row.kind,
        "channel": row.channel,
        "n": after.n,
        "at": outbox.clock.now(),
        "duration_ms": duration_ms,
        "phase": row.phase or "",
        "outcome": found.outcome,
        "code": found.code,
        "text": found.text,
        "counted": found.counted,
        "fence": row.fence,
        "owner": row.owner,
    }
