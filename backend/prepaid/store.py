"""Queries of `prepayment_balances` and `prepaid_moves`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from pymongo import ReturnDocument

from backend.core.indexes import index
from backend.core.mongo import Mongo, Tx, insert_all
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, TenantCollection
from backend.prepaid.models import Balance, Kind, Move
from backend.prepaid.rules import balance_id

_JOURNAL = index("entity", "client_id", "-at", "-id")
INDEXES = {
    "prepayment_balances": [index("client_id"), index("entity", "units_remaining")],
    "prepaid_moves": [_JOURNAL],
}


class PrepaidStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._raw = mongo.collection("prepayment_balances")
        self._balances = TenantCollection(self._raw)
        self._raw_moves = mongo.collection("prepaid_moves")
        self._moves = TenantCollection(self._raw_moves)

    async def apply(self, tx: Tx, key: str, change: Mapping[str, int], at: datetime) -> Balance | None:
        """Add `change` to a balance; None when there is none, or when `units_remaining` would go below 0.

        The condition and the change are one operation: this is the whole lock.
        """
        lost = -change["units_remaining"]
        if lost < 0:
            self._mongo.touched("prepayment_balances", tx)
        room = {"units_remaining": {"$gte": lost}} if lost > 0 else {}
        doc = await self._raw.find_one_and_update(
            {"_id": key, **room},
            {"$inc": dict(change), "$set": {"updated_at": at}},
            session=tx,
            return_document=ReturnDocument.AFTER,
        )
        return Balance.model_validate(doc) if doc else None

    async def open(self, tx: Tx, entity: str, client_id: str, produit: str) -> None:
        """Make the balance, empty, unless it is there."""
        empty = Balance(entity=entity, client_id=client_id, product_code=produit)
        key = {"_id": balance_id(client_id, produit)}
        await self._raw.update_one(key, {"$setOnInsert": empty.model_dump()}, upsert=True, session=tx)

    async def note(self, tx: Tx, moves: Sequence[Move]) -> None:
        """Append to the journal. DuplicateKeyError when one of them is in it already."""
        await insert_all(self._raw_moves, [{**one.model_dump(), "_id": one.id} for one in moves], tx)

    async def remaining(self, keys: Iterable[str], *, tx: Tx | None = None) -> dict[str, int]:
        """Units left by balance id; a balance that does not exist is absent."""
        rows = self._raw.find({"_id": {"$in": sorted(set(keys))}}, {"units_remaining": 1}, session=tx)
        return {doc["_id"]: doc["units_remaining"] async for doc in rows}

    async def known(self, keys: Iterable[str]) -> list[Balance]:
        return [Balance.model_validate(doc) async for doc in self._raw.find({"_id": {"$in": sorted(set(keys))}})]

    async def of_client(self, scope: Scope, client_id: str) -> list[Balance]:
        rows = self._balances.find(scope, {"client_id": client_id})
        return [Balance.model_validate(doc) async for doc in rows]

    async def at_most(self, scope: Scope, units: int) -> list[Balance]:
        """Balances of the scope that have `units` left or less, the emptiest first."""
        rows = self._balances.find(scope, {"units_remaining": {"$lte": units}})
        found = [Balance.model_validate(doc) async for doc in rows]
        return sorted(found, key=lambda one: (one.units_remaining, one.client_id, one.product_code))

    async def moves(self, scope: Scope, client_id: str, page: Page) -> Paged[Move]:
        order = (("at", -1), ("id", -1))
        rows = await self._moves.page(scope, {"client_id": client_id}, page, sort=order, hint=_JOURNAL.keys)
        return Paged([Move.model_validate(doc) for doc in rows.rows], rows.total, rows.capped)

    async def every(self) -> AsyncIterator[Balance]:
        """Every balance of every entity, streamed (the invariants walk them all)."""
        async for doc in self._raw.find({}).sort("_id", 1):
            yield Balance.model_validate(doc)

    async def sums(self) -> AsyncIterator[tuple[str, Kind, int]]:
        """(balance id, kind, units) of the whole journal."""
        key = {"client": "$client_id", "produit": "$product_code", "kind": "$kind"}
        stages: list[Mapping[str, Any]] = [{"$group": {"_id": key, "units": {"$sum": "$units"}}}]
        async for doc in self._raw_moves.aggregate(stages):
            one = doc["_id"]
            yield balance_id(one["client"], one["produit"]), cast(Kind, one["kind"]), doc["units"]
