"""Actions by hand, behind the same gate as the daily run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.accounts.caller import Caller
from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.batches.departure import Way, way
from backend.batches.models import Batch, Preview, SendBody, Tally
from backend.batches.service import BatchesService
from backend.clients.service import ClientsService
from backend.core.errors import Conflict, InvalidInput, NotFound
from backend.core.mongo import Mongo, Tx
from backend.core.tenancy import Scope
from backend.deliveries.models import Delivery
from backend.deliveries.service import DeliveriesService
from backend.deliveries.states import CANCELLABLE
from backend.dispatch.rules import Obstacle, kind_of, obstacle, told
from backend.gate.service import GateService, Target
from backend.outbox.service import OutboxService

_WAITING = ("pending_csv", "ready_to_send")


class DispatchService:
    def __init__(
        self,
        mongo: Mongo,
        audit: AuditService,
        clients: ClientsService,
        gate: GateService,
        deliveries: DeliveriesService,
        batches: BatchesService,
        outbox: OutboxService,
    ) -> None:
        self._mongo = mongo
        self._audit = audit
        self._clients = clients
        self._gate = gate
        self._deliveries = deliveries
        self._batches = batches
        self._outbox = outbox

    async def send(self, caller: Caller, delivery_id: str, body: SendBody) -> dict[str, Any]:
        """Send one delivery now; `force` on a sent one mails a copy of the same file and changes nothing else."""
        delivery = Delivery(**await self._deliveries.document(caller.scope, delivery_id))
        target = await self._gate.target(delivery.entity, delivery.client_id, delivery.commande_id)
        addresses = await self._addresses(delivery, target, body)
        if delivery.status == "sent":
            if not body.force:
                raise Conflict("Déjà envoyée. Demandez une copie avec force=true.")
            return await self._copy(caller, delivery, addresses)
        if why := _obstacle(delivery, target):
            raise Conflict(why.text, code=why.code)
        again = delivery.status == "failed" and body.override_email is None
        to = _way(target, delivery, body, addresses)
        await self._mongo.transaction(lambda tx: self._send_one(tx, caller, delivery.id, target, to, again))
        self._outbox.poke()
        return _queued(delivery, to.shown, "Livraison remise à l'envoi.")

    async def preview(self, caller: Caller, delivery_id: str) -> Preview:
        """What sending this delivery would send, or its copy once sent; why not when it would be refused."""
        delivery = Delivery(**await self._deliveries.document(caller.scope, delivery_id))
        target = await self._gate.target(delivery.entity, delivery.client_id, delivery.commande_id)
        addresses = await self._addresses(delivery, target, SendBody())
        kind = kind_of(delivery)
        if kind == "send":
            batch, to = await self._batches.draft(delivery), _way(target, delivery, SendBody(), addresses).shown
        else:
            batch = await self._batches.get(caller.scope, str(delivery.batch_id))
            to = addresses or _mailed(delivery) if kind == "copy" else batch.recipients
        simulated = bool(target.settings.simulation(delivery.entity)) and kind != "again"
        mark = "Copie : " if kind == "copy" else "[SIMULATION] " if simulated else ""
        why = None if kind == "copy" else _obstacle(delivery, target)
        return told(kind, batch, self._batches.letter(batch, mark), to, simulated=simulated, why=why)

    async def _addresses(self, delivery: Delivery, target: Target, body: SendBody) -> list[str]:
        """The recipients; an override must be the client's own or the simulation's."""
        simulation = target.settings.simulation(delivery.entity)
        own = set(target.client.email_keys) if target.client else set()
        if body.override_email is not None:
            if body.override_email not in own | {simulation}:
                raise InvalidInput({"override_email": "Seules les adresses du client ou de simulation sont permises."})
            return [body.override_email]
        return [simulation] if simulation else list(target.reach.recipients)

    async def _send_one(self, tx: Tx, caller: Caller, delivery_id: str, target: Target, to: Way, again: bool) -> None:
        """In a batch of its own; `again`: its failed batch whole, with its same file, to the same addresses."""
        delivery = await self._deliveries.get(delivery_id, tx=tx)
        if again and delivery.batch_id is not None:
            if not await self._outbox.requeue(tx, [delivery.batch_id]):
                raise Conflict("Les envois de ce lot ont été annulés : reprenez-les dans la file d'envoi.")
        else:
            await self._batches.detach(tx, delivery)
            await self._leave(tx, await self._batches.create(tx, [delivery]), target, to)
        await self._audit.record(tx, _event("delivery_send_asked", delivery, caller, {"to": to.shown}))

    async def send_together(self, caller: Caller, ids: Sequence[str]) -> str:
        """Deliveries of one client and commande that have not left leave now in one message; answers a sentence.

        Those that left meanwhile are left out; 409 when all did, or the gate refuses.
        """
        found = await self._deliveries.picked(caller.scope, ids)
        if not found:
            raise NotFound("Livraison introuvable.")
        first = found[0]
        target = await self._gate.target(first.entity, first.client_id, first.commande_id)
        for one in found:
            if one.status in _WAITING and (why := _obstacle(one, target)):
                raise Conflict(why.text, code=why.code)
        to = _way(target, first, SendBody(), await self._addresses(first, target, SendBody()))
        left = await self._mongo.transaction(lambda tx: self._send_those(tx, caller, ids, target, to))
        self._outbox.poke()
        return f"Remise à l'envoi dans un lot de {left}." if left > 1 else ""

    async def _send_those(self, tx: Tx, caller: Caller, ids: Sequence[str], target: Target, to: Way) -> int:
        rows = [await self._deliveries.get(one, tx=tx) for one in ids]
        going = [one for one in rows if one.status in _WAITING]
        if not going:
            raise Conflict("Déjà partie, ou annulée.")
        for one in going:
            await self._batches.detach(tx, one)
        await self._leave(tx, await self._batches.create(tx, going), target, to)
        await self._audit.record(tx, *(_event("delivery_send_asked", one, caller, {"to": to.shown}) for one in going))
        return len(going)

    async def _leave(self, tx: Tx, batch: Batch, target: Target, to: Way) -> None:
        """To the client, or as a copy to the simulation address."""
        if target.settings.simulation(batch.entity):
            await self._batches.put_copy(tx, batch, to.recipients[0], mark="[SIMULATION] ")
        else:
            await self._batches.put_rows(tx, batch, to)

    async def _copy(self, caller: Caller, delivery: Delivery, addresses: list[str]) -> dict[str, Any]:
        assert delivery.batch_id is not None
        addresses = addresses or _mailed(delivery)
        if not addresses:
            raise Conflict("Ce client est servi par son API : une copie demande une adresse e-mail.")

        async def work(tx: Tx) -> None:
            batch = await self._batches.get(caller.scope, str(delivery.batch_id), tx=tx)
            for address in addresses:
                await self._batches.put_copy(tx, batch, address, mark="Copie : ")
            await self._audit.record(tx, _event("resend_delivery", delivery, caller, {"to": addresses}))

        await self._mongo.transaction(work)
        self._outbox.poke()
        return _queued(delivery, addresses, "Copie remise à l'envoi.")

    async def cancel(self, caller: Caller, delivery_id: str, reason: str) -> dict[str, Any]:
        """Take back a delivery that has not left: claim and place are free again, its lead waits."""
        await self._deliveries.document(caller.scope, delivery_id)

        async def work(tx: Tx) -> None:
            await self.release(tx, delivery_id, reason or "autre", caller.email)

        await self._mongo.transaction(work)
        self._outbox.poke()
        return {"success": True, "delivery_id": delivery_id, "status": "cancelled"}

    async def may_release(self, delivery_id: str) -> bool:
        """Whether a delivery can still be taken back: it has not left and is not leaving."""
        delivery = await self._deliveries.get(delivery_id)
        if delivery.status not in CANCELLABLE or delivery.batch_id is None:
            return delivery.status in CANCELLABLE
        batch = await self._batches.get(Scope((delivery.entity,)), delivery.batch_id)
        return not batch.handed_over or batch.status == "failed"

    async def release(self, tx: Tx, delivery_id: str, reason: str, user: str) -> None:
        """Cancel within a transaction; 409 when it has left or is leaving."""
        delivery = await self._deliveries.get(delivery_id, tx=tx)
        await self._batches.detach(tx, delivery)
        if not await self._deliveries.cancel(tx, delivery, reason, user):
            raise Conflict("Cette livraison est partie ou en train de partir : elle ne peut plus être annulée.")

    async def generate(self, caller: Caller, scope: Scope) -> dict[str, Any]:
        """Freeze the file of everything that waits, without sending it."""
        tally = Tally()
        for entity in scope.entities:
            await self._batches.build(entity, tally)
        return {"success": True, **tally.model_dump()}

    async def send_ready(self, caller: Caller, scope: Scope, client_id: str | None) -> dict[str, Any]:
        """Hand over every ready batch, the calendar and the gate permitting."""
        if client_id is not None:
            await self._clients.get(scope, client_id)
        tally = Tally()
        for entity in scope.entities:
            await self._batches.hand_over_waiting(entity, tally, client_id=client_id, by_hand=True)
        self._outbox.poke()
        return {"success": True, "sent": tally.handed_over, **tally.model_dump()}

    async def file(self, scope: Scope, delivery_id: str) -> tuple[str, str]:
        """(name, text) of the delivery's file, frozen or as it would be."""
        delivery = Delivery(**await self._deliveries.document(scope, delivery_id))
        if delivery.batch_id is not None:
            batch = await self._batches.get(scope, delivery.batch_id)
            return batch.csv_filename, batch.csv
        return f"delivery_{delivery.id}.csv", self._batches.preview(delivery)


