"""Queries of `leads`."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import InsertOne

from backend.commandes.models import PRODUITS
from backend.core.indexes import Index, index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import NEWEST, OLDEST, Scope, TenantCollection
from backend.leads.models import HELD, ROUTABLE, STOCK, Lead

_NEWEST = ("-created_at", "-id")
PAGE = 200
_WAITING = index("status", "created_at", "id")
_DELIVERED = index("status", "delivered_at", "id")
_STOCK = index("entity", "produit", "status", "created_at", "id")
_BY_STATUS = index("entity", "status", *_NEWEST)
_BY_CLIENT = index("entity", "delivery_entity", "delivery_client_id", *_NEWEST)
_FILTERS = ("keys", "provider_id", "source_key", "departement", "phone_quality", "status", "produit")

INDEXES = {
    "leads": [
        index("id", unique=True),
        index("entity", *_NEWEST),
        *(index("entity", name, *_NEWEST) for name in _FILTERS),
        _BY_CLIENT,
        index("provider_id", "-created_at"),
        index("phone", "produit"),
        _WAITING,
        _STOCK,
        _DELIVERED,
        index("expires_at", ttl_s=0),
    ]
}


class LeadsStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._raw = mongo.collection("leads")
        self._rows = TenantCollection(self._raw)

    async def insert(self, tx: Tx, lead: Lead) -> None:
        await self._mongo.write(tx, "leads", [InsertOne(lead.model_dump())])

    async def get(self, scope: Scope, lead_id: str, *, tx: Tx | None = None) -> Lead | None:
        doc = await self._rows.one(scope, {"id": lead_id}, tx=tx)
        return Lead(**doc) if doc else None

    async def answers(self, scope: Scope, ids: Sequence[str]) -> dict[str, Doc]:
        """Lead id -> what the caller who sent it was told."""
        found = self._rows.find(scope, {"id": {"$in": list(ids)}}, fields=["id", "answer"])
        return {doc["id"]: doc["answer"] async for doc in found}

    async def page(
        self, scope: Scope, query: Mapping[str, Any], page: Page, *, oldest_first: bool = False
    ) -> Paged[Doc]:
        sort = OLDEST if oldest_first else NEWEST
        return await self._rows.page(scope, query, page, sort=sort, hint=_listing(query).keys)

    async def stream(self, scope: Scope, query: Mapping[str, Any], *, oldest_first: bool = False) -> AsyncIterator[Doc]:
        """The same rows as `page`, all of them."""
        found = self._rows.find(scope, query, sort=OLDEST if oldest_first else NEWEST)
        async for doc in found.hint(list(_listing(query).keys)):
            yield doc

    async def count(self, scope: Scope, query: Mapping[str, Any]) -> int:
        return await self._rows.count(scope, query)

    async def by_status(self, scope: Scope, window: Mapping[str, Any] | None = None) -> dict[str, int]:
        """Of all time, from the index alone; those without an entity are few and counted apart."""
        query = {"created_at": dict(window)} if window else {}
        stages = [{"$group": {"_id": "$status", "n": {"$sum": 1}}}]
        counts = Counter[str]()
        for one in [scope] if window else scope.apart():
            through = None if window else _BY_STATUS.keys
            async for doc in self._rows.aggregate(one, query, stages, hint=through):
                counts[doc["_id"]] += doc["n"]
        return dict(counts)

    async def received(self, scope: Scope, start: datetime, end: datetime) -> dict[tuple[str, str], int]:
        """(departement, produit) -> leads received in [start, end)."""
        query = {"created_at": {"$gte": start, "$lt": end}}
        key = {"departement": "$departement", "produit": "$produit"}
        found = self._rows.aggregate(scope, query, [{"$group": {"_id": key, "n": {"$sum": 1}}}])
        return {(doc["_id"]["departement"], doc["_id"]["produit"] or ""): doc["n"] async for doc in found}

    async def blocked(self, scope: Scope, statuses: Sequence[str]) -> list[Doc]:
        """{entity, produit, status, count, oldest} of the leads in these states, all time."""
        query = {"produit": {"$in": [*PRODUITS, None]}, "status": {"$in": list(statuses)}}
        key = {name: f"${name}" for name in ("entity", "produit", "status")}
        group = {"_id": key, "count": {"$sum": 1}, "oldest": {"$min": "$created_at"}}
        found = self._rows.aggregate(scope, query, [{"$group": group}])
        return [{**doc.pop("_id"), **doc} async for doc in found]

    async def last_received(self, scope: Scope, provider_id: str) -> datetime | None:
        found = self._rows.find(scope, {"provider_id": provider_id}, sort=NEWEST, fields=["created_at"])
        rows = await found.hint(list(_listing({"provider_id": provider_id}).keys)).limit(1).to_list(1)
        return rows[0]["created_at"] if rows else None

    async def by_provider(self, ids: Sequence[str]) -> dict[str, int]:
        stages: list[Mapping[str, Any]] = [
            {"$match": {"provider_id": {"$in": list(ids)}}},
            {"$group": {"_id": "$provider_id", "n": {"$sum": 1}}},
        ]
        return {doc["_id"]: doc["n"] async for doc in self._raw.aggregate(stages)}

    async def change(
        self, tx: Tx | None, lead_id: str, change: Mapping[str, Any], *, guard: Mapping[str, Any] | None = None
    ) -> bool:
        """Apply update operators to the lead if it still is as `guard` says."""
        result = await self._raw.update_one({"id": lead_id, **(guard or {})}, dict(change), session=tx)
        return result.matched_count == 1

    async def deliver(self, tx: Tx, by_delivery: Mapping[str, str], client: tuple[str, str], at: datetime) -> None:
        """The leads of a sent batch become `livre`, if that delivery is still their current one."""
        client_id, client_name = client
        query = {"id": {"$in": list(by_delivery.values())}, "delivery_id": {"$in": list(by_delivery)}}
        change = {
            "$set": {
                "status": "livre",
                "delivered_at": at,
                "delivered_to_client_id": client_id,
                "delivered_to_client_name": client_name,
                "updated_at": at,
            },
            "$addToSet": {"sold_to": client_id},
        }
        await self._raw.update_many(query, change, session=tx)

    async def waiting(
        self,
        query: Mapping[str, Any],
        after: tuple[datetime, str] | None,
        *,
        held: bool = True,
        until: datetime | None = None,
    ) -> list[Lead]:
        """One page of the leads that wait, oldest first, after the cursor (created_at, id), received by `until`."""
        wanted = [*ROUTABLE, *(HELD if held else ())]
        found: Doc = {**query, "status": {"$in": wanted}}
        found |= _past(after)
        if until is not None:
            found["created_at"] = {**found.get("created_at", {}), "$lte": until}
        cursor = self._raw.find(found, {"_id": 0}).sort([("created_at", 1), ("id", 1)])
        cursor = cursor.hint(list(_WAITING.keys)).limit(PAGE)
        return [Lead(**doc) async for doc in cursor]

    async def ageing(self, before: datetime) -> list[Lead]:
        """One page of the undelivered leads received before `before` that are not LB yet."""
        query = {"status": {"$in": list(ROUTABLE)}, "created_at": {"$lte": before}, "is_lb": False}
        cursor = self._raw.find(query, {"_id": 0}).sort([("created_at", 1), ("id", 1)])
        cursor = cursor.hint(list(_WAITING.keys)).limit(PAGE)
        return [Lead(**doc) async for doc in cursor]

    async def delivered_before(self, before: datetime) -> list[Lead]:
        """One page of the leads delivered before `before`."""
        query = {"status": "livre", "delivered_at": {"$lte": before}}
        cursor = self._raw.find(query, {"_id": 0}).sort([("delivered_at", 1), ("id", 1)])
        cursor = cursor.hint(list(_DELIVERED.keys)).limit(PAGE)
        return [Lead(**doc) async for doc in cursor]

    async def mark_lb(self, tx: Tx, ids: Sequence[str], statuses: Sequence[str], reason: str, at: datetime) -> int:
        query = {"id": {"$in": list(ids)}, "status": {"$in": list(statuses)}}
        change = {"status": "lb", "is_lb": True, "lb_since": at, "lb_reason": reason, "updated_at": at}
        return (await self._raw.update_many(query, {"$set": change}, session=tx)).modified_count

    async def stock(
        self,
        entity: str,
        produit: str,
        areas: Sequence[str] | None,
        extra: Mapping[str, Any],
        after: tuple[datetime, str] | None,
        *,
        tx: Tx | None = None,
    ) -> list[Lead]:
        """One page of what can be sold again, or still, for a produit and départements (None: all), oldest first."""
        query: Doc = {"entity": entity, "produit": produit, "status": {"$in": list(STOCK)}, **extra}
        if areas is not None:
            query["departement"] = {"$in": list(areas)}
        query |= _past(after)
        cursor = self._raw.find(query, {"_id": 0}, session=tx).sort([("created_at", 1), ("id", 1)])
        cursor = cursor.hint(list(_STOCK.keys)).limit(PAGE)
        return [Lead(**doc) async for doc in cursor]

    async def standing(self) -> AsyncIterator[tuple[str, str, str | None]]:
        """(id, status, delivery id) of every lead, streamed (the invariants walk them all)."""
        fields = {"_id": 0, "id": 1, "status": 1, "delivery_id": 1}
        async for doc in self._raw.find({}, fields).sort("id", 1):
            yield doc["id"], doc["status"], doc["delivery_id"]


def _listing(query: Mapping[str, Any]) -> Index:
    """The index a list is read through: seeing all entities, the planner may prefer to sort in memory."""
    if "delivery_client_id" in query:
        return _BY_CLIENT
    known = [name for name in _FILTERS if name in query]
    return index("entity", *known[:1], *_NEWEST)


def _past(after: tuple[datetime, str] | None) -> Doc:
    """What comes after the cursor (created_at, id). Said without `$or`, which would be sorted in memory."""
    if after is None:
        return {}
    return {"created_at": {"$gte": after[0]}, "$nor": [{"created_at": after[0], "id": {"$lte": after[1]}}]}
