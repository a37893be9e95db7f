"""Queries of `event_log`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from pymongo import InsertOne

from backend.audit.models import EventRow
from backend.core.indexes import Index, index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import NEWEST, Scope, TenantCollection

_NEWEST = index("entity", "-created_at", "-id")
# One index for each equality, the most telling first: a page is read through the first that applies.
_BY_FIELD = {
    field: index("entity", field, "-created_at", "-id") for field in ("words", "refs", "user", "action", "entity_type")
}
INDEXES = {"event_log": [index("id", unique=True), _NEWEST, *_BY_FIELD.values()]}


def _listing(query: Mapping[str, Any]) -> Index:
    return next((one for field, one in _BY_FIELD.items() if field in query), _NEWEST)


class AuditStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._raw = mongo.collection("event_log")
        self.rows = TenantCollection(self._raw)

    async def append(self, tx: Tx | None, docs: Sequence[Doc]) -> None:
        if tx is None:
            await self._raw.insert_many(list(docs))
        else:
            await self._mongo.write(tx, "event_log", [InsertOne(doc) for doc in docs])

    async def append_once(self, doc: Doc) -> None:
        """Append it unless its id is there."""
        await self._raw.update_one({"id": doc["id"]}, {"$setOnInsert": doc}, upsert=True)

    async def page(self, scope: Scope, query: Mapping[str, Any], page: Page) -> Paged[EventRow]:
        found = await self.rows.page(scope, query, page, hint=_listing(query).keys)
        return Paged([EventRow(**doc) for doc in found.rows], found.total, found.capped)

    async def stream(self, scope: Scope, query: Mapping[str, Any]) -> AsyncIterator[EventRow]:
        """The same rows as `page`, all of them."""
        async for doc in self.rows.find(scope, query, sort=NEWEST).hint(list(_listing(query).keys)):
            yield EventRow(**doc)

    async def one(self, scope: Scope, event_id: str) -> EventRow | None:
        doc = await self.rows.one(scope, {"id": event_id})
        return EventRow(**doc) if doc else None

    async def actions(self, scope: Scope) -> set[str]:
        """The distinct actions, by leaps through the index: one short read for each, however long the log."""
        found: set[str] = set()
        for entity in (*scope.entities, *([None] if scope.both else [])):
            last = ""
            while True:
                query = {"entity": entity, "action": {"$gt": last}}
                row = await self.rows.find(scope, query, sort=[("action", 1)], fields=["action"]).to_list(1)
                if not row:
                    break
                last = row[0]["action"]
                found.add(last)
        return found
