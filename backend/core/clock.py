"""The two times of the house.

*Business time* (`Clock.now`) decides days, weeks, windows and cron slots. Demonstration and tests can move it by an
offset kept in the base, so that every process moves together; production refuses an offset.
*Real time* (`utcnow`) serves leases, back-off, time-outs, tokens and TTL indexes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from backend.core.mongo import Mongo

_DOC = "clock"


def utcnow() -> datetime:
    """Real time, aware, cut to the millisecond that MongoDB keeps."""
    return _to_ms(datetime.now(UTC))


def _to_ms(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Clock:
    """Business time: real time plus an offset that lives in `system_config`."""

    def __init__(self, *, movable: bool) -> None:
        self._movable = movable
        self._offset = timedelta()

    def now(self) -> datetime:
        return utcnow() + self._offset

    @property
    def offset(self) -> timedelta:
        return self._offset

    async def refresh(self, mongo: Mongo) -> None:
        """Read the offset again; every process does so each second outside production."""
        if not self._movable:
            return
        doc: dict[str, Any] | None = await mongo.collection("system_config").find_one({"_id": _DOC})
        self._offset = timedelta(milliseconds=doc["offset_ms"]) if doc else timedelta()

    async def move_to(self, mongo: Mongo, moment: datetime) -> None:
        """Make business time `moment` (aware) from now on, for every process on this base."""
        if not self._movable:
            raise RuntimeError("the clock cannot be moved in production")
        self._offset = moment - utcnow()
        offset_ms = round(self._offset.total_seconds() * 1000)
        await mongo.collection("system_config").update_one(
            {"_id": _DOC}, {"$set": {"offset_ms": offset_ms}}, upsert=True
        )
