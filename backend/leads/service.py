"""Leads: routing those that wait, following their deliveries, and what people do to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core import phone as phones
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import Conflict, NotFound
from backend.core.mongo import Busy, Doc, Fence, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.deliveries.models import Delivery, shown
from backend.deliveries.service import DeliveriesService
from backend.deliveries.states import Outcome, lead_after
from backend.leads import rules
from backend.leads.models import HELD, ROUTABLE, Lead
from backend.leads.store import LeadsStore
from backend.outbox.service import OutboxService
from backend.parametres.models import Parametres
from backend.parametres.service import ParametresService
from backend.routing.models import Placement, Plan
from backend.routing.service import RoutingService

_CLOCKS_APART = timedelta(minutes=1)
WAITING = (*ROUTABLE, *HELD, "lb")


class Moved(Exception):
    """The lead is no longer as it was read: somebody else routed it."""


class LeadsService:
    """Owns `leads`."""

    def __init__(
        self,
        mongo: Mongo,
        store: LeadsStore,
        clock: Clock,
        audit: AuditService,
        parametres: ParametresService,
        routing: RoutingService,
        deliveries: DeliveriesService,
        outbox: OutboxService,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._audit = audit
        self._parametres = parametres
        self._routing = routing
        self._deliveries = deliveries
        self._outbox = outbox
        self._everyone = everyone

    # -- routing what waits ----------------------------------------------------------------------------------

    async def route_waiting(
        self, query: Mapping[str, Any], fence: Fence | None = None, *, leaving: bool = False
    ) -> int:
        """Route every waiting lead that matches, oldest first, page by page. Answers how many found a buyer.

        Those received since were routed as they came: without an end, a walk would follow them for as long as they do.
        One that met conflicts for too long is taken again at the end; `Busy` when it still does.
        """
        routed, after, late = 0, None, list[str]()
        until = self._clock.now() + _CLOCKS_APART
        while page := await self._store.waiting(query, after, until=until):
            for lead in page:
                try:
                    routed += await self.route(lead, "daily", fence, leaving=leaving)
                except Busy:
                    late.append(lead.id)
            after = (page[-1].created_at, page[-1].id)
        for lead_id in late:
            routed += await self.route_one(lead_id, "daily", fence, leaving=leaving)
        return routed

    async def route_one(
        self, lead_id: str, method: str = "realtime", fence: Fence | None = None, *, leaving: bool = False
    ) -> int:
        """Route one lead if it still waits; `Busy` when conflicts outlasted it."""
        lead = await self._store.get(self._everyone, lead_id)
        waits = lead is not None and lead.status in {*ROUTABLE, *HELD}
        return await self.route(lead, method, fence, leaving=leaving) if lead and waits else 0

    async def route(self, lead: Lead, method: str, fence: Fence | None = None, *, leaving: bool = False) -> int:
        """Place a waiting lead, or note what it waits for. 1 when it found a buyer."""
        settings = await self._parametres.current()
        lead = resolved(lead, settings)
        held = rules.held(lead.entity, lead.produit, lead.source, lead.consent, settings)
        now = self._clock.now()
        if held is not None:
            await self._hold(lead, held[0], held[1], now)
            return 0
        if rules.aged(lead, now):
            return 0
        plan = await self._routing.plan(lead.subject(), leaving=leaving)
        return await self.settle(lead, plan, method, fence)

    async def _hold(self, lead: Lead, status: str, reason: str, now: datetime) -> None:
        if (lead.status, lead.hold_reason) == (status, reason):
            return
        change = {"status": status, "hold_reason": reason, "updated_at": now}
        await self._store.change(None, lead.id, {"$set": change}, guard=as_read(lead))

    async def settle(
        self, lead: Lead, plan: Plan, method: str, fence: Fence | None = None, *, over_share: bool = False
    ) -> int:
        """Reserve along the plan and write the lead, in one transaction. 1 when it found a buyer."""

        async def work(tx: Tx) -> int:
            placed = await self._routing.place(tx, lead.subject(), plan, method=method, over_share=over_share)
            await self.write_placement(tx, lead, placed)
            return int(placed.delivery is not None)

        try:
            async with self._mongo.queue([f"commande:{one.commande.id}" for one in plan.ordered[:1]]):
                return await self._mongo.transaction(work, fence=fence, races=True)
        except Moved:
            return 0

    async def write_placement(self, tx: Tx, lead: Lead, placed: Placement) -> None:
        """Write what routing decided on a lead that still is as it was read; raises `Moved` otherwise."""
        change = rules.after(lead, placed, self._clock.now()) | _owned(lead)
        if not await self._store.change(tx, lead.id, {"$set": change}, guard=as_read(lead)):
            raise Moved
        if placed.delivery is not None:
            await self._audit.record(tx, event_about("lead_routed", lead, "system:routing", _about(placed.delivery)))

    # -- following deliveries (LeadListener) -----------------------------------------------------------------

    async def delivered(self, tx: Tx, deliveries: Sequence[Delivery], at: datetime) -> None:
        """A batch was accepted by the buyer's server."""
        first = deliveries[0]
        by_delivery = {one.id: one.lead_id for one in deliveries}
        await self._store.deliver(tx, by_delivery, (first.client_id, first.client_name), at)

    async def released(self, tx: Tx, delivery: Delivery, reason: str) -> None:
        """A delivery was cancelled: its lead waits again."""
        change = rules.without_delivery(is_lb=delivery.is_lb, now=self._clock.now())
        await self._store.change(tx, delivery.lead_id, {"$set": change}, guard={"delivery_id": delivery.id})
        payload = {"produit": delivery.produit, "reason": "delivery_cancelled"}
        await self._outbox.put_task(tx, "route_waiting", payload)

    async def returned(self, tx: Tx, delivery: Delivery, outcome: Outcome, reason: str) -> None:
        """A delivery was rejected or removed: the lead ends, or is routed again, never to that client."""
        now = self._clock.now()
        ends = lead_after(reason)
        change = rules.without_delivery(is_lb=delivery.is_lb, now=now)
        if ends != "new":
            change |= {"status": ends, "hold_reason": f"{outcome}:{reason}"}
        update = {"$set": change, "$addToSet": {"refused_clients": delivery.client_id}}
        await self._store.change(tx, delivery.lead_id, update, guard={"delivery_id": delivery.id})
        if ends == "new":
            await self._outbox.put_task(tx, "route_waiting", {"lead_id": delivery.lead_id})

    # -- for the folder of what people do --------------------------------------------------------------------

    async def change(
        self, tx: Tx, lead: Lead, update: Doc, event: Event, *, guard: Mapping[str, Any] | None = None
    ) -> None:
        """Write a lead that still is as `guard` says, and tell it; 409 otherwise."""
        if not await self._store.change(tx, lead.id, update, guard=guard):
            raise Conflict("Ce lead vient de changer. Rechargez la page.")
        await self._audit.record(tx, event)

    # -- reads -----------------------------------------------------------------------------------------------

    async def get(self, scope: Scope, lead_id: str, *, tx: Tx | None = None) -> Lead:
        lead = await self._store.get(scope, lead_id, tx=tx)
        if lead is None:
            raise NotFound("Lead introuvable.")
        return lead

    async def answers(self, ids: Sequence[str]) -> dict[str, Doc]:
        """Lead id -> what the caller who sent it was told; of every entity."""
        return await self._store.answers(self._everyone, ids) if ids else {}

    async def detail(self, scope: Scope, lead_id: str) -> dict[str, Any]:
        """The lead, its deliveries as this scope may read them, and the commandes considered."""
        lead = await self.get(scope, lead_id)
        told = rules.visible(lead.model_dump(), scope.entities)
        deliveries = await self._deliveries.dated(await self._deliveries.of_lead(lead_id))
        rows = [shown(one) if scope.allows(one["entity"]) else rules.crossed(one) for one in deliveries]
        if lead.considered and lead.entity and lead.produit:
            told["considered"] += await self._routing.elsewhere(lead.entity, lead.produit, lead.departement)
        return {**told, "phone_display": phones.display(lead.phone), "deliveries": rows}

    async def page(
        self, scope: Scope, query: Mapping[str, Any], page: Page, *, oldest_first: bool = False
    ) -> Paged[Doc]:
        found = await self._store.page(scope, query, page, oldest_first=oldest_first)
        rows = [rules.visible(doc, scope.entities) for doc in found.rows]
        rows = [{**row, "phone_display": phones.display(row["phone"])} for row in rows]
        return Paged(rows, found.total, found.capped)

    async def stream(self, scope: Scope, query: Mapping[str, Any], *, oldest_first: bool = False) -> AsyncIterator[Doc]:
        """The same rows as `page`, all of them."""
        async for doc in self._store.stream(scope, query, oldest_first=oldest_first):
            yield rules.visible(doc, scope.entities)

    async def stats(self, scope: Scope, week: str | None = None) -> dict[str, int]:
        """Status -> count, and their total; of the week received, or of all time."""
        window = dict(zip(("$gte", "$lt"), weeks.week_bounds(week), strict=True)) if week else None
        counts = await self._store.by_status(scope, window)
        return {**counts, "total": sum(counts.values())}

    async def count(self, scope: Scope, status: str) -> int:
        return await self._store.count(scope, {"status": status})

    async def count_received(self, scope: Scope, window: tuple[datetime, datetime]) -> int:
        """Leads received in [start, end), tests left out."""
        counts = await self._store.by_status(scope, dict(zip(("$gte", "$lt"), window, strict=True)))
        return sum(n for status, n in counts.items() if status != "test")

    async def received(self, scope: Scope, week: str) -> dict[tuple[str, str], int]:
        """(departement, produit) -> leads received in the week."""
        return await self._store.received(scope, *weeks.week_bounds(week))

    async def received_between(self, scope: Scope, start: datetime, end: datetime) -> int:
        """How many leads were received in [start, end)."""
        return sum((await self._store.received(scope, start, end)).values())

    async def blocked(self, scope: Scope, statuses: Sequence[str]) -> list[Doc]:
        """{entity, produit, status, count, oldest} of the leads in these states."""
        return await self._store.blocked(scope, statuses)

    async def last_received(self, scope: Scope, providers: Sequence[str]) -> dict[str, datetime]:
        """When each of these providers sent its last lead of the scope; those who sent none are absent."""
        return {one: at for one in providers if (at := await self._store.last_received(scope, one)) is not None}

    async def counts_by_provider(self, ids: Sequence[str]) -> dict[str, int]:
        return await self._store.by_provider(ids)

    # -- stock (for the folder above) ------------------------------------------------------------------------

    async def ageing(self, before: datetime) -> list[Lead]:
        """One page of undelivered leads received before `before` and not LB yet."""
        return await self._store.ageing(before)

    async def delivered_before(self, before: datetime) -> list[Lead]:
        return await self._store.delivered_before(before)

    async def mark_lb(self, tx: Tx, ids: Sequence[str], statuses: Sequence[str], reason: str) -> int:
        return await self._store.mark_lb(tx, ids, statuses, reason, self._clock.now())

    async def stock(
        self,
        entity: str,
        produit: str,
        areas: Sequence[str] | None,
        extra: Mapping[str, Any],
        *,
        tx: Tx | None = None,
    ) -> AsyncIterator[Lead]:
        """Every sellable lead of the entity's stock that matches, oldest first, page by page."""
        after = None
        while page := await self._store.stock(entity, produit, areas, extra, after, tx=tx):
            for lead in page:
                yield lead
            after = (page[-1].created_at, page[-1].id)

    async def insert(self, tx: Tx, lead: Lead) -> None:
        await self._store.insert(tx, lead)

    async def standing(self) -> AsyncIterator[tuple[str, str, str | None]]:
        """(id, status, delivery id) of every lead."""
        async for one in self._store.standing():
            yield one


