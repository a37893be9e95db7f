"""Queries of `commandes` and `quota_counters`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from pymongo import ReturnDocument

from backend.commandes.models import Commande, Counter
from backend.commandes.quota import counter_id
from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, Sort, TenantCollection

SORTS = ("created_at", "quota_semaine")
"""What the list may be sorted by besides the priority."""
BY_PRIORITY: Sort = (("priorite", 1), ("created_at", 1), ("id", 1))

INDEXES = {
    "commandes": [
        index("id", unique=True),
        index("entity", "client_id", "produit", unique=True, partial={"active": True}),
        index("entity", "produit", "departements"),
        index("entity", "priorite", "created_at", "id"),
        index("entity", "active", "priorite", "created_at", "id"),
        index("entity", "produit", "priorite", "created_at", "id"),
        index("entity", "active", "produit", "priorite", "created_at", "id"),
        index("entity", "client_id", "priorite", "created_at", "id"),
        index("entity", "active", "paused_until"),
        *(index("entity", field, "id") for field in SORTS),
        *(index("entity", "active", field, "id") for field in SORTS),
        index("entity", "opened_week", partial={"active": True, "auto_renew": False}),
    ],
    "quota_counters": [index("entity", "commande_id", "week", unique=True)],
}
_ALIVE: Doc = {"deleted_at": None}


class CommandeStore:
    def __init__(self, mongo: Mongo, everyone: Scope) -> None:
        self._mongo = mongo
        self._everyone = everyone
        self._raw = mongo.collection("commandes")
        self._rows = TenantCollection(self._raw)
        self._raw_counters = mongo.collection("quota_counters")
        self._counters = TenantCollection(self._raw_counters)

    async def insert(self, tx: Tx, commande: Commande) -> None:
        self._mongo.touched("commandes", tx)
        await self._raw.insert_one(commande.model_dump(), session=tx)

    async def one(self, scope: Scope, commande_id: str, *, tx: Tx | None = None) -> Commande | None:
        """A commande that isn't deleted."""
        doc = await self._rows.one(scope, {"id": commande_id, **_ALIVE}, tx=tx)
        return Commande.model_validate(doc) if doc else None

    async def by_ids(self, ids: Iterable[str], *, tx: Tx | None = None) -> list[Commande]:
        """Deleted ones included: what refers to them still shows them."""
        cursor = self._rows.find(self._everyone, {"id": {"$in": list(set(ids))}}, tx=tx)
        return [Commande.model_validate(doc) async for doc in cursor]

    async def candidates(self, entities: Sequence[str], produit: str, areas: Sequence[str]) -> list[Commande]:
        query = {"produit": produit, "departements": {"$in": list(areas)}, **_ALIVE}
        cursor = self._rows.find(Scope(tuple(entities), both=True), query)
        return [Commande.model_validate(doc) async for doc in cursor]

    async def alive(self, entities: Sequence[str]) -> list[Commande]:
        """Every commande of these entities that is not deleted, paused ones included."""
        cursor = self._rows.find(Scope(tuple(entities), both=True), dict(_ALIVE))
        return [Commande.model_validate(doc) async for doc in cursor]

    async def page(self, scope: Scope, filters: Mapping[str, Any], page: Page, sort: str) -> Paged[Commande]:
        query = {**filters, **_ALIVE}
        found = await self._rows.page(scope, query, page, sort=_order(sort), hint=_listing(filters, sort))
        return Paged([Commande.model_validate(doc) for doc in found.rows], found.total, found.capped)

    async def every(self, scope: Scope, filters: Mapping[str, Any], sort: str) -> list[Commande]:
        """All of them: an entity has hundreds."""
        cursor = self._rows.find(scope, {**filters, **_ALIVE}, sort=_order(sort)).hint(_listing(filters, sort))
        return [Commande.model_validate(doc) async for doc in cursor]

    async def open(self, entity: str, *, tx: Tx | None = None) -> AsyncIterator[Commande]:
        """Every active commande of the entity, by priority, to exhaustion."""
        query = {"active": True, **_ALIVE}
        cursor = self._rows.find(Scope((entity,)), query, sort=BY_PRIORITY, tx=tx)
        async for doc in cursor.hint(_listing(query)):
            yield Commande.model_validate(doc)

    async def ended(self, entity: str, week: str) -> list[Commande]:
        """Active commandes of the entity that don't renew and whose week came before `week`."""
        query = {"active": True, "auto_renew": False, "opened_week": {"$lt": week}, **_ALIVE}
        return [Commande.model_validate(doc) async for doc in self._rows.find(Scope((entity,)), query)]

    async def pause_over(self, everyone: Scope, day: str) -> list[Commande]:
        """The commandes paused until `day` or before."""
        query = {"active": False, "paused_until": {"$gt": "", "$lte": day}, **_ALIVE}
        return [Commande.model_validate(doc) async for doc in self._rows.find(everyone, query)]

    async def open_of_client(self, client_id: str, *, tx: Tx | None = None) -> int:
        return await self._rows.count(self._everyone, {"client_id": client_id, "active": True, **_ALIVE}, tx=tx)

    async def update(self, tx: Tx, commande: Commande, fields: Mapping[str, Any]) -> None:
        self._mongo.touched("commandes", tx)
        await self._rows.update(tx, Scope((commande.entity,)), {"id": commande.id}, {"$set": dict(fields)})

    async def touch(self, tx: Tx, commande_id: str) -> Commande | None:
        """The commande, written to: a change of its quota and the birth of a counter then exclude each other."""
        doc = await self._raw.find_one_and_update(
            {"id": commande_id}, {"$inc": {"counters_made": 1}}, session=tx, return_document=ReturnDocument.AFTER
        )
        return Commande.model_validate(doc) if doc else None

    async def counters(self, ids: Sequence[str], *, tx: Tx | None = None) -> dict[str, Counter]:
        cursor = self._raw_counters.find({"_id": {"$in": list(ids)}}, session=tx)
        return {doc["_id"]: Counter.model_validate(doc) async for doc in cursor}

    async def every_counter(self) -> AsyncIterator[Counter]:
        """Every counter of every entity, streamed (the invariants walk them all)."""
        async for doc in self._raw_counters.find({}).sort("_id", 1):
            yield Counter.model_validate(doc)

    async def insert_counter(self, tx: Tx, counter: Counter) -> None:
        """Unless it is there already."""
        key = counter_id(counter.commande_id, counter.week)
        await self._raw_counters.update_one(
            {"_id": key}, {"$setOnInsert": counter.model_dump()}, upsert=True, session=tx
        )

    async def take(self, tx: Tx, key: str, *, lb: bool, within_share: bool) -> Counter | None:
        """Take one place if the counter allows it: the condition and the change are one operation."""
        room = [{"$or": [{"cap": None}, {"$expr": {"$lt": ["$used", "$cap"]}}]}]
        if within_share:
            fresh = {"$lt": [{"$subtract": ["$used", "$lb"]}, "$fresh_cap"]}
            room.append({"$or": [{"fresh_cap": None}, {"$expr": fresh}]})
        doc = await self._raw_counters.find_one_and_update(
            {"_id": key, "$and": room},
            {"$inc": {"used": 1, "taken": 1, "lb": int(lb)}},
            session=tx,
            return_document=ReturnDocument.AFTER,
        )
        return Counter.model_validate(doc) if doc else None

    async def give_back(self, tx: Tx, key: str, *, lb: bool) -> Counter | None:
        """Free one place, never below 0; answers the counter as it was before."""
        change = {"$set": {"used": _lowered("used", 1), "lb": _lowered("lb", int(lb))}}
        self._mongo.touched("quota_counters", tx)
        doc = await self._raw_counters.find_one_and_update({"_id": key}, [change], session=tx)
        return Counter.model_validate(doc) if doc else None

    async def add_sent(self, tx: Tx, key: str, *, units: int, lb_units: int) -> bool:
        change = {"$inc": {"sent": units, "lb_sent": lb_units}}
        return (await self._raw_counters.update_one({"_id": key}, change, session=tx)).matched_count == 1

    async def remove_sent(self, tx: Tx, key: str, *, units: int, lb_units: int) -> None:
        change = {"$set": {"sent": _lowered("sent", units), "lb_sent": _lowered("lb_sent", lb_units)}}
        await self._raw_counters.update_one({"_id": key}, [change], session=tx)

    async def recap(self, tx: Tx, commande: Commande, week: str, caps: Mapping[str, int | None]) -> None:
        """Write the caps of the counters of `week` and of the weeks after it."""
        self._mongo.touched("quota_counters", tx)
        query = {"commande_id": commande.id, "week": {"$gte": week}}
        await self._counters.update_many(
            tx, Scope((commande.entity,)), query, [{"$set": {**caps, "cap_max": _largest(caps["cap"])}}]
        )

    async def total_sent(self, commande: Commande) -> int:
        stages = [{"$group": {"_id": None, "sent": {"$sum": "$sent"}}}]
        rows = self._counters.aggregate(Scope((commande.entity,)), {"commande_id": commande.id}, stages)
        return sum([doc["sent"] async for doc in rows])


def _lowered(field: str, by: int) -> Doc:
    return {"$max": [0, {"$subtract": [f"${field}", by]}]}


def _order(sort: str) -> Sort:
    """`priorite`, or a field of `SORTS`, `-` downwards."""
    field, way = sort.removeprefix("-"), -1 if sort.startswith("-") else 1
    return ((field, way), ("id", way)) if field in SORTS else tuple((one, way) for one, _ in BY_PRIORITY)


def _listing(filters: Mapping[str, Any], sort: str = "priorite") -> list[tuple[str, int]]:
    """The index a list is read through: seeing all entities, the planner may prefer to sort in memory."""
    field = sort.removeprefix("-")
    if field in SORTS:
        return [("entity", 1), *([("active", 1)] if "active" in filters else []), (field, 1), ("id", 1)]
    known = ("client_id",) if "client_id" in filters and "$and" not in filters else ("active", "produit")
    return [("entity", 1), *((name, 1) for name in known if name in filters), *BY_PRIORITY]


def _largest(cap: int | None) -> Any:
    """The largest cap a week has had; None, unlimited, is larger than all."""
    if cap is None:
        return None
    return {"$cond": [{"$eq": ["$cap_max", None]}, None, {"$max": ["$cap_max", cap]}]}
