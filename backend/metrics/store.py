"""Counts over the collections of the others: reads only, through their indexes."""

from __future__ import annotations

from datetime import datetime

from backend.core.indexes import index
from backend.core.mongo import Mongo
from backend.core.tenancy import Scope, TenantCollection
from backend.metrics.models import Attempts, Queue

INDEXES = {"outbox_attempts": [index("at")]}
_WORDS = {"$slice": [{"$split": ["$channel", ":"]}, 2]}
_FAMILY = {"$reduce": {"input": _WORDS, "initialValue": "", "in": {"$concat": [
    "$$value", {"$cond": [{"$eq": ["$$value", ""]}, "", ":"]}, "$$this"]}}}  # fmt: skip
"""`http:<ENTITY>` for the channel of each client: what is counted does not grow with the clients."""
_TOLD = ("pending", "leased", "uncertain", "failed", "dead")


class MetricsStore:
    def __init__(self, mongo: Mongo, everyone: Scope) -> None:
        self._everyone = everyone
        self._outbox = mongo.collection("outbox")
        self._attempts = mongo.collection("outbox_attempts")
        self._leads = TenantCollection(mongo.collection("leads"))

    async def queues(self) -> tuple[Queue, ...]:
        """Every channel and state that is not over."""
        group = {"_id": {"channel": _FAMILY, "state": "$state"}, "rows": {"$sum": 1},
                 "oldest": {"$min": "$created_at"}}  # fmt: skip
        found = self._outbox.aggregate([{"$match": {"state": {"$in": list(_TOLD)}}}, {"$group": group}])
        return tuple([Queue(**doc["_id"], rows=doc["rows"], oldest=doc["oldest"]) async for doc in found])

    async def attempts(self, since: datetime) -> tuple[Attempts, ...]:
        """Those that were counted, by channel and outcome; the work inside has none of its own here."""
        group = {"_id": {"channel": _FAMILY, "outcome": "$outcome"}, "number": {"$sum": 1},
                 "ms": {"$sum": "$duration_ms"}}  # fmt: skip
        match = {"at": {"$gte": since}, "channel": {"$type": "string"}}
        found = self._attempts.aggregate([{"$match": match}, {"$group": group}])
        return tuple([Attempts(**doc["_id"], number=doc["number"], seconds=doc["ms"] / 1000) async for doc in found])

    async def leads(self, since: datetime) -> dict[tuple[str, str], int]:
        """(entity, status) -> leads received since."""
        group = {"_id": {"entity": "$entity", "status": "$status"}, "number": {"$sum": 1}}
        found = self._leads.aggregate(self._everyone, {"created_at": {"$gte": since}}, [{"$group": group}])
        return {(doc["_id"]["entity"] or "", doc["_id"]["status"]): doc["number"] async for doc in found}
