"""Reads the proofs of delivery: a batch, its sendings, its file."""

from __future__ import annotations

from backend.batches.service import BatchesService
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.outbox.models import Row
from backend.outbox.service import OutboxService
from backend.receipts.models import Manifest, Receipt, Sending


class ReceiptsService:
    def __init__(self, batches: BatchesService, outbox: OutboxService) -> None:
        self._batches = batches
        self._outbox = outbox

    async def page(self, scope: Scope, page: Page, **wanted: str | None) -> Paged[Manifest]:
        """Newest first; `wanted`: client_id, status, day."""
        found = await self._batches.page(scope, page, {key: one for key, one in wanted.items() if one is not None})
        return Paged([Manifest(**one) for one in found.rows], found.total, found.capped)

    async def receipt(self, scope: Scope, batch_id: str) -> Receipt:
        batch = await self._batches.get(scope, batch_id)
        rows = await self._outbox.rows_of(batch.id)
        return Receipt(batch=Manifest(**batch.manifest()), sendings=[await self._sending(scope, row) for row in rows])

    async def file(self, scope: Scope, batch_id: str) -> tuple[str, str]:
        """(name, text) of the file as it was frozen."""
        batch = await self._batches.get(scope, batch_id)
        return batch.csv_filename, batch.csv

    async def _sending(self, scope: Scope, row: Row) -> Sending:
        shown = row.model_dump(include=set(Sending.model_fields))
        return Sending(**shown, attempts=(await self._outbox.detail(scope, row.id)).attempts)
