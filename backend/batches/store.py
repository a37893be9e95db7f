"""Queries of `delivery_batches` and of the numbers in their file names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from backend.batches.models import Batch
from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import NEWEST, Scope, TenantCollection

INDEXES = {
    "delivery_batches": [
        index("id", unique=True),
        index("entity", "csv_filename", unique=True),
        index("entity", "-created_at", "-id"),
        index("entity", "handed_over", "status", "created_at", "id"),
        index("run_id", "created_at", "id"),
        index("entity", "client_id", "-created_at", "-id"),
        index("entity", "status", "-created_at", "-id"),
        index("entity", "day", "-created_at", "-id"),
        index("entity", "sent_week", "-created_at", "-id"),
        index("entity", "acknowledgement", "-created_at", "-id"),
        index("entity", "acknowledgement", "sent_at", "id"),
    ],
}


_NARROWEST = ("client_id", "day", "sent_week", "status", "acknowledgement")
_SHOWN = sorted(set(Batch.model_fields) - {"csv"})


_WAITED = (("sent_at", 1), ("id", 1))
_UNACKNOWLEDGED = [("entity", 1), ("acknowledgement", 1), *_WAITED]


def _listing(query: Mapping[str, str]) -> list[tuple[str, int]]:
    """The index a list is read through: that of its narrowest filter."""
    narrow = next((name for name in _NARROWEST if name in query), None)
    return [("entity", 1), *([(narrow, 1)] if narrow else []), *NEWEST]


class BatchesStore:
    def __init__(self, mongo: Mongo) -> None:
        self._rows = TenantCollection(mongo.collection("delivery_batches"))
        self._raw = mongo.collection("delivery_batches")
        self._numbers = mongo.collection("batch_numbers")

    async def next_number(self, tx: Tx, entity: str, produit: str, day: str) -> int:
        """1, 2, 3... per entity, produit and day, without a gap."""
        doc = await self._numbers.find_one_and_update(
            {"_id": f"{entity}:{produit}:{day}"},
            {"$inc": {"n": 1}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=tx,
        )
        return int(doc["n"])

    async def coming_number(self, entity: str, produit: str, day: str) -> int:
        """The number that the next batch would take."""
        doc = await self._numbers.find_one({"_id": f"{entity}:{produit}:{day}"})
        return int(doc["n"]) + 1 if doc else 1

    async def insert(self, tx: Tx, batch: Batch) -> None:
        await self._raw.insert_one(batch.model_dump(), session=tx)

    async def get(self, scope: Scope, batch_id: str, *, tx: Tx | None = None) -> Batch | None:
        doc = await self._rows.one(scope, {"id": batch_id}, tx=tx)
        return Batch(**doc) if doc else None

    async def page(self, scope: Scope, page: Page, query: Mapping[str, str]) -> Paged[Doc]:
        """Newest first, without the files. Read through the index of the narrowest filter."""
        return await self._rows.page(scope, query, page, fields=_SHOWN, hint=_listing(query))

    async def unacknowledged(self, scope: Scope, page: Page, query: Mapping[str, str], before: datetime) -> Paged[Doc]:
        """Sent before then with a link, acknowledged by nobody: the oldest first."""
        wanted = {**query, "acknowledgement": "asked", "sent_at": {"$lt": before}}
        return await self._rows.page(scope, wanted, page, sort=_WAITED, fields=_SHOWN, hint=_UNACKNOWLEDGED)

    async def stream(self, scope: Scope, query: Mapping[str, str], before: datetime | None) -> AsyncIterator[Doc]:
        """The same rows as `page`, or as `unacknowledged` since `before`: all of them."""
        if before is None:
            found = self._rows.find(scope, query, sort=NEWEST, fields=_SHOWN).hint(_listing(query))
        else:
            wanted = {**query, "acknowledgement": "asked", "sent_at": {"$lt": before}}
            found = self._rows.find(scope, wanted, sort=_WAITED, fields=_SHOWN).hint(_UNACKNOWLEDGED)
        async for doc in found:
            yield doc

    async def progress(self, entity: str, day: str) -> list[Doc]:
        """{status, n, sent_at} of the batches handed over on a Paris day, copies of the simulation left out."""
        query = {"day": day, "handed_over": True, "simulated": False, "status": {"$ne": "cancelled"}}
        group = {"_id": "$status", "n": {"$sum": 1}, "sent_at": {"$max": "$sent_at"}}
        found = self._rows.aggregate(Scope((entity,)), query, [{"$group": group}])
        return [{**doc, "status": doc["_id"]} async for doc in found]

    async def waiting(self, entity: str, client_id: str | None) -> list[str]:
        """Ids of the entity's batches that no one handed over yet, oldest first."""
        query: Doc = {"entity": entity, "handed_over": False, "status": "ready_to_send"}
        if client_id is not None:
            query["client_id"] = client_id
        return await self._ids(query)

    async def failed(self, entity: str) -> list[str]:
        return await self._ids({"entity": entity, "handed_over": True, "status": "failed"})

    async def unfinished(self, entity: str) -> list[str]:
        return await self._ids(
            {"entity": entity, "handed_over": True, "status": {"$in": ["ready_to_send", "sending", "failed"]}}
        )

    async def handed_over(self) -> AsyncIterator[str]:
        """Ids of every batch handed over and not cancelled, streamed."""
        query = {"handed_over": True, "status": {"$ne": "cancelled"}}
        async for doc in self._raw.find(query, {"id": 1, "_id": 0}).sort("id", 1):
            yield doc["id"]

    async def of_run(self, run_id: str) -> list[str]:
        return await self._ids({"run_id": run_id})

    async def _ids(self, query: Mapping[str, Any]) -> list[str]:
        cursor = self._raw.find(dict(query), {"id": 1, "_id": 0}).sort([("created_at", 1), ("id", 1)])
        return [doc["id"] async for doc in cursor]

    async def change(self, tx: Tx, batch_id: str, change: Mapping[str, Any], *, guard: Mapping[str, Any]) -> bool:
        """Change the batch if it still is as `guard` says."""
        result = await self._raw.update_one({"id": batch_id, **guard}, {"$set": dict(change)}, session=tx)
        return result.matched_count == 1

    async def delete(self, tx: Tx, batch_id: str) -> None:
        """A batch that lost its last delivery before it left."""
        await self._raw.delete_one({"id": batch_id, "handed_over": False}, session=tx)
