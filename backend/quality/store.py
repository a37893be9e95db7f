"""Counts over leads, deliveries and clients: reads only, through their indexes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any

from backend.core.indexes import Index, index
from backend.core.mongo import Doc, Mongo
from backend.core.tenancy import Scope, TenantCollection
from backend.core.weeks import PARIS
from backend.quality.models import Cohort, Copied, Origin, Refusal, Seen, SourceCounts

INDEXES = {
    "deliveries": [
        index("lead_entity", "status", "outcome", "last_sent_at"),
        index("entity", "overlap_fallback_delivery", "last_sent_at"),
    ]
}
_BY_STATE = index("entity", "status", "outcome", "last_sent_at")
_TO_CLIENT = index("entity", "client_id", "status", "-last_sent_at", "outcome", "produit")
"""Both are those of `deliveries`."""
Window = tuple[datetime, datetime]
_ORIGIN = {
    "provider_id": "$provider_id",
    # A provider is one source, whatever campaign it names.
    "source_key": {"$cond": [{"$gt": ["$provider_id", None]}, "", "$source_key"]},
}
_NAME = {"$cond": [{"$gt": ["$provider_id", None]}, "$provider_slug", "$source"]}


def _received(window: Window, produit: str | None) -> Doc:
    query: Doc = {"created_at": {"$gte": window[0], "$lt": window[1]}, "status": {"$ne": "test"}}
    return query | ({"produit": produit} if produit else {})


def _of(origin: Origin) -> Doc:
    """As `_ORIGIN` names them: a provider, whatever its campaigns; else what was said without one."""
    if origin.provider_id:
        return {"provider_id": origin.provider_id}
    return {"provider_id": None, "source_key": origin.source_key}


class QualityStore:
    """The deliveries of a source are those of leads collected by the scope, whoever sold them (rule 23)."""

    def __init__(self, mongo: Mongo) -> None:
        self._leads = TenantCollection(mongo.collection("leads"))
        self._deliveries = TenantCollection(mongo.collection("deliveries"), always=True)
        self._collected = TenantCollection(mongo.collection("deliveries"), field="lead_entity")
        self._clients = TenantCollection(mongo.collection("clients"))

    async def cohorts(self, scope: Scope, window: Window, produit: str | None) -> list[Cohort]:
        """Everything received in [start, end) but tests, counted."""
        key = {"entity": "$entity", "kind": "$lead_source_type", "origin": _ORIGIN, "status": "$status",
               "phone_quality": "$phone_quality"}  # fmt: skip
        group = {
            "_id": key,
            "name": {"$first": _NAME},
            "n": {"$sum": 1},
            "replaced": {"$sum": {"$cond": ["$was_replaced", 1, 0]}},
            "sold": {"$sum": {"$size": "$sold_to"}},
            "refused": {"$sum": {"$size": "$refused_clients"}},
        }
        found = self._leads.aggregate(scope, _received(window, produit), [{"$group": group}])
        return [Cohort.model_validate({**doc, **doc["_id"], "name": doc["name"] or ""}) async for doc in found]

    async def by_day(
        self, scope: Scope, origin: Origin, window: Window, produit: str | None
    ) -> tuple[str, dict[date, SourceCounts]]:
        """What one source sent in [start, end), by Paris day, and the name it gives itself."""
        day = {"$dateToString": {"date": "$created_at", "format": "%Y-%m-%d", "timezone": PARIS.key}}
        group = {
            "_id": day,
            "name": {"$max": _NAME},
            "received": {"$sum": 1},
            "valid": {"$sum": {"$cond": [{"$eq": ["$phone_quality", "valid"]}, 1, 0]}},
            "sold": {"$sum": {"$size": "$sold_to"}},
            "refused": {"$sum": {"$size": "$refused_clients"}},
        }
        query = _received(window, produit) | _of(origin)
        rows = [doc async for doc in self._leads.aggregate(scope, query, [{"$group": group}])]
        names = [doc["name"] for doc in rows if doc["name"]]
        return max(names, default=""), {date.fromisoformat(doc["_id"]): SourceCounts(**doc) for doc in rows}

    async def received(self, scope: Scope, origin: Origin, window: Window, produit: str | None) -> int:
        return await self._leads.count(scope, _received(window, produit) | _of(origin))

    async def copied(self, scope: Scope, window: Window, produit: str | None) -> AsyncIterator[Copied]:
        """Each `duplicate` of the window, with the latest lead sold before it under the same number and produit."""
        query = _received(window, produit) | {"status": "duplicate"}
        found = self._leads.aggregate(scope, query, [_earlier(scope), {"$project": _COPIED}])
        async for doc in found:
            before: Doc = doc.get("before") or {}
            gap = doc["created_at"] - before["at"] if before else None
            yield Copied(
                entity=doc["entity"],
                hours=gap.total_seconds() / 3600 if gap is not None else None,
                kind=before.get("kind"),
                other_entity=bool(before) and before["entity"] != doc["entity"],
            )

    async def repeated(self, scope: Scope, window: Window, produit: str | None) -> AsyncIterator[list[Seen]]:
        """For each number that came from several sources, or to both companies: where from."""
        key = {"phone": "$_id", "entity": "$seen.entity", "origin": "$seen.origin"}
        seen = {"entity": "$_id.entity", "origin": "$_id.origin", "name": "$name"}
        told = {"entity": "$entity", "origin": _ORIGIN, "name": _NAME}
        stages: list[Mapping[str, Any]] = [
            {"$group": {"_id": "$phone", "n": {"$sum": 1}, "seen": {"$push": told}}},
            {"$match": {"n": {"$gt": 1}}},  # nearly every number comes once: the rest is for the others
            {"$unwind": "$seen"},
            {"$group": {"_id": key, "name": {"$first": "$seen.name"}}},
            {"$group": {"_id": "$_id.phone", "seen": {"$push": seen}}},
            {"$match": {"seen.1": {"$exists": True}}},
        ]
        query = _received(window, produit) | {"phone": {"$gt": ""}}
        async for doc in self._leads.aggregate(scope, query, stages):
            yield [Seen.model_validate({**one, "name": one["name"] or ""}) for one in doc["seen"]]

    async def phones(self, scope: Scope, window: Window, produit: str | None) -> dict[tuple[int, str | None], int]:
        """(how many companies received it, which one first) -> numbers."""
        own = {"_id": {"phone": "$phone", "entity": "$entity"}, "at": {"$min": "$created_at"}}
        both = {
            "_id": "$_id.phone",
            "companies": {"$sum": 1},
            "first": {"$min": {"at": "$at", "entity": "$_id.entity"}},
        }
        told = {"_id": {"companies": "$companies", "first": "$first.entity"}, "n": {"$sum": 1}}
        query = _received(window, produit) | {"phone": {"$gt": ""}, "entity": {"$in": list(scope.entities)}}
        found = self._leads.aggregate(scope, query, [{"$group": own}, {"$group": both}, {"$group": told}])
        return {(doc["_id"]["companies"], doc["_id"]["first"]): doc["n"] async for doc in found}

    async def refusals(self, scope: Scope, window: Window, produit: str | None) -> list[Refusal]:
        """What buyers refused of the leads that the scope collected, sent in [start, end)."""
        query: Doc = {"status": "sent", "outcome": {"$in": ["rejected", "removed"]},
                      "last_sent_at": {"$gte": window[0], "$lt": window[1]}}  # fmt: skip
        lead = {"from": "leads", "localField": "lead_id", "foreignField": "id", "as": "lead",
                "pipeline": [{"$project": {"_id": 0, "origin": _ORIGIN, "source": _NAME}}]}  # fmt: skip
        key = {"origin": {"$first": "$lead.origin"}, "client_id": "$client_id", "entity": "$entity",
               "departement": "$contact.departement", "outcome": "$outcome", "reason": _REASON}  # fmt: skip
        group = {"_id": key, "client_name": {"$first": "$client_name"}, "count": {"$sum": 1},
                 "source": {"$first": {"$first": "$lead.source"}}}  # fmt: skip
        query |= {"produit": produit} if produit else {}
        found = self._collected.aggregate(scope, query, [{"$lookup": lead}, {"$group": group}])
        return [_refusal(doc, scope) async for doc in found]

    async def lb_stock(self, scope: Scope, produit: str | None) -> int:
        return await self._leads.count(scope, {"status": "lb"} | ({"produit": produit} if produit else {}))

    async def shared_clients(self, everyone: Scope) -> tuple[set[str], int]:
        """Active clients that have an address in both companies, and how many active clients there are."""
        active: Doc = {"deleted": False, "active": True}
        group = {"_id": "$email_keys", "companies": {"$addToSet": "$entity"}, "ids": {"$addToSet": "$id"}}
        stages: list[Mapping[str, Any]] = [
            {"$unwind": "$email_keys"}, {"$group": group}, {"$match": {"companies.1": {"$exists": True}}},
        ]  # fmt: skip
        ids = {one async for doc in self._clients.aggregate(everyone, active, stages) for one in doc["ids"]}
        return ids, await self._clients.count(everyone, active)

    async def sent(self, everyone: Scope, window: Window, clients: set[str]) -> tuple[int, int, int]:
        """Deliveries sent in [start, end): to these clients, to all, to one whom the guard could not avoid."""
        when: Doc = {"status": "sent", "last_sent_at": {"$gte": window[0], "$lt": window[1]}}
        decided = when | {"outcome": {"$in": ["accepted", "rejected", "removed"]}}
        shared = await self._how_many(everyone, decided | {"client_id": {"$in": sorted(clients)}}, _TO_CLIENT)
        all_sent = await self._how_many(everyone, decided, _BY_STATE)
        return shared, all_sent, await self._deliveries.count(everyone, when | {"overlap_fallback_delivery": True})

    async def _how_many(self, everyone: Scope, query: Doc, through: Index) -> int:
        """Counted in the index alone."""
        found = self._deliveries.aggregate(everyone, query, [{"$count": "n"}], hint=through.keys)
        return sum([doc["n"] async for doc in found])


_COPIED = {"_id": 0, "entity": 1, "created_at": 1, "before": {"$max": "$earlier"}}
_REASON = {"$ifNull": ["$rejection_reason", {"$ifNull": ["$removal_reason", ""]}]}


def _earlier(scope: Scope) -> Mapping[str, Any]:
    """The leads of the scope sold before this one, same number, same produit."""
    same = {"$and": [{"$eq": ["$produit", "$$produit"]}, {"$lt": ["$created_at", "$$at"]}]}
    match = {"entity": scope.predicate(), "status": {"$in": ["routed", "livre"]}, "$expr": same}
    told = {"_id": 0, "at": "$created_at", "kind": "$lead_source_type", "entity": "$entity"}
    return {"$lookup": {"from": "leads", "localField": "phone", "foreignField": "phone", "as": "earlier",
                        "let": {"produit": "$produit", "at": "$created_at"},
                        "pipeline": [{"$match": match}, {"$project": told}]}}  # fmt: skip


def _refusal(doc: Doc, scope: Scope) -> Refusal:
    """A buyer of the sister company stays unnamed for who does not see it."""
    key: Doc = doc["_id"]
    mine = scope.allows(key["entity"])
    return Refusal.model_validate(
        {
            **Origin.model_validate(key.get("origin") or {}).model_dump(),
            **{name: key[name] for name in ("entity", "departement", "outcome", "reason")},
            "source": doc.get("source") or "",
            "client_id": key["client_id"] if mine else None,
            "client_name": doc["client_name"] if mine else None,
            "count": doc["count"],
        }
    )
