"""Queries of `instances`, and the counts of money collections until their folders exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo
from backend.system.models import Instance

INDEXES = {"instances": [index("heartbeat_at", ttl_s=86_400)]}


class SystemStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._instances = mongo.collection("instances")

    async def ping(self) -> None:
        await self._mongo.ping()

    async def beat(self, instance_id: str, doc: Mapping[str, Any]) -> None:
        """Say that the process lives; the time is the server's."""
        change: Doc = {**{key: {"$literal": value} for key, value in doc.items()}, "heartbeat_at": "$$NOW"}
        await self._instances.update_one({"_id": instance_id}, [{"$set": change}], upsert=True)

    async def leave(self, instance_id: str) -> None:
        await self._instances.delete_one({"_id": instance_id})

    async def instances(self) -> list[Instance]:
        docs = self._instances.find({}).sort("_id", 1)
        return [Instance.model_validate({**doc, "id": doc["_id"]}) async for doc in docs]
