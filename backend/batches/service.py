"""Batches: built from what waits, handed over to the outbox behind one gate, followed to their end.

Two short transactions a batch. *Build* freezes the file and moves the deliveries to `ready_to_send`; *hand over* asks
the gate again and puts one outbox row per recipient. A run killed between the two leaves a ready batch that the next
run, or a person, hands over. Once handed over a batch leaves, whatever changes after.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, timedelta

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.batches import files
from backend.batches.at_once import AtOnce
from backend.batches.departure import Way, copy_row, email_row, push_rows, way
from backend.batches.following import Following
from backend.batches.link import Links
from backend.batches.message import Sender, payload
from backend.batches.models import Batch, Progress, Tally
from backend.batches.progress import progressed
from backend.batches.store import BatchesStore
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import Conflict, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Fence, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.deliveries import csvfile
from backend.deliveries.models import Delivery
from backend.deliveries.service import DeliveriesService
from backend.gate.rules import consent_missing
from backend.gate.service import GateService, Target
from backend.outbox.service import OutboxService

GIVE_UP_AFTER = timedelta(hours=72)


class BatchesService:
    """Owns `delivery_batches`."""

    def __init__(
        self,
        mongo: Mongo,
        store: BatchesStore,
        clock: Clock,
        audit: AuditService,
        clients: ClientsService,
        gate: GateService,
        deliveries: DeliveriesService,
        outbox: OutboxService,
        senders: dict[str, Sender],
        links: Links,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._gate = gate
        self._deliveries = deliveries
        self._outbox = outbox
        self._senders = senders
        self._links = links
        self._everyone = everyone
        self._following = Following(store, clock, audit, clients, deliveries, outbox, everyone)
        self.on_row = self._following.on_row
        self.send_at_once = AtOnce(self, mongo, gate, deliveries, outbox).send

    # -- building --------------------------------------------------------------------------------------------

    async def build(self, entity: str, tally: Tally, fence: Fence | None = None, run_id: str | None = None) -> None:
        """Put every delivery of `entity` that has no batch into one, group by group; the gate may say otherwise."""
        for client_id, commande_id in await self._deliveries.pending_groups(entity):
            await self._build_group(entity, client_id, commande_id, tally, fence, run_id)

    async def _build_group(
        self, entity: str, client_id: str, commande_id: str, tally: Tally, fence: Fence | None, run_id: str | None
    ) -> None:
        target = await self._gate.target(entity, client_id, commande_id)

        async def work(tx: Tx) -> tuple[int, int, int]:
            rows = await self._deliveries.gather(tx, entity, client_id, commande_id)
            if target.verdict.answer == "wait":
                return 0, 0, len(rows)
            going, gone = await self.sort_out(tx, rows, target)
            if going:
                await self.create(tx, going, run_id)
            return len(going), gone, 0

        going, gone, waiting = await self._mongo.transaction(work, fence=fence)
        tally.processed += going
        tally.batches += bool(going)
        tally.cancelled += gone
        tally.skipped_calendar += waiting

    async def sort_out(self, tx: Tx, rows: Sequence[Delivery], target: Target) -> tuple[list[Delivery], int]:
        """Those that may go; the others are cancelled with the gate's reason, or for want of consent."""
        going, gone = [], 0
        for one in rows:
            modes = (target.settings.consent_mode(one.entity), target.settings.consent_mode(one.lead_entity))
            if target.verdict.answer == "never":
                gone += await self._deliveries.cancel(tx, one, target.verdict.reason)
            elif consent_missing(modes, one.proof):
                gone += await self._deliveries.cancel(tx, one, "consent_missing")
            else:
                going.append(one)
        return going, gone

    async def create(self, tx: Tx, rows: Sequence[Delivery], run_id: str | None = None) -> Batch:
        """Freeze these deliveries of one client and commande into a file; they become `ready_to_send`."""
        day = weeks.paris_day(self._clock.now())
        number = await self._store.next_number(tx, rows[0].entity, rows[0].produit, day.isoformat())
        batch = files.frozen(rows, day, number, self._clock.now(), run_id)
        await self._store.insert(tx, batch)
        ids = [one.id for one in rows]
        await self._deliveries.into_batch(tx, ids, batch.id, batch.csv_filename, simulated=False)
        return batch

    async def draft(self, delivery: Delivery) -> Batch:
        """The batch that a delivery would make alone now, under the next number; nothing is written."""
        day = weeks.paris_day(self._clock.now())
        number = await self._store.coming_number(delivery.entity, delivery.produit, day.isoformat())
        return files.frozen([delivery], day, number, self._clock.now())

    def letter(self, batch: Batch, mark: str) -> Doc:
        """The message that would carry a batch now; the link that acknowledges it is made when it leaves."""
        return payload(batch, self._senders[batch.entity], self._said_day(batch), mark=mark)

    def _said_day(self, batch: Batch) -> date:
        """The day that a message on this batch speaks of: a copy tells that of the first sending."""
        return weeks.paris_day(batch.handed_over_at or self._clock.now())

    # -- handing over ----------------------------------------------------------------------------------------

    async def hand_over_waiting(
        self,
        entity: str,
        tally: Tally,
        fence: Fence | None = None,
        *,
        client_id: str | None = None,
        by_hand: bool = False,
    ) -> None:
        """Hand over each ready batch of `entity`; those of clients without automatic sending only by hand."""
        for batch_id in await self._store.waiting(entity, client_id):
            await self._offer(batch_id, tally, fence, by_hand=by_hand)

    async def _offer(self, batch_id: str, tally: Tally, fence: Fence | None, *, by_hand: bool) -> None:
        batch = await self._store.get(self._everyone, batch_id)
        if batch is None:
            return  # another run, or a person, was first
        target = await self._gate.target(batch.entity, batch.client_id, batch.commande_id)
        simulated = target.settings.simulation(batch.entity) is not None
        automatic = by_hand or target.client is None or target.client.auto_send_enabled
        if target.verdict.answer == "wait":
            tally.skipped_calendar += batch.lead_count
        elif target.verdict.answer == "hold":
            tally.suspended += batch.lead_count
        elif not automatic or (simulated and batch.simulated):
            tally.ready_to_send += batch.lead_count
        else:
            gone = await self._mongo.transaction(lambda tx: self._hand_over(tx, batch_id, target), fence=fence)
            tally.cancelled += gone
            tally.simulated += (batch.lead_count - gone) * simulated
            tally.handed_over += (batch.lead_count - gone) * (not simulated)

    async def _hand_over(self, tx: Tx, batch_id: str, target: Target) -> int:
        """Ask the gate for each delivery, freeze the file, put the rows. Answers how many were cancelled."""
        batch = await self._store.get(self._everyone, batch_id, tx=tx)
        if batch is None or batch.handed_over:
            return 0
        rows = await self._deliveries.of_batch(batch_id, tx=tx)
        going, gone = await self.sort_out(tx, rows, target)
        if gone:
            batch = await self.rewrite(tx, batch, going)
        if batch is not None:
            await self.depart(tx, batch, target)
        return gone

    async def depart(self, tx: Tx, batch: Batch, target: Target) -> str:
        """To the client, or as a copy to the simulation address."""
        address = target.settings.simulation(batch.entity)
        if address is not None:
            await self._simulate(tx, batch, address)
            return "simulated"
        await self.put_rows(tx, batch, way(target.client, target.reach))
        return "handed over"

    async def rewrite(self, tx: Tx, batch: Batch, rows: Sequence[Delivery]) -> Batch | None:
        """A batch that has not left loses some of its deliveries: its file is made again, or it goes away."""
        if not rows:
            await self._store.delete(tx, batch.id)
            return None
        text = csvfile.render(batch.entity, batch.produit, [one.contact for one in rows])
        changed = batch.model_copy(update={**files.counts(rows), "csv": text, "csv_sha256": files.sha256(text)})
        await self._store.change(tx, batch.id, changed.model_dump(), guard={"handed_over": False})
        return changed

    async def put_rows(self, tx: Tx, batch: Batch, to: Way) -> None:
        """One outbox row per recipient, and the calls; from here the batch leaves whatever changes after."""
        now = self._clock.now()
        change = {"handed_over": True, "handed_over_at": now, "simulated": False, "recipients": to.shown}
        change |= {"proof": to.proof, "by_lead": to.by_lead, "acknowledgement": "asked" if to.recipients else "none"}
        if not await self._store.change(tx, batch.id, change, guard={"handed_over": False}):
            raise Conflict("Ce lot vient d'être remis à l'envoi.")
        sender, day = self._senders[batch.entity], weeks.paris_day(now)
        link = self._links.url(batch.id, batch.client_id, now)
        deadline, body = now + GIVE_UP_AFTER, payload(batch, sender, day, link=link)
        rows = [email_row(batch, address, body, deadline) for address in to.recipients]
        if to.interface is not None:
            leads = await self._deliveries.of_batch(batch.id, tx=tx)
            rows += push_rows(batch, to.interface, leads, day, deadline)
        await self._outbox.enqueue(tx, rows)

    async def _simulate(self, tx: Tx, batch: Batch, address: str) -> None:
        """A copy to the simulation address; the deliveries stay `ready_to_send` and nothing is counted."""
        await self._store.change(tx, batch.id, {"simulated": True}, guard={"handed_over": False})
        ids = batch.delivery_ids
        await self._deliveries.into_batch(tx, ids, batch.id, batch.csv_filename, simulated=True)
        await self.put_copy(tx, batch, address, mark="[SIMULATION] ")

    async def put_copy(self, tx: Tx, batch: Batch, address: str, *, mark: str) -> None:
        """One message with the same file that changes no state: nobody acknowledges by it for the client."""
        body = payload(batch, self._senders[batch.entity], self._said_day(batch), mark=mark)
        deadline = self._clock.now() + GIVE_UP_AFTER
        await self._outbox.enqueue(tx, [copy_row(batch, address, body, deadline, new_id())])

    async def detach(self, tx: Tx, delivery: Delivery) -> None:
        """Take a delivery out of the batch it has not left with; the others keep a batch of their own.

        A batch on its way is refused. One that was definitely refused is closed, and what remains starts again.
        """
        if delivery.batch_id is None:
            return
        batch = await self.get(self._everyone, delivery.batch_id, tx=tx)
        rows = [one for one in await self._deliveries.of_batch(batch.id, tx=tx) if one.id != delivery.id]
        if not batch.handed_over:
            await self.rewrite(tx, batch, rows)
        elif "failed" not in {batch.status, delivery.status if batch.by_lead else ""}:
            raise Conflict("Cette livraison est déjà remise à l'envoi.")
        elif await self._following.left(tx, batch, delivery.id):
            raise Conflict("Le client a peut-être reçu cette livraison par une autre voie.")
        elif batch.by_lead:
            await self._outbox.cancel(tx, [batch.id], delivery_id=delivery.id)
        else:
            await self._outbox.cancel(tx, [batch.id])
            await self._store.change(tx, batch.id, {"status": "cancelled"}, guard={"status": "failed"})
            if rows:
                await self.create(tx, rows, batch.run_id)

    # -- trying again ----------------------------------------------------------------------------------------

    async def revive(self, entity: str, fence: Fence | None = None) -> int:
        """Make due what waits for a later attempt, and try again what was definitely refused, for 72 h."""
        unfinished = await self._store.unfinished(entity)
        due = await self._mongo.transaction(lambda tx: self._outbox.make_due(tx, unfinished), fence=fence)
        for batch_id in await self._store.failed(entity):
            if await self._held(batch_id):
                continue
            due += await self._mongo.transaction(lambda tx, one=batch_id: self._retry(tx, one), fence=fence)  # type: ignore[misc]
        return due

    async def _held(self, batch_id: str) -> bool:
        """A person suspended what leaves for its client today."""
        batch = await self.get(self._everyone, batch_id)
        return (await self._gate.target(batch.entity, batch.client_id, batch.commande_id)).verdict.answer == "hold"

    async def _retry(self, tx: Tx, batch_id: str) -> int:
        rows = await self._outbox.rows_of(batch_id, tx=tx)
        first = min((one.first_attempt_at for one in rows if one.first_attempt_at), default=None)
        if first is None or self._clock.now() - first > GIVE_UP_AFTER:
            return 0
        return await self._outbox.requeue(tx, [batch_id], states=("failed",))

    # -- acknowledged ----------------------------------------------------------------------------------------

    async def acknowledge(self, batch: Batch, ip: str, agent: str) -> Batch:
        """Its recipient says that it arrived. The first one counts; later ones change nothing."""
        given = {"acknowledgement": "given", "acknowledged_at": self._clock.now()}
        given |= {"acknowledged_ip": ip, "acknowledged_agent": agent}

        async def write(tx: Tx) -> Batch:
            guard = {"acknowledgement": "asked", "status": {"$ne": "cancelled"}}
            if await self._store.change(tx, batch.id, given, guard=guard):
                details = {"csv_filename": batch.csv_filename, "status": batch.status}
                event = Event(action="batch_acknowledged", entity_type="batch", entity_id=batch.id,
                              entity=batch.entity, user="client", details=details,
                              related={"client_id": batch.client_id})  # fmt: skip
                await self._audit.record(tx, event)
                await self._clients.tell_delivery(
                    tx, batch.entity, batch.client_id, "batch_acknowledged", details, "client"
                )
            return await self.get(self._everyone, batch.id, tx=tx)

        return await self._mongo.transaction(write)

    # -- reads -----------------------------------------------------------------------------------------------

    async def get(self, scope: Scope, batch_id: str, *, tx: Tx | None = None) -> Batch:
        batch = await self._store.get(scope, batch_id, tx=tx)
        if batch is None:
            raise NotFound("Lot introuvable.")
        return batch

    async def page(self, scope: Scope, page: Page, query: Mapping[str, str]) -> Paged[Doc]:
        """Newest first, without the files; `query`: client_id, status, day, sent_week, acknowledgement."""
        return await self._store.page(scope, page, query)

    async def progress(self, entity: str, day: str) -> Progress:
        """How far the lots handed over on a Paris day are."""
        return progressed(await self._store.progress(entity, day))

    async def unacknowledged(self, scope: Scope, page: Page, query: Mapping[str, str], days: int) -> Paged[Doc]:
        """Sent more than `days` days ago and not acknowledged, the oldest first."""
        return await self._store.unacknowledged(scope, page, query, self._clock.now() - timedelta(days=days))

    def stream(self, scope: Scope, query: Mapping[str, str], days: int | None = None) -> AsyncIterator[Doc]:
        """The same batches as `page`, or as `unacknowledged` for `days`: all of them."""
        return self._store.stream(scope, query, self._clock.now() - timedelta(days=days) if days else None)

    def preview(self, delivery: Delivery) -> str:
        """The file this delivery would make alone."""
        return csvfile.render(delivery.entity, delivery.produit, [delivery.contact])

    async def of_run(self, run_id: str) -> list[str]:
        """Ids of the batches that a run built."""
        return await self._store.of_run(run_id)

    async def without_rows(self) -> AsyncIterator[str]:
        """Batches handed over that the outbox does not know (an invariant: there are none)."""
        async for batch_id in self._store.handed_over():
            if not await self._outbox.rows_of(batch_id):
                yield batch_id
