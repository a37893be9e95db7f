"""Queries of `delivery_reports`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import TOTAL_CAP, Page, Paged

INDEXES = {"delivery_reports": [index("id", unique=True), index("-run_at", "-id"), index("slot")]}
_NEWEST = [("run_at", -1), ("id", -1)]


class ReportsStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("delivery_reports")

    async def insert(self, tx: Tx | None, doc: Mapping[str, Any]) -> None:
        await self._raw.insert_one(dict(doc), session=tx)

    async def page(self, page: Page) -> Paged[Doc]:
        cursor = self._raw.find({}, {"_id": 0}).sort(_NEWEST).skip(page.skip).limit(page.limit)
        total = await self._raw.count_documents({}, limit=TOTAL_CAP + 1, hint=_NEWEST)
        return Paged([doc async for doc in cursor], min(total, TOTAL_CAP), total > TOTAL_CAP)

    async def last_run_at(self) -> datetime | None:
        doc = await self._raw.find_one({}, {"run_at": 1}, sort=[("run_at", -1), ("id", -1)])
        return doc["run_at"] if doc else None
