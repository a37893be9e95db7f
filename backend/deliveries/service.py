"""Deliveries: making one, moving it, its outcome, reading them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from backend.accounts.caller import Caller
from backend.audit.service import AuditService
from backend.clients.service import ClientsService
from backend.commandes.service import CommandesService
from backend.core import weeks
from backend.core.alarms import raised
from backend.core.clock import Clock
from backend.core.errors import Conflict, InvalidInput, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.deliveries.models import Counted, Delivery, NewDelivery, RejectBody, RemoveBody, claim_id
from backend.deliveries.states import CANCELLABLE, REJECTION_REASONS, REMOVAL_REASONS, STATUSES, Outcome
from backend.deliveries.store import DeliveriesStore, Window
from backend.deliveries.told import decided, event
from backend.deliveries.window import ReturnWindow
from backend.parametres.service import ParametresService
from backend.prepaid.service import PrepaidService

EXCLUSIVE_FOR = timedelta(days=30)


class LeadListener(Protocol):
    """What the folder of leads does when a delivery moves; registered by bootstrap."""

    async def delivered(self, tx: Tx, deliveries: Sequence[Delivery], at: datetime) -> None: ...

    async def released(self, tx: Tx, delivery: Delivery, reason: str) -> None: ...

    async def returned(self, tx: Tx, delivery: Delivery, outcome: Outcome, reason: str) -> None: ...


class SaleListener(Protocol):
    """What the folders of money and the CRMs do, in the same transaction, when a unit is sold or taken back."""

    async def sold(self, tx: Tx, deliveries: Sequence[Delivery], at: datetime) -> None: ...

    async def taken_back(self, tx: Tx, delivery: Delivery, outcome: Outcome, at: datetime, by: str) -> None: ...


class DeliveriesService:
    """Owns `deliveries` and the claims that keep a lead exclusive."""

    def __init__(
        self,
        mongo: Mongo,
        store: DeliveriesStore,
        clock: Clock,
        audit: AuditService,
        clients: ClientsService,
        commandes: CommandesService,
        parametres: ParametresService,
        prepaid: PrepaidService,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._commandes = commandes
        self._window = ReturnWindow(clients, parametres)
        self._prepaid = prepaid
        self._everyone = everyone
        self._leads: LeadListener | None = None
        self._sales: tuple[SaleListener, ...] = ()

    def listen(self, leads: LeadListener, *sales: SaleListener) -> None:
        self._leads = leads
        self._sales = sales

    @property
    def leads(self) -> LeadListener:
        assert self._leads is not None, "bootstrap registers the listener"
        return self._leads

    # -- making and releasing --------------------------------------------------------------------------------

    async def held(self, produit: str, phone: str, client_ids: Iterable[str], *, tx: Tx | None = None) -> set[str]:
        """Those of the clients who hold a live claim on this phone and produit."""
        by_claim = {claim_id(client, produit, phone): client for client in client_ids}
        held = await self._store.held(by_claim, self._clock.now(), tx=tx)
        return {by_claim[key] for key in held}

    async def create(self, tx: Tx, new: NewDelivery) -> Delivery:
        """Store a delivery, take its claim and its prepaid unit. A lost race on the claim raises DuplicateKeyError."""
        now = self._clock.now()
        delivery = Delivery(**new.model_dump(), id=new_id(), status="pending_csv", created_at=now, updated_at=now)
        await self._store.claim(tx, delivery.claim_id, new.lead_id, delivery.id, now)
        if new.prepaid and not await self._prepaid.take(tx, new.client_id, new.produit, delivery.id):
            raise Conflict("Le solde prépayé de ce client est épuisé.", code="prepaid_empty")
        await self._store.insert(tx, delivery)
        return delivery

    async def cancel(self, tx: Tx, delivery: Delivery, reason: str, user: str = "system") -> bool:
        """It never left and never will: claim, place and unit go back, the lead waits again. False when too late."""
        change = {"status": "cancelled", "current": False, "holds_place": False, "cancel_reason": reason}
        change |= {"batch_id": None, "updated_at": self._clock.now()}
        if not await self._store.move(tx, [delivery.id], CANCELLABLE, change):
            return False
        await self._store.release_claim(tx, delivery.claim_id, delivery.id)
        await self._commandes.give_back(tx, delivery.commande_id, delivery.week, lb=delivery.is_lb)
        if delivery.prepaid:
            await self._prepaid.give_back(tx, delivery.client_id, delivery.produit, delivery.id)
        await self.leads.released(tx, delivery, reason)
        await self._audit.record(tx, event("delivery_cancelled", delivery, user, {"reason": reason}))
        return True

    # -- moves that follow a batch ---------------------------------------------------------------------------

    async def gather(self, tx: Tx, entity: str, client_id: str, commande_id: str) -> list[Delivery]:
        """The deliveries of one client and commande that have no batch yet, oldest first."""
        return await self._store.pending_of(tx, entity, client_id, commande_id)

    async def pending_groups(self, entity: str) -> list[tuple[str, str]]:
        return await self._store.pending_groups(entity)

    async def of_batch(self, batch_id: str, *, tx: Tx | None = None) -> list[Delivery]:
        return await self._store.of_batch(batch_id, tx=tx)

    async def unsettled(self, entity: str, client_id: str, week: str, *, tx: Tx | None = None) -> int:
        """The client's deliveries due in that week or before of which nobody knows yet whether they are sold."""
        return await self._store.unsettled(entity, client_id, week, tx=tx)

    async def sent_in(self, scope: Scope, week: str) -> AsyncIterator[Delivery]:
        """Every delivery sent in that Paris week, streamed, whatever its outcome."""
        async for one in self._store.sent_in(scope, week):
            yield one

    async def reserved(self, commande_id: str) -> int:
        return await self._store.reserved(commande_id)

    async def reserved_for(self, scope: Scope, client_id: str) -> int:
        return await self._store.reserved_for(scope, client_id)

    async def into_batch(self, tx: Tx, ids: Sequence[str], batch_id: str, filename: str, *, simulated: bool) -> None:
        """What has not left -> `ready_to_send` in this batch; all of them, or a conflict."""
        change = {"status": "ready_to_send", "batch_id": batch_id, "csv_filename": filename, "simulated": simulated}
        change |= {"updated_at": self._clock.now()}
        moved = await self._store.move(tx, ids, ("pending_csv", "ready_to_send", "failed"), change)
        if moved != len(ids):
            raise Conflict("Ces livraisons viennent de changer. Rechargez la page.")

    async def follow(
        self, tx: Tx, batch_id: str, status: str, attempts: int, error: str | None, *, only: str | None = None
    ) -> list[Delivery]:
        """Give a batch's deliveries (or `only` one) the state of its rows; answers those that changed."""
        found = [await self.get(only, tx=tx)] if only else await self._store.of_batch(batch_id, tx=tx)
        rows = [one for one in found if one.status not in {"sent", "cancelled"}]
        change = {"status": status, "send_attempts": attempts, "last_error": error, "updated_at": self._clock.now()}
        await self._store.move(tx, [one.id for one in rows], STATUSES, change)
        return rows

    async def sent(self, tx: Tx, rows: Sequence[Delivery], recipients: list[str], attempts: int, at: datetime) -> None:
        """The server accepted the batch `at`: billable that week, leads delivered, exclusivity dated."""
        week = weeks.week_of(at)
        ids = [one.id for one in rows]
        change: Doc = {"status": "sent", "outcome": "accepted", "accepted_at": at, "last_sent_at": at}
        change |= {"sent_week": week, "sent_to": recipients, "send_attempts": attempts, "last_error": None}
        await self._store.move(tx, ids, STATUSES, change | {"updated_at": self._clock.now()})
        await self._store.end_claims(tx, ids, at + EXCLUSIVE_FOR)
        lb_units = sum(one.is_lb for one in rows)
        await self._commandes.note_sent(tx, rows[0].commande_id, week, units=len(rows), lb_units=lb_units)
        spent = [one.id for one in rows if one.prepaid]
        await self._prepaid.consume(tx, rows[0].client_id, rows[0].produit, spent)
        await self.leads.delivered(tx, rows, at)
        for listener in self._sales:
            await listener.sold(tx, rows, at)
        await self._audit.record(tx, *(event("send_delivery", one, "system", {"to": recipients}) for one in rows))

    async def note_proof(self, tx: Tx, delivery_id: str, proof: bool) -> None:
        """The lead's evidence of consent changed while its delivery waits."""
        await self._store.move(tx, [delivery_id], CANCELLABLE, {"proof": proof, "updated_at": self._clock.now()})

    async def reached(self, tx: Tx, batch_id: str, recipients: list[str]) -> None:
        """One more address of a client already served accepted the batch."""
        ids = [one.id for one in await self._store.of_batch(batch_id, tx=tx)]
        await self._store.move(tx, ids, ("sent",), {"sent_to": recipients, "updated_at": self._clock.now()})

    async def close_current(self, tx: Tx, lead_ids: Sequence[str]) -> None:
        await self._store.close_current(tx, lead_ids)

    # -- outcomes --------------------------------------------------------------------------------------------

    async def reject(self, caller: Caller, delivery_id: str, body: RejectBody) -> dict[str, Any]:
        """The client refuses a lead it received (rule 16). Idempotent."""
        reason = body.reason or "autre"
        if reason not in REJECTION_REASONS:
            raise InvalidInput({"reason": f"Motif inconnu. Attendu : {', '.join(REJECTION_REASONS)}."})
        delivery, doc = await self._sent_one(caller.scope, delivery_id)
        if doc["outcome"] == "rejected":
            return decided(delivery, "rejected", already=True)
        if doc["outcome"] == "removed":
            raise Conflict("Ce lead a déjà été retiré de la livraison.")
        await self._check_window(caller, delivery, body)
        await self._decide(caller, delivery, "rejected", reason, body.reason_detail)
        return decided(delivery, "rejected", already=False)

    async def remove(self, caller: Caller, delivery_id: str, body: RemoveBody) -> dict[str, Any]:
        """We take a lead back from a delivery (rule 16). Idempotent."""
        reason = body.reason or "autre"
        if reason not in REMOVAL_REASONS:
            raise InvalidInput({"reason": f"Motif inconnu. Attendu : {', '.join(REMOVAL_REASONS)}."})
        delivery, doc = await self._sent_one(caller.scope, delivery_id)
        if doc["outcome"] == "removed":
            return decided(delivery, "removed", already=True) | {"reason": doc["removal_reason"]}
        if doc["outcome"] == "rejected":
            raise Conflict("Ce lead a déjà été rejeté par le client.")
        await self._decide(caller, delivery, "removed", reason, body.reason_detail)
        return decided(delivery, "removed", already=False) | {"reason": reason}

    async def _sent_one(self, scope: Scope, delivery_id: str) -> tuple[Delivery, Doc]:
        doc = await self.document(scope, delivery_id)
        if doc["status"] != "sent":
            raise Conflict("Cette livraison n'a pas été envoyée : il n'y a rien à rejeter ni à retirer.")
        return Delivery(**doc), doc

    async def _check_window(self, caller: Caller, delivery: Delivery, body: RejectBody) -> None:
        last_day = (await self._window.last_days([delivery.model_dump()]))[delivery.id]
        if weeks.paris_day(self._clock.now()) <= last_day:
            return
        if not (body.force and body.reason_detail):
            raise Conflict(f"La période de retour s'est close le {last_day:%d/%m/%Y}.", code="return_window_closed")
        caller.demand("billing.manage")

    async def _decide(self, caller: Caller, delivery: Delivery, outcome: Outcome, reason: str, detail: str) -> None:
        now = self._clock.now()
        prefix = {"rejected": "rejection", "removed": "removal"}[outcome]
        change: Doc = {"outcome": outcome, "current": False, "holds_place": False, "updated_at": now}
        change |= {f"{outcome}_at": now, f"{outcome}_by": caller.email}
        change |= {f"{prefix}_reason": reason, f"{prefix}_detail": detail}
        action = {"rejected": "reject_lead", "removed": "lead_removed_from_delivery"}[outcome]

        async def work(tx: Tx) -> None:
            if not await self._store.decide(tx, delivery.id, change):
                raise Conflict("Cette livraison vient de changer. Rechargez la page.")
            lb = delivery.is_lb
            await self._commandes.give_back(tx, delivery.commande_id, delivery.week, lb=lb)
            week = str(delivery.sent_week)
            await self._commandes.note_unsent(tx, delivery.commande_id, week, units=1, lb_units=int(lb))
            if delivery.prepaid:
                pair, about = (delivery.client_id, delivery.produit), {"by": caller.email, "reason": reason}
                await self._prepaid.return_unit(tx, *pair, delivery.id, **about)
            await self.leads.returned(tx, delivery, outcome, reason)
            for listener in self._sales:
                await listener.taken_back(tx, delivery, outcome, now, caller.email)
            told = {"reason": reason, "detail": detail}
            await self._audit.record(tx, event(action, delivery, caller.email, told))
            line = {**told, "delivery_id": delivery.id, "lead_id": delivery.lead_id}
            await self._clients.tell_delivery(
                tx, delivery.entity, delivery.client_id, f"delivery_{outcome}", line, caller.email
            )

        await self._mongo.transaction(work, races=True)

    # -- reads -----------------------------------------------------------------------------------------------

    async def document(self, scope: Scope, delivery_id: str, *, tx: Tx | None = None) -> Doc:
        doc = await self._store.get(scope, delivery_id, tx=tx)
        if doc is None:
            raise NotFound("Livraison introuvable.")
        return doc

    async def dated(self, rows: Sequence[Doc]) -> list[Doc]:
        """The same with `last_return_day`: until when the client may refuse, null before it is sent."""
        days = await self._window.last_days(rows)
        return [one | {"last_return_day": str(days[one["id"]]) if one["id"] in days else None} for one in rows]

    async def get(self, delivery_id: str, *, tx: Tx | None = None) -> Delivery:
        """For the house itself: whatever the entity."""
        return Delivery(**await self.document(self._everyone, delivery_id, tx=tx))

    async def by_ids(self, ids: Sequence[str]) -> list[Delivery]:
        """For the house itself: of every entity, in the order of their ids."""
        return await self._store.by_ids(ids)

    async def page(self, scope: Scope, query: dict[str, Any], page: Page, *, oldest_first: bool = False) -> Paged[Doc]:
        return await self._store.page(scope, query, page, oldest_first=oldest_first)

    def stream(self, scope: Scope, query: dict[str, Any], *, oldest_first: bool = False) -> AsyncIterator[Delivery]:
        """The same rows as `page`, all of them."""
        return self._store.stream(scope, query, oldest_first=oldest_first)

    async def picked(self, scope: Scope, ids: Sequence[str]) -> list[Delivery]:
        return await self._store.picked(scope, ids)

    async def of_phones(self, scope: Scope, client_id: str, phones: Sequence[str]) -> list[Delivery]:
        return await self._store.of_phones(scope, client_id, phones)

    async def of_commande(self, scope: Scope, commande_id: str, status: str | None, page: Page) -> Paged[Doc]:
        await self._commandes.get(scope, commande_id)
        query = {"commande_id": commande_id} | ({"status": status} if status else {})
        return await self._store.page(scope, query, page)

    async def of_lead(self, lead_id: str) -> list[Doc]:
        return await self._store.all_of_lead(lead_id)

    async def count_sent(self, scope: Scope, window: Window, by: Sequence[str], **query: Any) -> list[Counted]:
        """What was sent in the window, counted by the values of these fields of `Counted`."""
        return await self._store.count_sent(scope, window, by, **query)

    async def count_unsent(self, scope: Scope, window: Window, by: Sequence[str], **query: Any) -> list[Counted]:
        """What was reserved in the window and has not been sent, cancelled ones included."""
        return await self._store.count_unsent(scope, window, by, **query)

    async def count_reserved(self, scope: Scope, window: Window, by: Sequence[str], **query: Any) -> list[Counted]:
        """What was reserved in the window, whatever became of it, cancelled ones left out."""
        return await self._store.count_reserved(scope, window, by, **query)

    async def last_sent(self, scope: Scope, client_id: str) -> Doc | None:
        return await self._store.last_sent(scope, client_id)

    async def every(self) -> AsyncIterator[Delivery]:
        async for one in self._store.every():
            yield one

    async def every_claim(self) -> AsyncIterator[tuple[str, str]]:
        async for one in self._store.every_claim():
            yield one

    async def stats(self, scope: Scope) -> dict[str, int]:
        """Counts by state, then by outcome, all time."""
        told: dict[str, int] = dict.fromkeys([*STATUSES, "total", "rejected", "removed", "billable"], 0)
        for row in await self._store.by_status(scope):
            status, outcome, n = row["_id"]["status"], row["_id"].get("outcome"), row["n"]
            told[status] += n
            told["total"] += n
            if outcome in {"rejected", "removed"}:
                told[outcome] += n
            told["billable"] += n if status == "sent" and outcome == "accepted" else 0
        return told

    async def health(self, scope: Scope) -> dict[str, Any]:
        """Counts for the health of the house: `degraded` while something failed or nobody knows."""
        told = await self.stats(scope)
        ill = told["failed"] or told["uncertain"]
        kept = ("failed", "uncertain", "pending_csv", "ready_to_send", "sending")
        counts = {one: told[one] for one in kept}
        alarms = raised({"deliveries.failed": told["failed"], "deliveries.uncertain": told["uncertain"]})
        status = "degraded" if ill else "healthy"
        return {"status": status, "alarms": alarms, **counts, "total_sent": told["sent"]}
