"""Queries of `intake_claims` (what was received, not to be stored twice) and `intake_refusals` (counts)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.core.clock import utcnow
from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx, insert_all
from backend.intake.models import First

_KEPT = timedelta(days=2)
_REFUSALS_KEPT = timedelta(days=30)

INDEXES = {
    "intake_claims": [index("expires_at", ttl_s=0)],
    "intake_refusals": [index("expires_at", ttl_s=0), index("day", "reason")],
}


class IntakeStore:
    def __init__(self, mongo: Mongo) -> None:
        self._claims = mongo.collection("intake_claims")
        self._refusals = mongo.collection("intake_refusals")

    async def known(self, asked: Sequence[First], *, tx: Tx | None = None) -> list[Doc]:
        """Those of the claims that were ever taken; `until` says whether they still are."""
        if not (keys := [claim.key for one in asked for claim in one.claims]):
            return []
        return [doc async for doc in self._claims.find({"_id": {"$in": keys}}, session=tx)]

    async def take(self, tx: Tx, arrivals: Sequence[tuple[First, str]], now: datetime) -> None:
        """Take the claims of each (submission, lead id), or take over those it knows as expired; at once, so that
        whoever comes second learns it here. One that is live raises DuplicateKeyError."""
        new: list[Doc] = []
        for first, lead_id in arrivals:
            expired = {doc["_id"] for doc in first.known}
            for claim in first.taken(lead_id, now):
                doc = claim | {"expires_at": utcnow() + _KEPT}
                if doc["_id"] in expired:
                    query = {"_id": doc["_id"], "until": {"$lte": now}}
                    await self._claims.replace_one(query, doc, upsert=True, session=tx)
                else:
                    new.append(doc)
        if new:
            await insert_all(self._claims, new, tx)

    async def count_refusal(self, day: str, caller: str, reason: str) -> None:
        """One more submission answered and not stored."""
        change = {
            "$inc": {"n": 1},
            "$setOnInsert": {"day": day, "caller": caller, "reason": reason, "expires_at": utcnow() + _REFUSALS_KEPT},
        }
        await self._refusals.update_one({"_id": f"{day}|{caller}|{reason}"}, change, upsert=True)