def _way(target: Target, delivery: Delivery, body: SendBody, addresses: list[str]) -> Way:
    """An address asked for by hand, or that of the simulation, replaces every other way."""
    if body.override_email is not None or target.settings.simulation(delivery.entity):
        return Way(tuple(addresses))
    return way(target.client, target.reach)


def _obstacle(delivery: Delivery, target: Target) -> Obstacle | None:
    modes = (target.settings.consent_mode(delivery.entity), target.settings.consent_mode(delivery.lead_entity))
    return obstacle(delivery, target.verdict, modes)


def _mailed(delivery: Delivery) -> list[str]:
    return [one for one in delivery.sent_to if not one.startswith("http")]


def _queued(delivery: Delivery, addresses: list[str], message: str) -> dict[str, Any]:
    return {
        "success": True,
        "delivery_id": delivery.id,
        "status": delivery.status if delivery.status == "sent" else "ready_to_send",
        "sent_to": addresses,
        "message": message,
    }


def _event(action: str, delivery: Delivery, caller: Caller, details: dict[str, Any]) -> Event:
    return Event(
        action=action,
        entity_type="delivery",
        entity_id=delivery.id,
        entity=delivery.entity,
        user=caller.email,
        details=details,
        related={"lead_id": delivery.lead_id, "client_id": delivery.client_id},
    )
