"""Use cases of the hold: put it on, take it off, say that it is on."""

from __future__ import annotations

from typing import Any

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core.alarms import raised
from backend.core.clock import Clock
from backend.core.mongo import Mongo, Tx
from backend.core.tenancy import Scope
from backend.hold.models import Held
from backend.hold.store import HoldStore


class HoldService:
    """Every relay reads the hold before it takes a row, and believes what it read for a second at most."""

    def __init__(self, mongo: Mongo, store: HoldStore, audit: AuditService, clock: Clock) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._clock = clock

    async def current(self) -> Held | None:
        return await self._store.current()

    async def is_held(self) -> bool:
        return await self._store.current() is not None

    async def hold(self, reason: str, user: str) -> Held:
        """Nothing leaves from now on; what is being sent is finished. The first reason given stays."""

        async def write(tx: Tx) -> Held:
            held = await self._store.current(tx=tx)
            if held is None:
                held = Held(reason=reason, since=self._clock.now(), by=user)
                await self._store.put(tx, held)
                await self._audit.record(tx, _event("outbox_held", user, {"reason": reason}))
            return held

        return await self._mongo.transaction(write)

    async def restored(self, reason: str, user: str) -> Held:
        """Hold a base that has just been put back as it was: whatever waited before now may have left since."""

        async def write(tx: Tx) -> Held:
            held = Held(reason=reason, since=self._clock.now(), by=user)
            await self._store.put(tx, held)
            await self._audit.record(tx, _event("outbox_held", user, {"reason": reason}))
            return held

        return await self._mongo.transaction(write)

    async def release(self, user: str) -> Held | None:
        """What waits leaves again. Answers what the hold was; None when there was none."""

        async def write(tx: Tx) -> Held | None:
            held = await self._store.current(tx=tx)
            if held is not None:
                await self._store.remove(tx)
                told = {"reason": held.reason, "since": held.since}
                await self._audit.record(tx, _event("outbox_released", user, told))
            return held

        return await self._mongo.transaction(write)

    async def health(self, _scope: Scope) -> dict[str, Any]:
        """`degraded` while nothing leaves, with the reason and since when."""
        held = await self._store.current()
        if held is None:
            return {"status": "healthy", "alarms": [], "held": False}
        return {"status": "degraded", "alarms": raised({"hold.on": True}), "held": True, **held.model_dump()}


def _event(action: str, user: str, details: dict[str, Any]) -> Event:
    return Event(action=action, entity_type="system", entity_id="hold", user=user, details=details)
