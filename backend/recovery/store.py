"""Queries of `password_links`."""

from __future__ import annotations

from datetime import datetime

from backend.core.indexes import index
from backend.core.mongo import Mongo, Tx
from backend.recovery.models import Link

INDEXES = {"password_links": [index("id", unique=True), index("user_id"), index("expires_at", ttl_s=0)]}


class RecoveryStore:
    def __init__(self, mongo: Mongo) -> None:
        self._links = mongo.collection("password_links")

    async def replace(self, tx: Tx, link: Link) -> None:
        """The only link of its user from now on."""
        await self.forget(tx, link.user_id)
        await self._links.insert_one(link.model_dump(), session=tx)

    async def good(self, link_id: str, now: datetime) -> Link | None:
        doc = await self._links.find_one({"id": link_id, "expires_at": {"$gt": now}}, {"_id": 0})
        return Link(**doc) if doc else None

    async def use(self, tx: Tx, link_id: str, now: datetime) -> bool:
        """Take the link; False when somebody did, or when its time is over."""
        query = {"id": link_id, "expires_at": {"$gt": now}}
        return (await self._links.delete_one(query, session=tx)).deleted_count == 1

    async def forget(self, tx: Tx, user_id: str) -> None:
        await self._links.delete_many({"user_id": user_id}, session=tx)
