"""Deliveries follow the outbox rows of their batch, in the transaction that moves a row (rule 13).

Only the rows of the channel that proves count. When the client's interface is called lead by lead, each delivery
follows its own row, and the batch is the sum of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.batches.models import Batch
from backend.batches.store import BatchesStore
from backend.clients.service import ClientsService
from backend.core.clock import Clock
from backend.core.errors import Conflict
from backend.core.mongo import Tx
from backend.core.tenancy import Scope
from backend.core.weeks import week_of
from backend.deliveries.models import Delivery
from backend.deliveries.service import DeliveriesService
from backend.deliveries.states import Status, from_rows
from backend.outbox.models import Row
from backend.outbox.service import OutboxService

KINDS = {"email": "email", "api": "http"}
_LEFT = {"sent", "leased", "uncertain"}


class Following:
    """Told by the outbox of every move of a row that belongs to a batch."""

    def __init__(
        self,
        store: BatchesStore,
        clock: Clock,
        audit: AuditService,
        clients: ClientsService,
        deliveries: DeliveriesService,
        outbox: OutboxService,
        everyone: Scope,
    ) -> None:
        self._store = store
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._deliveries = deliveries
        self._outbox = outbox
        self._everyone = everyone

    async def on_row(self, tx: Tx, row: Row) -> None:
        batch = await self._store.get(self._everyone, row.batch_id, tx=tx)
        if batch is None:
            raise Conflict("Le lot de cet envoi n'existe plus.")
        if batch.status == "cancelled" and row.state == "pending":
            raise Conflict("Ce lot est annulé : ses leads sont repartis autrement ou sont libres.")
        if row.kind == KINDS[batch.proof]:
            await (self._one(tx, batch, row) if batch.by_lead else self._whole(tx, batch))

    async def left(self, tx: Tx, batch: Batch, delivery_id: str) -> bool:
        """Whether a row that carries the delivery, on any channel, left or may: one of the whole batch will."""
        rows = [row for row in await self._outbox.rows_of(batch.id, tx=tx) if row.delivery_id in {"", delivery_id}]
        waits = any(row.state == "pending" for row in rows if batch.by_lead and not row.delivery_id)
        return waits or any(row.state in _LEFT for row in rows)

    # A batch whose deliveries go together

    async def _whole(self, tx: Tx, batch: Batch) -> None:
        rows = [one for one in await self._outbox.rows_of(batch.id, tx=tx) if one.kind == KINDS[batch.proof]]
        status = from_rows((one.state, one.first_attempt_at is not None) for one in rows)
        attempts = sum(one.n for one in rows)
        if status == "sent":
            await self._sent(tx, batch, [one for one in rows if one.state == "sent"], attempts)
            return
        error = next((one.last_error for one in rows if one.last_error), None)
        changed = await self._deliveries.follow(tx, batch.id, status, attempts, error)
        if changed and batch.status != status:
            await self._store.change(tx, batch.id, {"status": status}, guard={"status": batch.status})
            await self._tell(tx, batch, status, error)

    async def _sent(self, tx: Tx, batch: Batch, accepted: Sequence[Row], attempts: int) -> None:
        """One recipient's server accepted: the batch is sent, at that moment; the next ones only add their address."""
        recipients = sorted(row.to for row in accepted)
        if batch.status == "sent":
            await self._deliveries.reached(tx, batch.id, recipients)
            return
        at = min((row.sent_at for row in accepted if row.sent_at), default=self._clock.now())
        rows = [one for one in await self._deliveries.of_batch(batch.id, tx=tx) if one.status != "cancelled"]
        change = {"status": "sent", "sent_at": at, "sent_week": week_of(at)}
        if not await self._store.change(tx, batch.id, change, guard={"status": batch.status}):
            raise Conflict("Ce lot vient de changer.")
        await self._deliver(tx, batch, rows, recipients, attempts, at)

    # A batch whose deliveries go one by one

    async def _one(self, tx: Tx, batch: Batch, row: Row) -> None:
        one = await self._deliveries.get(row.delivery_id, tx=tx)
        if one.batch_id == batch.id and one.status not in {"sent", "cancelled"}:
            await self._follow(tx, batch, row, one)
        elif row.state == "pending":
            raise Conflict("Cette livraison est annulée ou repartie autrement.")
        if row.state != "leased" or batch.status != "sending":
            await self._sum(tx, batch, row)

    async def _follow(self, tx: Tx, batch: Batch, row: Row, one: Delivery) -> None:
        status = from_rows([(row.state, row.first_attempt_at is not None)])
        if status == "sent":
            await self._deliver(tx, batch, [one], [row.to], row.n, row.sent_at or self._clock.now())
            return
        error = row.last_error or None
        await self._deliveries.follow(tx, batch.id, status, row.n, error, only=one.id)
        if one.status != status:
            await self._tell(tx, batch, status, error)

    async def _sum(self, tx: Tx, batch: Batch, row: Row) -> None:
        """Always a write on the batch: two rows that end together conflict, and the second counts the first."""
        status = summed(await self._outbox.standing(tx, batch.id, KINDS["api"]))
        change: dict[str, object] = {"status": status, "last_row": f"{row.id}#{row.fence}#{row.state}"}
        if status == "sent" and batch.status != "sent":
            at = row.sent_at or self._clock.now()
            change |= {"sent_at": at, "sent_week": week_of(at)}
        if not await self._store.change(tx, batch.id, change, guard={"status": batch.status}):
            raise Conflict("Ce lot vient de changer.")

    # Both

    async def _deliver(
        self, tx: Tx, batch: Batch, rows: Sequence[Delivery], to: list[str], attempts: int, at: datetime
    ) -> None:
        await self._deliveries.sent(tx, rows, to, max(attempts, 1), at)
        await self._clients.note_sent(tx, batch.client_id, at, len(rows))

    async def _tell(self, tx: Tx, batch: Batch, status: Status, error: str | None) -> None:
        if status not in {"failed", "uncertain"}:
            return
        action, details = f"delivery_{status}", {"error": error or "", "csv_filename": batch.csv_filename}
        related = {"client_id": batch.client_id, "commande_id": batch.commande_id}
        event = Event(action=action, entity_type="batch", entity_id=batch.id, entity=batch.entity, details=details,
                      related=related)  # fmt: skip
        await self._audit.record(tx, event)
        await self._clients.tell_delivery(tx, batch.entity, batch.client_id, action, details)


def summed(standing: Iterable[tuple[str, bool]]) -> Status:
    """The state of a batch whose deliveries go one by one: what moves first, then what needs somebody."""
    known = list(standing)
    states = {state for state, _ in known} - {"cancelled"}
    if states & {"pending", "leased"}:
        return "sending" if any(attempted for _, attempted in known) else "ready_to_send"
    if states & {"failed", "dead"}:
        return "failed"
    if "uncertain" in states:
        return "uncertain"
    return "sent" if states else "cancelled"