def resolved(lead: Lead, settings: Parametres) -> Lead:
    """The lead with the entity and produit that its form has been given since."""
    form = settings.form(lead.form_code)
    if form is None or (lead.entity is not None and lead.produit is not None):
        return lead
    entity = lead.entity or form.entity
    found = {"entity": entity, "lead_owner_entity": entity, "produit": lead.produit or form.produit}
    return lead.model_copy(update=found)


def as_read(lead: Lead) -> Doc:
    """A guard: nobody has moved the lead since it was read."""
    return {"status": lead.status, "updated_at": lead.updated_at}


def _owned(lead: Lead) -> Doc:
    return {"entity": lead.entity, "lead_owner_entity": lead.lead_owner_entity, "produit": lead.produit}


def _about(delivery: Delivery) -> dict[str, Any]:
    return {"delivery_id": delivery.id, "entity": delivery.entity, "week": delivery.week, "rank": delivery.rank}


def event_about(action: str, lead: Lead, user: str, details: dict[str, Any]) -> Event:
    """A line of the event log on a lead."""
    related = {"delivery_id": lead.delivery_id} if lead.delivery_id else {}
    return Event(
        action=action,
        entity_type="lead",
        entity_id=lead.id,
        entity=lead.entity,
        user=user,
        details=details,
        related=related,
    )
