"""The durable task `send_instant`: a lead of an `instant` client was routed, it leaves alone, now."""

from __future__ import annotations

from typing import Any

from backend.batches.service import BatchesService
from backend.channels.contract import Done, Journal, Outcome


class SendInstant:
    """Handler of the outbox kind `send_instant`. Payload: `delivery_id`."""

    def __init__(self, batches: BatchesService) -> None:
        self._batches = batches

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        return Done(await self._batches.send_at_once(row["payload"]["delivery_id"]))
