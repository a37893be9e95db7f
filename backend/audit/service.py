"""Recording of events."""

from __future__ import annotations

from collections.abc import Sequence

from backend.audit.models import Event
from backend.audit.store import AuditStore
from backend.core.clock import Clock
from backend.core.ids import new_id
from backend.core.mongo import Doc, Tx
from backend.core.web import request_id


class AuditService:
    def __init__(self, store: AuditStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def record(self, tx: Tx | None, *events: Event) -> None:
        """Append `events` inside the transaction of the change they tell (None: outside any)."""
        if events:
            await self._store.append(tx, [self._doc(event) for event in events])

    async def record_all(self, tx: Tx | None, events: Sequence[Event]) -> None:
        await self.record(tx, *events)

    def _doc(self, event: Event) -> Doc:
        return {
            **event.model_dump(),
            "id": new_id(),
            "refs": sorted({event.entity_id, *event.related.values()}),
            "request_id": request_id(),
            "created_at": self._clock.now(),
        }
