"""Queries of `event_log`."""

from __future__ import annotations

from collections.abc import Sequence

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.tenancy import TenantCollection

INDEXES = {
    "event_log": [
        index("id", unique=True),
        index("entity", "-created_at", "-id"),
        index("entity", "action", "-created_at", "-id"),
        index("entity", "entity_type", "-created_at", "-id"),
        index("entity", "refs", "-created_at", "-id"),
        index("entity", "user", "-created_at", "-id"),
    ]
}


class AuditStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("event_log")
        self.rows = TenantCollection(self._raw)

    async def append(self, tx: Tx | None, docs: Sequence[Doc]) -> None:
        await self._raw.insert_many(list(docs), session=tx)
