"""The loop that takes due rows, has them done, and picks up what silent holders left."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from pymongo.errors import PyMongoError

from backend.channels.contract import Uncertain
from backend.core import crash, log
from backend.core.clock import utcnow
from backend.core.errors import LostLease, Unavailable
from backend.outbox.hold import Hold, finish
from backend.outbox.models import Row
from backend.outbox.service import OutboxService

logger = log.get("rdz.outbox")
_LISTEN_AGAIN = timedelta(seconds=5)
_SILENT = "Le processus s'est tu après l'envoi du message : accepté ou non, personne ne le sait."


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast and how much: the house's figures, shorter in tests."""

    lease: timedelta = timedelta(seconds=60)
    poll: timedelta = timedelta(seconds=1)
    sweep: timedelta = timedelta(seconds=5)
    stop: timedelta = timedelta(seconds=60)
    at_once: int = 8
    per_channel: int = 4


class Relay:
    """One per worker process. `owner` names the instance on the rows it holds."""

    def __init__(self, outbox: OutboxService, owner: str, pace: Pace | None = None, rng: Random | None = None) -> None:
        self._outbox = outbox
        self._owner = owner
        self._pace = pace or Pace()
        self._rng = rng or Random()
        self._working: dict[asyncio.Task[None], str] = {}
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._listening: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._outbox.on_poke(self._wake.set)
        self._loops = [asyncio.create_task(self._take()), asyncio.create_task(self._sweep())]
        self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Take nothing new, finish what is in flight, 60 s at most; what is cut then is swept by another."""
        self._stopping.set()
        self._wake.set()
        self._outbox.off_poke(self._wake.set)
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await asyncio.gather(*self._loops)
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=self._pace.stop.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                await self._fill()
            except (PyMongoError, Unavailable) as exc:
                logger.warning("outbox_claim_failed", cause=repr(exc))
            except Exception:
                logger.exception("outbox_loop_failed")
            await _until(self._wake, self._pace.poll)

    async def _listen(self) -> None:
        """Be woken by what others put in line. An accelerator: without it, polling finds every row."""
        while not self._stopping.is_set():
            try:
                async for _ in self._outbox.store.inserted():
                    self._wake.set()
            except PyMongoError as exc:
                logger.warning("outbox_stream_lost", cause=repr(exc))
            except Exception:
                logger.exception("outbox_stream_failed")
            await _until(self._stopping, _LISTEN_AGAIN)

    async def _fill(self) -> None:
        """Claim until nothing is due or every place is taken; then one row of each channel that may be tried again."""
        while not self._stopping.is_set() and (channels := await self._open_channels()):
            if not await self._claim(channels):
                break
        if not self._stopping.is_set() and len(self._working) < self._pace.at_once:
            for channel in await self._outbox.switch.to_try():
                await self._claim([channel])

    async def _claim(self, channels: list[str]) -> bool:
        """Take the row due first on one of `channels`; False when there is none."""
        asked_at = time.monotonic()
        row = await self._outbox.store.claim(channels, self._owner, self._pace.lease, utcnow())
        if row is None:
            return False
        crash.point("after_claim")
        task = asyncio.create_task(self._do(row, asked_at))
        self._working[task] = row.channel
        task.add_done_callback(self._done)
        return True

    async def _open_channels(self) -> list[str]:
        if len(self._working) >= self._pace.at_once:
            return []
        busy = Counter(self._working.values())
        return [name for name in await self._outbox.active_channels() if busy[name] < self._pace.per_channel]

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._working[task]
        self._wake.set()

    async def _do(self, row: Row, asked_at: float) -> None:
        hold = Hold(self._outbox, row, self._pace.lease, asked_at, self._rng)
        keeping = asyncio.create_task(hold.keep())
        try:
            await hold.finish(await hold.work())
        except LostLease:
            logger.warning("outbox_lease_lost", row=row.id, fence=row.fence)
        except Exception:
            logger.exception("outbox_finish_failed", row=row.id)
        finally:
            keeping.cancel()

    async def _sweep(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.sweep()
            except (PyMongoError, Unavailable) as exc:
                logger.warning("outbox_sweep_failed", cause=repr(exc))
            except Exception:
                logger.exception("outbox_loop_failed")
            await _until(self._stopping, self._pace.sweep)

    async def sweep(self) -> None:
        """Rows of silent holders: before the journal they wait again, after it they are uncertain."""
        if await self._outbox.store.release_expired():
            crash.point("in_sweep")
            self._wake.set()
        for row in await self._outbox.store.lost_after_journal():
            try:
                await finish(self._outbox, row, Uncertain(_SILENT), duration_ms=0, rng=self._rng, expired=True)
                logger.error("outbox_uncertain", row=row.id, owner=row.owner)
            except LostLease:
                logger.info("outbox_answered_meanwhile", row=row.id)
            except (PyMongoError, Unavailable):
                raise
            except Exception:
                logger.exception("outbox_sweep_row_failed", row=row.id)


async def _until(event: asyncio.Event, at_most: timedelta) -> None:
    try:
        await asyncio.wait_for(event.wait(), at_most.total_seconds())
    except TimeoutError:
        return
