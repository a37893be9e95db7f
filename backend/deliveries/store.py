"""Queries of `deliveries` and `dedup_claims`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo import InsertOne, UpdateOne

from backend.core import finding
from backend.core.indexes import Index, index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import NEWEST, OLDEST, Scope, TenantCollection
from backend.core.weeks import PARIS
from backend.deliveries.models import Counted, Delivery

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
_NEWEST = ("-created_at", "-id")
_FILTERS = ("keys", "lead_id", "commande_id", "client_id", "sent_week", "outcome", "status", "produit")
_UNSENT = ["pending_csv", "ready_to_send", "sending", "failed", "uncertain", "cancelled"]
_OUTCOMES = ["accepted", "rejected", "removed"]
_BY_STATE = index("entity", "status", "outcome", "last_sent_at")
Window = tuple[datetime, datetime] | None
"""[start, end) of a count; None: all time."""

INDEXES = {
    "deliveries": [
        index("id", unique=True),
        index("lead_id", unique=True, partial={"current": True}),
        index("lead_id", "-created_at"),
        index("batch_id"),
        index("entity", *_NEWEST),
        *(index("entity", name, *_NEWEST) for name in _FILTERS),
        index("entity", "status", "client_id", "commande_id", "created_at", "id"),
        index("entity", "rejected_at", partial={"outcome": "rejected"}),
        _BY_STATE,
        index("entity", "client_id", "status", "-last_sent_at", "outcome", "produit"),
        index("entity", "client_id", "contact.phone"),
        index("commande_id", "holds_place", "status"),
    ],
    "dedup_claims": [index("delivery_id")],
}


class DeliveriesStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._rows = TenantCollection(mongo.collection("deliveries"), always=True)
        self._raw = mongo.collection("deliveries")
        self._claims = mongo.collection("dedup_claims")

    async def insert(self, tx: Tx, delivery: Delivery) -> None:
        contact = delivery.contact
        keys = finding.person_keys(contact.nom, contact.prenom, contact.email, contact.phone)
        await self._mongo.write(tx, "deliveries", [InsertOne(delivery.model_dump() | {"keys": keys})])

    async def get(self, scope: Scope, delivery_id: str, *, tx: Tx | None = None) -> Doc | None:
        return await self._rows.one(scope, {"id": delivery_id}, tx=tx)

    async def page(
        self, scope: Scope, query: Mapping[str, Any], page: Page, *, oldest_first: bool = False
    ) -> Paged[Doc]:
        sort = OLDEST if oldest_first else NEWEST
        return await self._rows.page(scope, query, page, sort=sort, hint=_listing(query).keys)

    async def stream(
        self, scope: Scope, query: Mapping[str, Any], *, oldest_first: bool = False
    ) -> AsyncIterator[Delivery]:
        """The same rows as `page`, all of them."""
        found = self._rows.find(scope, query, sort=OLDEST if oldest_first else NEWEST)
        async for doc in found.hint(list(_listing(query).keys)):
            yield Delivery(**doc)

    async def picked(self, scope: Scope, ids: Sequence[str]) -> list[Delivery]:
        """Those of `ids` that are in the scope."""
        return [Delivery(**doc) async for doc in self._rows.find(scope, {"id": {"$in": list(ids)}})]

    async def of_phones(self, scope: Scope, client_id: str, phones: Sequence[str]) -> list[Delivery]:
        """Every delivery of these numbers to a client."""
        query = {"client_id": client_id, "contact.phone": {"$in": list(phones)}}
        through = index("entity", "client_id", "contact.phone")
        return [Delivery(**doc) async for doc in self._rows.find(scope, query).hint(list(through.keys))]

    async def all_of_lead(self, lead_id: str) -> list[Doc]:
        """Every delivery of a lead, both entities': for the summary that its collecting entity may read."""
        cursor = self._raw.find({"lead_id": lead_id}, {"_id": 0}).sort("created_at", -1)
        return [doc async for doc in cursor]

    async def by_ids(self, ids: Sequence[str]) -> list[Delivery]:
        """Of every entity, in the order of their ids."""
        cursor = self._raw.find({"id": {"$in": list(ids)}}, {"_id": 0}).sort("id", 1)
        return [Delivery(**doc) async for doc in cursor]

    async def of_batch(self, batch_id: str, *, tx: Tx | None = None) -> list[Delivery]:
        cursor = self._raw.find({"batch_id": batch_id}, {"_id": 0}, session=tx)
        return sorted([Delivery(**doc) async for doc in cursor], key=lambda one: (one.created_at, one.id))

    async def pending_groups(self, entity: str) -> list[tuple[str, str]]:
        """(client_id, commande_id) of the entity's deliveries that have no batch yet."""
        stages: list[Mapping[str, Any]] = [
            {"$match": {"entity": entity, "status": "pending_csv"}},
            {"$group": {"_id": {"client": "$client_id", "commande": "$commande_id"}}},
        ]
        found = [doc["_id"] async for doc in self._raw.aggregate(stages)]
        return sorted((one["client"], one["commande"]) for one in found)

    async def pending_of(self, tx: Tx, entity: str, client_id: str, commande_id: str) -> list[Delivery]:
        query = {"entity": entity, "status": "pending_csv", "client_id": client_id, "commande_id": commande_id}
        cursor = self._raw.find(query, {"_id": 0}, session=tx).sort([("created_at", 1), ("id", 1)])
        return [Delivery(**doc) async for doc in cursor]

    async def move(self, tx: Tx, ids: Sequence[str], statuses: Sequence[str], change: Mapping[str, Any]) -> int:
        """Change those of `ids` that are in one of `statuses`; answers how many were."""
        query = {"id": {"$in": list(ids)}, "status": {"$in": list(statuses)}}
        return (await self._raw.update_many(query, {"$set": dict(change)}, session=tx)).matched_count

    async def decide(self, tx: Tx, delivery_id: str, change: Mapping[str, Any]) -> bool:
        """Write an outcome on a sent and still accepted delivery."""
        query = {"id": delivery_id, "status": "sent", "outcome": "accepted"}
        return (await self._raw.update_one(query, {"$set": dict(change)}, session=tx)).matched_count == 1

    async def close_current(self, tx: Tx, lead_ids: Sequence[str]) -> None:
        """The leads turned LB: their sent delivery is history, and they may be sold again."""
        query = {"lead_id": {"$in": list(lead_ids)}, "current": True, "status": "sent"}
        await self._raw.update_many(query, {"$set": {"current": False}}, session=tx)

    async def reserved(self, commande_id: str) -> int:
        """How many deliveries of a commande hold a place and have not left."""
        query = {"commande_id": commande_id, "holds_place": True, "status": {"$in": ["pending_csv", "ready_to_send"]}}
        return await self._raw.count_documents(query)

    async def reserved_for(self, scope: Scope, client_id: str) -> int:
        """How many deliveries of a client hold a place and have not left."""
        query = {"status": {"$in": ["pending_csv", "ready_to_send"]}, "client_id": client_id, "holds_place": True}
        return await self._rows.count(scope, query)

    async def unsettled(self, entity: str, client_id: str, week: str, *, tx: Tx | None = None) -> int:
        """How many of the client's deliveries, due in `week` or before, are `sending` or `uncertain`."""
        query = {
            "entity": entity,
            "client_id": client_id,
            "status": {"$in": ["sending", "uncertain"]},
            "week": {"$lte": week},
        }
        return await self._raw.count_documents(query, session=tx)

    async def sent_in(self, scope: Scope, week: str) -> AsyncIterator[Delivery]:
        query = {"sent_week": week, "status": "sent"}
        async for doc in self._rows.find(scope, query, sort=(("created_at", -1), ("id", -1))):
            yield Delivery(**doc)

    async def by_status(self, scope: Scope) -> list[Doc]:
        group = {"_id": {"status": "$status", "outcome": "$outcome"}, "n": {"$sum": 1}}
        return [doc async for doc in self._rows.aggregate(scope, {}, [{"$group": group}], hint=_BY_STATE.keys)]

    async def count_sent(self, scope: Scope, window: Window, by: Sequence[str], **query: Any) -> list[Counted]:
        """What was sent in the window, counted by the values of these fields of `Counted`."""
        wanted = {"status": "sent", "outcome": {"$in": _OUTCOMES}, **query}
        return await self._count(scope, wanted, "last_sent_at", window, by)

    async def count_unsent(self, scope: Scope, window: Window, by: Sequence[str], **query: Any) -> list[Counted]:
        """What was reserved in the window and has not been sent, cancelled ones included."""
        return await self._count(scope, {"status": {"$in": _UNSENT}, **query}, "created_at", window, by)

    async def count_reserved(self, scope: Scope, window: Window, by: Sequence[str], **query: Any) -> list[Counted]:
        """What was reserved in the window and not cancelled since."""
        return await self._count(scope, {"status": {"$ne": "cancelled"}, **query}, "created_at", window, by)

    async def _count(
        self, scope: Scope, query: Mapping[str, Any], dated: str, window: Window, by: Sequence[str]
    ) -> list[Counted]:
        day = {"$dateToString": {"date": f"${dated}", "format": "%Y-%m-%d", "timezone": PARIS.key}}
        named = {"day": day, "departement": "$contact.departement"}
        key = {name: named.get(name, f"${name}") for name in (*by, "status")}
        within = {dated: {"$gte": window[0], "$lt": window[1]}} if window else {}
        found = self._rows.aggregate(scope, {**query, **within}, [{"$group": {"_id": key, "n": {"$sum": 1}}}])
        return [Counted(**doc["_id"], n=doc["n"]) async for doc in found]

    async def last_sent(self, scope: Scope, client_id: str) -> Doc | None:
        """When something last left for the client, and to whom."""
        query = {"client_id": client_id, "status": "sent"}
        fields = ("last_sent_at", "sent_to")
        rows = await self._rows.find(scope, query, sort=[("last_sent_at", -1)], fields=fields).to_list(1)
        return rows[0] if rows else None

    async def every(self) -> AsyncIterator[Delivery]:
        """Every delivery, streamed (the invariants walk them all)."""
        async for doc in self._raw.find({}, {"_id": 0}).sort("id", 1):
            yield Delivery(**doc)

    # -- exclusivity -----------------------------------------------------------------------------------------

    async def held(self, keys: Iterable[str], now: datetime, *, tx: Tx | None = None) -> set[str]:
        """Those of the claims `keys` that are live."""
        query = {"_id": {"$in": list(keys)}, "until": {"$gt": now}}
        return {doc["_id"] async for doc in self._claims.find(query, {"_id": 1}, session=tx)}

    async def claim(self, tx: Tx, key: str, lead_id: str, delivery_id: str, now: datetime) -> None:
        """Take the claim, or take over an expired one. A live one raises DuplicateKeyError."""
        change = {"$set": {"until": FOREVER, "lead_id": lead_id, "delivery_id": delivery_id, "taken_at": now}}
        taking = UpdateOne({"_id": key, "until": {"$lte": now}}, change, upsert=True)
        await self._mongo.write(tx, "dedup_claims", [taking])

    async def end_claims(self, tx: Tx, delivery_ids: Sequence[str], until: datetime) -> None:
        query = {"delivery_id": {"$in": list(delivery_ids)}}
        await self._claims.update_many(query, {"$set": {"until": until}}, session=tx)

    async def release_claim(self, tx: Tx, key: str, delivery_id: str) -> None:
        await self._claims.delete_one({"_id": key, "delivery_id": delivery_id}, session=tx)

    async def every_claim(self) -> AsyncIterator[tuple[str, str]]:
        """(key, delivery id) of every claim, streamed."""
        async for doc in self._claims.find({}).sort("_id", 1):
            yield doc["_id"], doc["delivery_id"]


def _listing(query: Mapping[str, Any]) -> Index:
    """The index a list is read through."""
    known = [name for name in _FILTERS if name in query]
    return index("entity", *known[:1], *_NEWEST)
