"""Reads the proofs of delivery: a batch, its sendings, its file; and what its recipient says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.batches.link import Links
from backend.batches.models import Batch
from backend.batches.service import BatchesService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import NotFound
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.outbox.models import Row
from backend.outbox.service import OutboxService
from backend.receipts.models import Acknowledged, Manifest, Presented, Receipt, Sending

_AGENT_MAX = 300


class ReceiptsService:
    """`names`: how each entity signs its e-mails."""

    def __init__(
        self,
        batches: BatchesService,
        outbox: OutboxService,
        audit: AuditService,
        clock: Clock,
        links: Links,
        names: Mapping[str, str],
        everyone: Scope,
    ) -> None:
        self._batches = batches
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._links = links
        self._names = names
        self._everyone = everyone

    async def page(
        self, scope: Scope, page: Page, query: Mapping[str, str], unacknowledged_for_days: int | None = None
    ) -> Paged[Manifest]:
        """Newest first, or the oldest first of those not acknowledged for that long.

        `query`: client_id, status, day, sent_week, acknowledgement.
        """
        if unacknowledged_for_days is None:
            found = await self._batches.page(scope, page, query)
        else:
            found = await self._batches.unacknowledged(scope, page, query, unacknowledged_for_days)
        return Paged([Manifest(**one) for one in found.rows], found.total, found.capped)

    async def stream(
        self, scope: Scope, query: Mapping[str, str], unacknowledged_for_days: int | None = None
    ) -> AsyncIterator[Manifest]:
        """The same batches as `page`, all of them."""
        async for doc in self._batches.stream(scope, query, unacknowledged_for_days):
            yield Manifest(**doc)

    async def receipt(self, scope: Scope, batch_id: str) -> Receipt:
        batch = await self._batches.get(scope, batch_id)
        rows = await self._outbox.rows_of(batch.id)
        return Receipt(
            batch=Manifest(**batch.manifest()),
            sendings=[await self._sending(scope, row) for row in rows],
            acknowledged=_acknowledged(batch),
        )

    async def file(self, scope: Scope, batch_id: str, user: str) -> tuple[str, str]:
        """(name, text) of the file as it was frozen; that `user` took its leads out of the house is kept."""
        batch = await self._batches.get(scope, batch_id)
        details = {"csv_filename": batch.csv_filename, "leads": batch.lead_count}
        event = Event(action="batch_downloaded", entity_type="batch", entity_id=batch.id, entity=batch.entity,
                      user=user, details=details, related={"client_id": batch.client_id})  # fmt: skip
        await self._audit.record(None, event)
        return batch.csv_filename, batch.csv

    # The recipient

    async def presented(self, token: str) -> Presented:
        """What the link leads to; nothing changes."""
        found = await self._led_to(token)
        return found if isinstance(found, Presented) else self._presented(found)

    async def acknowledge(self, token: str, ip: str, agent: str) -> Presented:
        """The recipient says that it arrived; the first time is kept."""
        found = await self._led_to(token)
        if isinstance(found, Presented):
            return found
        shown = "".join(char for char in agent if char.isprintable())[:_AGENT_MAX]
        return self._presented(await self._batches.acknowledge(found, ip, shown))

    async def _led_to(self, token: str) -> Batch | Presented:
        named = self._links.read(token)
        if named is None:
            return Presented(state="unknown")
        if named.until < self._clock.now():
            return Presented(state="expired")
        try:
            batch = await self._batches.get(self._everyone, named.batch_id)
        except NotFound:
            return Presented(state="unknown")
        genuine = batch.client_id == named.client_id and batch.handed_over and batch.status != "cancelled"
        return batch if genuine else Presented(state="unknown")

    def _presented(self, batch: Batch) -> Presented:
        moment = batch.sent_at or batch.handed_over_at
        return Presented(
            state="given" if batch.acknowledged_at else "asked",
            sender=self._names.get(batch.entity, batch.entity),
            filename=batch.csv_filename,
            leads=batch.lead_count,
            day=weeks.paris_day(moment) if moment else None,
            at=batch.acknowledged_at,
        )

    async def _sending(self, scope: Scope, row: Row) -> Sending:
        shown = row.model_dump(include=set(Sending.model_fields))
        return Sending(**shown, attempts=(await self._outbox.detail(scope, row.id)).attempts)


def _acknowledged(batch: Batch) -> Acknowledged | None:
    if batch.acknowledged_at is None:
        return None
    return Acknowledged(at=batch.acknowledged_at, ip=batch.acknowledged_ip, user_agent=batch.acknowledged_agent)
