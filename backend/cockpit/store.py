"""Queries of `todo_claims`: who takes care of which line of « À traiter »."""

from __future__ import annotations

from datetime import timedelta

from backend.cockpit.models import Claim
from backend.core.clock import utcnow
from backend.core.indexes import index
from backend.core.mongo import Mongo, Tx
from backend.core.tenancy import Scope, TenantCollection

KEPT = timedelta(days=7)
INDEXES = {"todo_claims": [index("entity", "key", unique=True), index("expires_at", ttl_s=0)]}


class ClaimsStore:
    def __init__(self, mongo: Mongo) -> None:
        self._rows = TenantCollection(mongo.collection("todo_claims"))
        self._raw = mongo.collection("todo_claims")

    async def all(self, scope: Scope) -> dict[str, Claim]:
        return {doc["key"]: Claim(**doc) async for doc in self._rows.find(scope, {})}

    async def put(self, tx: Tx, entity: str | None, claim: Claim) -> None:
        """The last to say so takes it."""
        doc = {**claim.model_dump(), "entity": entity, "expires_at": utcnow() + KEPT}
        await self._raw.replace_one({"entity": entity, "key": claim.key}, doc, upsert=True, session=tx)

    async def remove(self, tx: Tx, entity: str | None, key: str) -> None:
        await self._raw.delete_one({"entity": entity, "key": key}, session=tx)
