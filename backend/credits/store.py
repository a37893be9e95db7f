"""Queries of `billing_credits`."""

from __future__ import annotations

from collections.abc import Sequence

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, TenantCollection
from backend.credits.models import Credit

_OF_CLIENT = index("entity", "client_id", "-created_at", "-id")
_OF_WEEK = index("entity", "client_id", "week_key", "-created_at", "-id")
INDEXES = {"billing_credits": [index("id", unique=True), _OF_CLIENT, _OF_WEEK]}


class CreditsStore:
    def __init__(self, mongo: Mongo) -> None:
        self._rows = TenantCollection(mongo.collection("billing_credits"))

    async def page(self, scope: Scope, client_id: str, week: str | None, page: Page) -> Paged[Credit]:
        query: Doc = {"client_id": client_id} | ({"week_key": week} if week else {})
        through = _OF_WEEK if week else _OF_CLIENT
        rows = await self._rows.page(scope, query, page, hint=through.keys)
        return Paged([Credit.model_validate(doc) for doc in rows.rows], rows.total, rows.capped)

    async def of_week(self, scope: Scope, client_id: str, week: str, *, tx: Tx | None = None) -> list[Credit]:
        """All of them, the oldest first."""
        order = (("created_at", 1), ("id", 1))
        rows = self._rows.find(scope, {"client_id": client_id, "week_key": week}, sort=order, tx=tx)
        return [Credit.model_validate(doc) async for doc in rows]

    async def of_clients(self, scope: Scope, clients: Sequence[str], week: str) -> list[Credit]:
        query = {"client_id": {"$in": list(clients)}, "week_key": week}
        return [Credit.model_validate(doc) async for doc in self._rows.find(scope, query)]

    async def one(self, scope: Scope, client_id: str, credit_id: str, *, tx: Tx) -> Credit | None:
        doc = await self._rows.one(scope, {"id": credit_id, "client_id": client_id}, tx=tx)
        return Credit.model_validate(doc) if doc else None

    async def insert(self, tx: Tx, credit: Credit) -> None:
        await self._rows.insert(tx, Scope((credit.entity,)), credit.model_dump())

    async def delete(self, tx: Tx, credit: Credit) -> None:
        await self._rows.delete(tx, Scope((credit.entity,)), {"id": credit.id})
