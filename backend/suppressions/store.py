"""Queries of `suppressions`."""

from __future__ import annotations

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, TenantCollection
from backend.suppressions.models import Suppression

INDEXES = {
    "suppressions": [
        index("id", unique=True),
        index("entity", "address", unique=True),
        index("entity", "-created_at", "-id"),
    ],
}
_FIELDS = sorted(Suppression.model_fields)


class SuppressionsStore:
    def __init__(self, mongo: Mongo) -> None:
        self._rows = TenantCollection(mongo.collection("suppressions"))

    async def add(self, tx: Tx, one: Suppression) -> bool:
        """False when the address was suppressed already: what the server says now is kept."""
        scope = Scope((one.entity,))
        change: Doc = {"$set": {"reason": one.reason, "code": one.code, "last_at": one.last_at}, "$inc": {"hits": 1}}
        if await self._rows.update(tx, scope, {"address": one.address}, change):
            return False
        await self._rows.insert(tx, scope, one.model_dump())
        return True

    async def remove(self, tx: Tx, scope: Scope, address: str) -> Suppression | None:
        doc = await self._rows.one(scope, {"address": address}, fields=_FIELDS, tx=tx)
        if doc is None:
            return None
        await self._rows.delete(tx, Scope((doc["entity"],)), {"address": address})
        return Suppression.model_validate(doc)

    async def page(self, scope: Scope, page: Page) -> Paged[Doc]:
        return await self._rows.page(scope, {}, page, fields=_FIELDS)

    async def addresses(self, entity: str) -> frozenset[str]:
        rows = self._rows.find(Scope((entity,)), {}, fields=["address"])
        return frozenset([doc["address"] async for doc in rows])

    async def count(self, scope: Scope) -> int:
        return await self._rows.count(scope, {})
