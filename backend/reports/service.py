"""Reports of the daily run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.core.ids import new_id
from backend.core.mongo import Doc, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.reports.store import ReportsStore


class ReportsService:
    def __init__(self, store: ReportsStore) -> None:
        self._store = store

    async def write(self, tx: Tx | None, report: Mapping[str, Any]) -> str:
        report_id = new_id()
        await self._store.insert(tx, {"id": report_id, **report})
        return report_id

    async def page(self, scope: Scope, page: Page) -> Paged[Doc]:
        """Newest first; a scope reads the part of its own entities."""
        found = await self._store.page(page)
        return Paged([_seen_by(doc, scope) for doc in found.rows], found.total, found.capped)

    async def last_run_at(self) -> datetime | None:
        return await self._store.last_run_at()


def _seen_by(doc: Doc, scope: Scope) -> Doc:
    entities = {code: part for code, part in doc["entities"].items() if code in scope.entities}
    if scope.both:
        return doc
    shared = ("id", "slot", "run_at", "duration_seconds")
    return {key: doc[key] for key in shared} | {"entities": entities}
