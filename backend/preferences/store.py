"""Queries of `preferences`: one row per person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo import ReturnDocument

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo
from backend.preferences.models import MOST_LISTS, Preferences

INDEXES = {"preferences": [index("user_id", unique=True)]}


class PreferencesStore:
    def __init__(self, mongo: Mongo) -> None:
        self._rows = mongo.collection("preferences")

    async def of(self, user_id: str) -> Preferences:
        doc = await self._rows.find_one({"user_id": user_id}, {"_id": 0})
        return Preferences(**doc) if doc else Preferences()

    async def change(self, user_id: str, fields: Mapping[str, Any]) -> Preferences | None:
        """Set these fields (`columns.<list>` for one list); None when the person would keep too many lists."""
        change: Doc = {"$set": dict(fields), "$inc": {"version": 1}}
        lists = [name for name in fields if name.startswith("columns.")]
        room = {"$expr": {"$lte": [{"$size": {"$objectToArray": {"$ifNull": ["$columns", {}]}}}, MOST_LISTS]}}
        query: Doc = {"user_id": user_id, **(room if lists else {})}
        await self._rows.update_one({"user_id": user_id}, {"$setOnInsert": {"version": 0}}, upsert=True)
        doc = await self._rows.find_one_and_update(
            query, change, {"_id": 0}, return_document=ReturnDocument.AFTER
        )  # fmt: skip
        return Preferences(**doc) if doc else None
