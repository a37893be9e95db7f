"""One lead of an `instant` client: built and handed over in one transaction, as soon as it is routed."""

from __future__ import annotations

from typing import Protocol

from backend.batches.models import Batch
from backend.core.mongo import Mongo, Tx
from backend.deliveries.models import Delivery
from backend.deliveries.service import DeliveriesService
from backend.gate.rules import consent_missing
from backend.gate.service import GateService, Target
from backend.outbox.service import OutboxService


class Batches(Protocol):
    """What is asked of the service of batches."""

    async def create(self, tx: Tx, rows: list[Delivery]) -> Batch: ...

    async def depart(self, tx: Tx, batch: Batch, target: Target) -> str: ...


class AtOnce:
    def __init__(
        self, batches: Batches, mongo: Mongo, gate: GateService, deliveries: DeliveriesService, outbox: OutboxService
    ) -> None:
        self._batches = batches
        self._mongo = mongo
        self._gate = gate
        self._deliveries = deliveries
        self._outbox = outbox

    async def send(self, delivery_id: str) -> str:
        """Build and hand over one lead of an `instant` client, in one transaction. Answers what was done.

        It only sends. What may not leave now (closed day, gate, consent, a client back to `daily`) stays as it is, and
        the daily run takes it as any other. Run twice it does nothing more: the delivery waits in no batch but one.
        """
        one = await self._deliveries.get(delivery_id)
        async with self._mongo.queue([f"batch_number:{one.entity}:{one.produit}"]):
            target = await self._gate.target(one.entity, one.client_id, one.commande_id)
            if target.client is None or not target.client.instant:
                return "left to the daily run: not instant"
            if target.verdict.answer != "go":
                return f"left to the daily run: {target.verdict.reason}"
            done = await self._mongo.transaction(lambda tx: self._send(tx, delivery_id, target))
        self._outbox.poke()
        return done

    async def _send(self, tx: Tx, delivery_id: str, target: Target) -> str:
        one = await self._deliveries.get(delivery_id, tx=tx)
        modes = (target.settings.consent_mode(one.entity), target.settings.consent_mode(one.lead_entity))
        if one.status != "pending_csv":
            return f"nothing to do: {one.status}"
        if consent_missing(modes, one.proof):
            return "left to the daily run: consent_missing"
        batch = await self._batches.create(tx, [one])
        if target.client is None or not target.client.auto_send_enabled:
            return "ready: waits for a person"
        return await self._batches.depart(tx, batch, target)
