"""Queries of `billing_ledger` and `billing_weeks`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx, insert_all
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, TenantCollection
from backend.ledger.models import Entry, Summed, Week, WeekState

_UNPRICED = {"kind": "unit", "net_unit_eur": None}
_BY_VALUE = index("entity", "value_at")
_OF_CLIENT = index("entity", "client_id", "value_at")
_OF_DELIVERY = index("entity", "delivery_id", "-at", "-id")
_NET: Doc = {"$sum": {"$multiply": ["$quantity", "$net_unit_eur"]}}
INDEXES = {
    "billing_ledger": [
        index("client_id", "week_key", "sent_at", "id"),
        index("delivery_id"),
        index("entity", "week_key", "client_id", "sent_at", "id"),
        index("entity", "client_id", "-at", "-id"),
        index("entity", "-at", "-id"),
        index("entity", "week_key", "-at", "-id"),
        _OF_DELIVERY,
        _BY_VALUE,
        _OF_CLIENT,
        index("client_id", "product_code", partial=_UNPRICED),
    ],
    "billing_weeks": [
        index("entity", "week_key", "client_id"),
        index("client_id", "week_key"),
        index("entity", "state", "week_key"),
    ],
}
_NEWEST = (("at", -1), ("id", -1))
_FILTERS = ("delivery_id", "client_id", "week_key")


def week_id(client_id: str, week: str) -> str:
    return f"{client_id}|{week}"


class LedgerStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("billing_ledger")
        self._rows = TenantCollection(self._raw, always=True)
        self._raw_weeks = mongo.collection("billing_weeks")
        self._weeks = TenantCollection(self._raw_weeks)

    # -- lines -----------------------------------------------------------------------------------------------

    async def insert(self, tx: Tx, entries: Sequence[Entry]) -> None:
        """Add lines. The same line twice raises DuplicateKeyError and aborts the transaction."""
        if entries:
            await insert_all(self._raw, [one.model_dump() | {"_id": one.id} for one in entries], tx)

    async def of_delivery(self, delivery_id: str, *, tx: Tx | None = None) -> list[Entry]:
        return [Entry(**doc) async for doc in self._raw.find({"delivery_id": delivery_id}, {"_id": 0}, session=tx)]

    async def of_week(self, client_id: str, week: str, *, tx: Tx | None = None) -> list[Entry]:
        query = {"client_id": client_id, "week_key": week}
        cursor = self._raw.find(query, {"_id": 0}, session=tx).sort([("sent_at", 1), ("id", 1)])
        return [Entry(**doc) async for doc in cursor]

    async def in_week(self, scope: Scope, week: str) -> AsyncIterator[Entry]:
        """Every line of the scope's clients in that week, client by client."""
        sort = (("client_id", 1), ("sent_at", 1), ("id", 1))
        async for doc in self._rows.find(scope, {"week_key": week}, sort=sort):
            yield Entry(**doc)

    async def unpriced(self, tx: Tx, client_id: str, produit: str) -> list[Entry]:
        query = {"client_id": client_id, "product_code": produit, **_UNPRICED}
        return [Entry(**doc) async for doc in self._raw.find(query, {"_id": 0}, session=tx)]

    async def known(self, ids: Sequence[str], *, tx: Tx | None = None) -> list[Entry]:
        return [Entry(**doc) async for doc in self._raw.find({"_id": {"$in": list(ids)}}, {"_id": 0}, session=tx)]

    async def undone(self, ids: Sequence[str], *, tx: Tx | None = None) -> set[str]:
        """Those of these units that a line reverses: the reversal of a unit has the unit's own delivery."""
        deliveries = [one.delivery_id for one in await self.known(ids, tx=tx)]
        query = {"delivery_id": {"$in": deliveries}, "reverses": {"$in": list(ids)}}
        return {doc["reverses"] async for doc in self._raw.find(query, {"reverses": 1}, session=tx)}

    async def page(self, scope: Scope, query: Mapping[str, Any], page: Page) -> Paged[Doc]:
        known = [name for name in _FILTERS if name in query]
        through = index("entity", *known[:1], "-at", "-id")
        return await self._rows.page(scope, query, page, sort=_NEWEST, hint=through.keys)

    async def worth(self, scope: Scope, since: datetime, until: datetime) -> Decimal:
        found = self._rows.aggregate(scope, _within(since, until), [{"$group": {"_id": None, "net": _NET}}])
        return sum([_decimal(doc["net"]) async for doc in found], Decimal())

    async def of_client(self, scope: Scope, client_id: str, since: datetime, until: datetime) -> tuple[int, Decimal]:
        query = {"client_id": client_id, **_within(since, until)}
        units = {"$sum": {"$cond": [{"$in": ["$kind", ["unit", "reversal"]]}, "$quantity", 0]}}
        group = {"$group": {"_id": None, "units": units, "net": _NET}}
        found = [doc async for doc in self._rows.aggregate(scope, query, [group], hint=_OF_CLIENT.keys)]
        return sum(doc["units"] for doc in found), sum((_decimal(doc["net"]) for doc in found), Decimal())

    async def summed(self, scope: Scope, since: datetime, until: datetime) -> list[Summed]:
        """The lines that count in [since, until), added up by the base: an entity has tens of thousands a month."""
        key = {name: f"${name}" for name in Summed.KEY}
        first = {name: {"$first": f"${name}"} for name in ("client_name", "entity")}
        sold = {"$eq": [{"$substrBytes": ["$id", 0, 5]}, "unit:"]}
        group = {"_id": key, **first, "quantity": {"$sum": "$quantity"}, "net": _NET,
                 "sent": {"$sum": {"$cond": [sold, 1, 0]}}, "weeks": {"$addToSet": "$week_key"}}  # fmt: skip
        found = self._rows.aggregate(scope, _within(since, until), [{"$group": group}], hint=_BY_VALUE.keys)
        return [Summed(**{**doc.pop("_id"), **doc, "net": _decimal(doc["net"])}) async for doc in found]

    async def touched_again(self, scope: Scope, since: datetime, until: datetime) -> list[Entry]:
        """The lines that count in [since, until), of the deliveries that have one there that undoes another."""
        query = {**_within(since, until), "reverses": {"$gt": ""}}
        found = self._rows.find(scope, query, fields=("delivery_id",)).hint(list(_BY_VALUE.keys))
        ids = sorted({doc["delivery_id"] async for doc in found})
        again = {"delivery_id": {"$in": ids}, **_within(since, until)}
        lines = self._rows.find(scope, again).hint(list(_OF_DELIVERY.keys))
        return [Entry(**doc) async for doc in lines]

    async def every(self) -> AsyncIterator[Entry]:
        """Every line, streamed (the invariants walk them all)."""
        async for doc in self._raw.find({}).sort("_id", 1):
            yield Entry(**doc)

    # -- weeks -----------------------------------------------------------------------------------------------

    async def week(self, client_id: str, week: str, *, tx: Tx | None = None) -> Week | None:
        doc = await self._raw_weeks.find_one({"_id": week_id(client_id, week)}, session=tx)
        return Week(**doc) if doc else None

    async def states(self, client_id: str, since: str, *, tx: Tx | None = None) -> dict[str, WeekState]:
        """The state of each known week of the client, from `since` on."""
        query = {"client_id": client_id, "week_key": {"$gte": since}}
        cursor = self._raw_weeks.find(query, {"week_key": 1, "state": 1}, session=tx)
        return {doc["week_key"]: doc["state"] async for doc in cursor}

    async def every_week(self) -> AsyncIterator[Week]:
        async for doc in self._raw_weeks.find({}).sort("_id", 1):
            yield Week(**doc)

    async def weeks(self, scope: Scope, week: str) -> list[Week]:
        """The known weeks of that key, one per client."""
        return [Week(**doc) async for doc in self._weeks.find(scope, {"week_key": week})]

    async def touch(self, tx: Tx, entity: str, client_id: str, week: str, states: Sequence[WeekState]) -> None:
        """Count one more change in a week that still is in one of `states`: otherwise DuplicateKeyError, a lost race.

        The write makes a closing at the same time conflict: no line can slip into a closed week.
        """
        born = {"entity": entity, "client_id": client_id, "week_key": week, "state": states[0]}
        await self._raw_weeks.update_one(
            {"_id": week_id(client_id, week), "state": {"$in": list(states)}},
            {"$inc": {"touched": 1}, "$setOnInsert": born},
            upsert=True,
            session=tx,
        )

    async def close(self, tx: Tx, entity: str, client_id: str, week: str, at: datetime, by: str, forced: str) -> bool:
        """open -> closed; false when it was not open."""
        key = week_id(client_id, week)
        change = {"state": "closed", "closed_at": at, "closed_by": by, "forced": forced}
        named = {"entity": entity, "client_id": client_id, "week_key": week, "invoice_id": None}
        known = await self._raw_weeks.find_one({"_id": key}, {"state": 1}, session=tx)
        if known is None:
            await self._raw_weeks.insert_one({"_id": key, "touched": 0, **named, **change}, session=tx)
            return True
        query = {"_id": key, "state": "open"}
        return (await self._raw_weeks.update_one(query, {"$set": change}, session=tx)).matched_count == 1

    async def settle(self, tx: Tx, client_id: str, week: str, invoice_id: str | None) -> bool:
        """closed -> invoiced, by this invoice or by none when there was nothing to bill."""
        query = {"_id": week_id(client_id, week), "state": "closed"}
        change = {"state": "invoiced", "invoice_id": invoice_id}
        return (await self._raw_weeks.update_one(query, {"$set": change}, session=tx)).matched_count == 1


def _within(since: datetime, until: datetime) -> Doc:
    return {"value_at": {"$gte": since, "$lt": until}}


def _decimal(net: Any) -> Decimal:
    """A sum of the base: the number 0 when no line has a price."""
    return Decimal(str(net))
