"""What an operator does to one row by hand: requeue, cancel, correct its address, say that it left. Always audited."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.channels.smtp.message import BadMessage, address
from backend.core.errors import Conflict, InvalidInput, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.hold.models import Held, HoldState
from backend.hold.service import HoldService
from backend.outbox.models import TASKS, NewRow, Requeued, Row
from backend.outbox.service import ENDED_OR_WAITING, OutboxService
from backend.outbox.states import marked_sent

OwnAddress = Callable[[Tx, str, str], Awaitable[None]]
"""Raise unless the address (last) may be written to for the client (first)."""
_MOVED = "Ce message vient de changer d'état. Rechargez."


class OutboxDesk:
    """The owner of a row is told in the same transaction, so that deliveries follow or refuse."""

    def __init__(self, outbox: OutboxService, audit: AuditService, hold: HoldService) -> None:
        self._outbox = outbox
        self._audit = audit
        self._hold = hold
        self._own_address: OwnAddress | None = None

    def ask_addresses(self, own_address: OwnAddress) -> None:
        """Who knows the addresses of a client; `bootstrap` gives it, clients being above."""
        self._own_address = own_address

    def unsettled(self) -> AsyncIterator[Row]:
        """Every message that is about to leave, or may have left: what to look at after a restoration."""
        return self._outbox.store.unsettled()

    async def held(self) -> HoldState:
        """Whether anything leaves; why and since when it does not."""
        held = await self._hold.current()
        return HoldState(held=True, **held.model_dump()) if held else HoldState(held=False)

    async def reconciliation(self, scope: Scope, page: Page) -> tuple[Held | None, Paged[Doc]]:
        """What may have left before the house was held, newest first; nothing when it is not held."""
        held = await self._hold.current()
        if held is None:
            return None, Paged([], 0, capped=False)
        return held, await self._outbox.store.unsettled_page(scope, page, held.since)

    async def mark_sent(self, scope: Scope, row_id: str, user: str, note: str, at: datetime | None) -> Row:
        """It left before the base was restored, says `note`: its deliveries follow, sent at `at` (now when not given).

        Only while the house is held, so that it cannot leave meanwhile, and for a row put in line before the hold.
        """
        held = await self._hold.current()

        async def work(tx: Tx) -> Row:
            row = await self._outbox.get(scope, row_id, tx=tx)
            _demand_may_have_left(row, held)
            sent_at = _past(at or self._outbox.clock.now(), row.created_at, self._outbox.clock.now())
            told = {"note": note, "sent_at": sent_at.isoformat()}
            change = marked_sent(row, sent_at, f"Marqué envoyé par {user} : {note}")
            return await self._move(tx, row, change, "outbox_marked_sent", user, told)

        return await self._done(work)

    async def requeue(self, scope: Scope, row_id: str, user: str) -> Row:
        """Send again, with a new series of attempts, what failed, died or was cancelled."""

        async def work(tx: Tx) -> Row:
            row = await self._outbox.get(scope, row_id, tx=tx)
            if row.state not in {"failed", "dead", "cancelled"}:
                raise Conflict(f"Seul un envoi refusé, abandonné ou annulé se reprend ; celui-ci est « {row.state} ».")
            if row.replaced_by:
                raise Conflict("L'adresse de cet envoi a été corrigée : un autre le remplace.")
            return await self._move(tx, row, self._outbox.fresh(), "outbox_requeued", user, {"was": row.state})

        return await self._done(work)

    async def cancel(self, scope: Scope, row_id: str, user: str, reason: str) -> Row:
        """It will never leave; its deliveries count as failed unless another row carries them."""

        async def work(tx: Tx) -> Row:
            row = await self._outbox.get(scope, row_id, tx=tx)
            if row.channel == TASKS:
                raise Conflict("Une tâche interne ne s'annule pas : elle se fera.")
            if row.state not in ENDED_OR_WAITING:
                raise Conflict(f"Un envoi « {row.state} » ne s'annule pas.")
            change = {"state": "cancelled"}
            return await self._move(tx, row, change, "outbox_cancelled", user, {"was": row.state, "reason": reason})

        return await self._done(work)

    async def correct_recipient(self, scope: Scope, row_id: str, to: str, user: str) -> Row:
        """A new row, same contents, to another address of the client; the old one is cancelled."""
        given = _one_address(to)

        async def work(tx: Tx) -> Row:
            old = await self._outbox.get(scope, row_id, tx=tx)
            self._demand_correctable(old)
            if self._own_address is not None:
                await self._own_address(tx, old.client_id, given)
            new = _corrected(old, given)
            if old.batch_id and new.id in {row.id for row in await self._outbox.rows_of(old.batch_id, tx=tx)}:
                raise Conflict("Cette adresse est déjà destinataire de ce lot.", code="duplicate")
            await self._outbox.enqueue(tx, [new])
            change = {"state": "cancelled", "replaced_by": new.id}
            await self._move(tx, old, change, "outbox_recipient_corrected", user, {"from": old.to, "to": given})
            put = await self._outbox.get(scope, new.id, tx=tx)
            await self._outbox.tell(tx, put)
            return put

        return await self._done(work)

    async def requeue_channel(self, scope: Scope, channel: str, user: str) -> Requeued:
        """Put back all that failed or died on `channel`, row by row."""
        if channel not in {one["channel"] for one in await self._outbox.channels()}:
            raise NotFound("Ce canal n'existe pas.")
        done = refused = 0
        ids = [row_id async for row_id, entity in self._outbox.store.given_up(channel) if scope.allows(entity)]
        for row_id in ids:
            try:
                await self.requeue(scope, row_id, user)
                done += 1
            except Conflict:
                refused += 1
        return Requeued(requeued=done, refused=refused)

    def _demand_correctable(self, row: Row) -> None:
        if not row.channel.startswith("smtp:"):
            raise Conflict("Seul un envoi par e-mail a une adresse à corriger.")
        if row.state not in ENDED_OR_WAITING:
            raise Conflict(f"L'adresse d'un envoi « {row.state} » ne se corrige pas.")

    async def _move(
        self, tx: Tx, row: Row, change: dict[str, Any], action: str, user: str, told: dict[str, str]
    ) -> Row:
        moved = await self._outbox.store.move(tx, row, change)
        if moved is None:
            raise Conflict(_MOVED)
        await self._outbox.tell(tx, moved)
        related = {name: one for name, one in (("batch", row.batch_id), ("client_id", row.client_id)) if one}
        event = Event(action=action, entity_type="outbox", entity_id=row.id, entity=row.entity, user=user,
                      details=told, related=related)  # fmt: skip
        await self._audit.record(tx, event)
        return moved

    async def _done(self, work: Callable[[Tx], Awaitable[Row]]) -> Row:
        row = await self._outbox.mongo.transaction(work, races=True)
        self._outbox.poke()
        return row


def _demand_may_have_left(row: Row, held: Held | None) -> None:
    if held is None:
        raise Conflict("Les envois ne sont pas retenus : celui-ci va partir. Retenez-les d'abord.")
    if row.channel == TASKS:
        raise Conflict("Une tâche interne ne s'envoie pas.")
    if row.state != "pending":
        raise Conflict(f"Seul un envoi en attente se marque envoyé ; celui-ci est « {row.state} ».")
    if row.created_at >= held.since:
        raise Conflict("Cet envoi a été mis en file depuis la retenue : il n'a pas pu partir.")


def _past(at: datetime, earliest: datetime, now: datetime) -> datetime:
    if at > now:
        raise InvalidInput({"sent_at": "Cette date est dans le futur."})
    if at < earliest.replace(second=0, microsecond=0):  # a person reads minutes
        raise InvalidInput({"sent_at": "Cet envoi n'existait pas encore à cette date."})
    return max(at, earliest)


def _one_address(text: str) -> str:
    try:
        return address(text)
    except BadMessage as exc:
        raise InvalidInput({"to": str(exc)}) from exc


def _corrected(old: Row, to: str) -> NewRow:
    """The same thing to another address. Its id is that of this recipient in this batch: twice is refused."""
    digest = hashlib.sha256(to.encode()).hexdigest()[:12]
    new = f"{old.id.rpartition(':')[0]}:{digest}" if old.batch_id else f"{old.kind}:{new_id()}"
    kept = old.model_dump(include={"kind", "channel", "entity", "batch_id", "client_id", "payload"})
    return NewRow(id=new, to=to, **kept)
