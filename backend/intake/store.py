"""Queries of `intake_claims` (what was received, not to be stored twice) and `intake_refusals` (counts)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from backend.core.clock import utcnow
from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx, insert_all
from backend.intake.models import Claim, Claimed

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

    async def known(self, claims: Sequence[Claim], *, tx: Tx | None = None) -> list[Doc]:
        """Those of the claims that were ever taken; `until` says whether they still are."""
        if not claims:
            return []
        query = {"_id": {"$in": [one.key for one in claims]}}
        return [doc async for doc in self._claims.find(query, session=tx)]

    async def take(
        self, tx: Tx, claims: Sequence[Claim], known: Sequence[Claimed], lead_id: str, fingerprint: str, now: datetime
    ) -> None:
        """Take each claim, or take over an expired one of `known`; one that is live raises DuplicateKeyError."""
        expired = {doc["_id"] for doc in known}
        taken = [
            {
                "_id": one.key,
                "until": now + timedelta(seconds=one.seconds),
                "lead_id": lead_id,
                "fingerprint": fingerprint,
                "strict": one.strict,
                "expires_at": utcnow() + _KEPT,
            }
            for one in claims
        ]
        for doc in taken:
            if doc["_id"] in expired:
                query = {"_id": doc["_id"], "until": {"$lte": now}}
                await self._claims.replace_one(query, doc, upsert=True, session=tx)
        if new := [doc for doc in taken if doc["_id"] not in expired]:
            await insert_all(self._claims, new, tx)

    async def count_refusal(self, day: str, caller: str, reason: str) -> None:
        """One more submission answered and not stored."""
        change = {
            "$inc": {"n": 1},
            "$setOnInsert": {"day": day, "caller": caller, "reason": reason, "expires_at": utcnow() + _REFUSALS_KEPT},
        }
        await self._refusals.update_one({"_id": f"{day}|{caller}|{reason}"}, change, upsert=True)
