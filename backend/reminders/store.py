"""Queries of `reminders`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, TenantCollection
from backend.reminders.models import Reminder

_NEWEST = ("-created_at", "-id")
INDEXES = {
    "reminders": [
        index("id", unique=True),
        index("entity", *_NEWEST),
        index("entity", "client_id", *_NEWEST),
        index("entity", "invoices.invoice_id", *_NEWEST),
        index("client_id", "level", "day"),
    ]
}


class RemindersStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("reminders")
        self._rows = TenantCollection(self._raw)

    async def insert(self, tx: Tx, reminder: Reminder) -> None:
        """The same id twice raises DuplicateKeyError: one reminder per client, level, day and rank."""
        await self._raw.insert_one(reminder.model_dump(), session=tx)

    async def of_day(self, client_id: str, level: str, day: str, *, tx: Tx | None = None) -> list[Reminder]:
        query = {"client_id": client_id, "level": level, "day": day}
        found = [Reminder(**doc) async for doc in self._raw.find(query, {"_id": 0}, session=tx)]
        return sorted(found, key=lambda one: one.created_at)

    async def get(self, reminder_id: str) -> Reminder | None:
        doc = await self._raw.find_one({"id": reminder_id}, {"_id": 0})
        return Reminder(**doc) if doc else None

    async def change(self, tx: Tx, reminder_id: str, change: Mapping[str, Any]) -> Reminder | None:
        await self._raw.update_one({"id": reminder_id}, {"$set": dict(change)}, session=tx)
        doc = await self._raw.find_one({"id": reminder_id}, {"_id": 0}, session=tx)
        return Reminder(**doc) if doc else None

    async def page(self, scope: Scope, client_id: str | None, invoice_id: str | None, page: Page) -> Paged[Reminder]:
        """Newest first, those of a client, those that carry an invoice."""
        query = {"client_id": client_id} if client_id else {}
        query |= {"invoices.invoice_id": invoice_id} if invoice_id else {}
        keys = ("entity", *(("invoices.invoice_id",) if invoice_id else tuple(query)), *_NEWEST)
        found = await self._rows.page(scope, query, page, hint=index(*keys).keys)
        return Paged([Reminder(**doc) for doc in found.rows], found.total, found.capped)
