"""Queries of `intercompany_transfers` and `intercompany_pricing`. A row belongs to two entities: either may see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import TOTAL_CAP, Page, Paged
from backend.core.tenancy import Scope
from backend.intercompany.models import InternalPrice, Transfer

_NEWEST = ("-created_at", "-id")
_TO_CREDIT: Doc = {"transfer_status": "cancelled", "credit_invoice_id": None}
INDEXES = {
    "intercompany_transfers": [
        index("delivery_id", unique=True),
        index("id", unique=True),
        *(index(side, *_NEWEST) for side in ("from_entity", "to_entity")),
        *(index(side, "transfer_status", *_NEWEST) for side in ("from_entity", "to_entity")),
        *(index(side, "week_key", *_NEWEST) for side in ("from_entity", "to_entity")),
        index("from_entity", "to_entity", "transfer_status", "week_key"),
        index("transfer_status", "from_entity", "to_entity", "invoice_id", "credit_invoice_id"),
        index("invoice_id"),
        index("credit_invoice_id"),
    ],
    "intercompany_pricing": [index("from_entity", "to_entity", "product", unique=True)],
}


class IntercompanyStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("intercompany_transfers")
        self._prices = mongo.collection("intercompany_pricing")

    # -- transfers -------------------------------------------------------------------------------------------

    async def insert(self, tx: Tx, transfer: Transfer) -> None:
        await self._raw.insert_one(transfer.model_dump(), session=tx)

    async def of_delivery(self, tx: Tx, delivery_id: str) -> Transfer | None:
        doc = await self._raw.find_one({"delivery_id": delivery_id}, {"_id": 0}, session=tx)
        return Transfer(**doc) if doc else None

    async def get(self, scope: Scope, transfer_id: str, *, tx: Tx | None = None) -> Transfer | None:
        doc = await self._raw.find_one({"$and": [{"id": transfer_id}, _seen(scope)]}, {"_id": 0}, session=tx)
        return Transfer(**doc) if doc else None

    async def page(self, scope: Scope, query: Mapping[str, Any], page: Page) -> Paged[Transfer]:
        wanted = {"$or": [{**side, **query} for side in _sides(scope)]}
        cursor = self._raw.find(wanted, {"_id": 0}).sort([("created_at", -1), ("id", -1)])
        rows = [Transfer(**doc) async for doc in cursor.skip(page.skip).limit(page.limit)]
        total = await self._raw.count_documents(wanted, limit=TOTAL_CAP + 1)
        return Paged(rows, min(total, TOTAL_CAP), total > TOTAL_CAP)

    async def pending(self, tx: Tx, source: str, target: str, week: str) -> list[Transfer]:
        """What `source` may invoice to `target`: sent in `week` or before, oldest first."""
        query = {"from_entity": source, "to_entity": target, "transfer_status": "pending", "week_key": {"$lte": week}}
        return await self._all(query, tx)

    async def to_credit(self, tx: Tx, source: str, target: str) -> list[Transfer]:
        """Taken back after they were invoiced, and not credited yet."""
        query = {"from_entity": source, "to_entity": target, "invoice_id": {"$ne": None}, **_TO_CREDIT}
        return await self._all(query, tx)

    async def errors(self, scope: Scope) -> list[Transfer]:
        query = {"$or": [{**side, "transfer_status": "error"} for side in _sides(scope)]}
        return await self._all(query, None)

    async def of_invoice(self, invoice_id: str) -> list[Transfer]:
        return await self._all({"$or": [{"invoice_id": invoice_id}, {"credit_invoice_id": invoice_id}]}, None)

    async def _all(self, query: Mapping[str, Any], tx: Tx | None) -> list[Transfer]:
        found = [Transfer(**doc) async for doc in self._raw.find(dict(query), {"_id": 0}, session=tx)]
        return sorted(found, key=lambda one: (one.sent_at, one.id))

    async def move(self, tx: Tx, ids: Sequence[str], was: str, change: Mapping[str, Any]) -> int:
        """Change those that still are in the state `was`; answers how many were."""
        query = {"id": {"$in": list(ids)}, "transfer_status": was}
        return (await self._raw.update_many(query, {"$set": dict(change)}, session=tx)).matched_count

    async def by_state(self, scope: Scope) -> list[Doc]:
        """{from, to, state, n, amount} of the scope's transfers."""
        key = {"from": "$from_entity", "to": "$to_entity", "state": "$transfer_status"}
        group = {"_id": key, "n": {"$sum": 1}, "amount": {"$sum": "$unit_price_ht"}}
        found = self._raw.aggregate([{"$match": _seen(scope)}, {"$group": group}])
        return [{**doc["_id"], "n": doc["n"], "amount": doc["amount"]} async for doc in found]

    async def every(self) -> AsyncIterator[Transfer]:
        async for doc in self._raw.find({}, {"_id": 0}).sort("id", 1):
            yield Transfer(**doc)

    # -- prices ----------------------------------------------------------------------------------------------

    async def price(self, tx: Tx | None, source: str, target: str, product: str) -> InternalPrice | None:
        query = {"from_entity": source, "to_entity": target, "product": product}
        doc = await self._prices.find_one(query, {"_id": 0}, session=tx)
        return InternalPrice(**doc) if doc and doc["active"] else None

    async def prices(self, scope: Scope) -> list[InternalPrice]:
        cursor = self._prices.find(_seen(scope), {"_id": 0})
        found = [InternalPrice(**doc) async for doc in cursor]
        return sorted(found, key=lambda one: (one.from_entity, one.to_entity, one.product))

    async def put_price(self, tx: Tx, price: InternalPrice) -> InternalPrice | None:
        """Create or change the price of a direction and product; answers the one before."""
        key = {"from_entity": price.from_entity, "to_entity": price.to_entity, "product": price.product}
        change = {"unit_price_ht": price.unit_price_ht, "active": price.active, "updated_at": price.updated_at}
        born = {"id": price.id, "created_at": price.created_at}
        doc = await self._prices.find_one_and_update(
            key, {"$set": change, "$setOnInsert": born}, {"_id": 0}, upsert=True, session=tx
        )
        return InternalPrice(**doc) if doc else None


def _sides(scope: Scope) -> list[Doc]:
    entities = {"$in": list(scope.entities)}
    return [{"from_entity": entities}, {"to_entity": entities}]


def _seen(scope: Scope) -> Doc:
    return {"$or": _sides(scope)}
