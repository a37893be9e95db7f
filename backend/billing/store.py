"""Queries of `billing_records`: what an outside accounting tool says of the rows of a week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx

INDEXES = {"billing_records": [index("entity", "week_key")]}


class BillingStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("billing_records")

    async def known(self, ids: Sequence[str]) -> dict[str, Doc]:
        return {doc["_id"]: doc async for doc in self._raw.find({"_id": {"$in": list(ids)}})}

    async def put(self, tx: Tx, record_id: str, fixed: Mapping[str, Any], change: Mapping[str, Any]) -> None:
        await self._raw.update_one(
            {"_id": record_id}, {"$set": dict(change), "$setOnInsert": dict(fixed)}, upsert=True, session=tx
        )
