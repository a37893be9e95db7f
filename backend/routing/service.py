"""Placing a lead: candidates, plan, and the reservation that quota and exclusivity guarantee."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from backend.clients.deliverability import Reach, reach
from backend.commandes import departements, quota
from backend.commandes.models import Commande
from backend.commandes.rules import open_for
from backend.commandes.service import CommandesService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.mongo import Tx
from backend.deliveries.due import due_day
from backend.deliveries.models import Delivery, NewDelivery
from backend.deliveries.service import DeliveriesService
from backend.outbox.service import OutboxService
from backend.parametres.models import Parametres
from backend.parametres.service import ParametresService
from backend.prepaid.service import PrepaidService
from backend.routing import matching
from backend.routing.market import Market, View
from backend.routing.models import Candidate, Placement, Plan, Refused, Subject

Substitute = Callable[[Tx, Candidate], Awaitable[Subject | None]]
"""Gives the LB that takes a suspicious lead's place at the commande that would have had it, or None."""


class RoutingService:
    def __init__(
        self,
        clock: Clock,
        market: Market,
        commandes: CommandesService,
        parametres: ParametresService,
        prepaid: PrepaidService,
        deliveries: DeliveriesService,
        outbox: OutboxService,
        entities: Sequence[str],
    ) -> None:
        self._clock = clock
        self._market = market
        self._commandes = commandes
        self._parametres = parametres
        self._prepaid = prepaid
        self._deliveries = deliveries
        self._outbox = outbox
        self._entities = tuple(entities)

    # -- before the transaction: read, decide ----------------------------------------------------------------

    async def plan(
        self, subject: Subject, *, only: Commande | None = None, over_share: bool = False, leaving: bool = False
    ) -> Plan:
        """The ordered plan for a lead, over every commande that covers it (or over `only`).

        What the table in memory refuses is asked again of the base. `leaving`: for a daily run under way, whose
        leads are due today.
        """
        asked, codes = time.monotonic(), departements.matching(subject.contact.departement)
        view = await self._market.current()
        found = [only] if only else view.covering(subject.produit, codes)
        made = await self._decide(subject, view, found, over_share, leaving)
        if made.ordered or view.asked >= asked:
            return made
        view = await (self._market.around([only]) if only else self._market.covering(subject.produit, codes))
        found = [only] if only else view.covering(subject.produit, codes)
        return await self._decide(subject, view, found, over_share, leaving)

    async def _decide(
        self, subject: Subject, view: View, found: Sequence[Commande], over_share: bool, leaving: bool
    ) -> Plan:
        settings = await self._parametres.current()
        candidates = await self._candidates(subject, view, found, settings, leaving)
        if settings.calendar(subject.entity).closed_reason(weeks.paris_day(self._clock.now())):
            candidates = [_waits(one) if one.commande.entity != subject.entity else one for one in candidates]
        made = matching.plan(subject, candidates, over_share=over_share)
        overlapping = _overlapping(made, view, settings)
        return matching.guarded(subject, made, overlapping) if overlapping else made

    async def _candidates(
        self, subject: Subject, view: View, commandes: Sequence[Commande], settings: Parametres, leaving: bool
    ) -> list[Candidate]:
        now = self._clock.now()
        at_once = {one.client_id for one in commandes
                   if leaving or ((client := view.clients.get(one.client_id)) and client.instant)}  # fmt: skip
        due = {(entity, today): due_day(now, settings.calendar(entity), leaving=today)
               for entity in self._entities for today in (False, True)}  # fmt: skip
        days = {one.id: due[one.entity, one.client_id in at_once] for one in commandes}
        week = {key: weeks.week_of_day(day) if day else weeks.week_of(now) for key, day in days.items()}
        closed = {one: settings.calendar(one).closed_reason(weeks.paris_day(now)) for one in self._entities}
        counters = await self._market.counters(view, [(one, week[one.id]) for one in commandes])
        result = []
        for one in commandes:
            client = view.clients.get(one.client_id)
            refused = settings.denylist(one.entity), settings.suppressed(one.entity)
            reached = reach(client, *refused) if client else Reach(False, "no_channel", ())
            result.append(
                Candidate(
                    commande=one,
                    client=client,
                    reach=reached,
                    counter=counters[quota.counter_id(one.id, week[one.id])],
                    week=week[one.id],
                    due_day=days[one.id],
                    closed=closed[one.entity],
                    consent_required="require" in {settings.consent_mode(e) for e in (one.entity, subject.entity)},
                    crossing=settings.crossing(subject.entity, one.entity),
                    units_left=view.units.get((one.client_id, one.produit)),
                )
            )
        return result

    async def stop(self) -> None:
        await self._market.stop()

    async def elsewhere(self, entity: str, produit: str, departement: str) -> list[dict[str, str]]:
        """The entity's open commandes of that produit that do not cover the département, told as refusals."""
        week, areas = weeks.week_of(self._clock.now()), set(departements.matching(departement))
        found = [one async for one in self._commandes.open(entity)
                 if one.produit == produit and open_for(one, week) and not areas & set(one.departements)]  # fmt: skip
        clients = (await self._market.current()).clients
        told = [Refused(one.id, one.client_id, clients[one.client_id].name, entity, "not_covered") for one in found
                if one.client_id in clients]  # fmt: skip
        return [one.told() for one in told]

    async def exhausted(self, commande: Commande) -> bool:
        """Whether the commande's client pays in advance and has nothing left: nothing can be given to it."""
        return (await self._market.units([commande])).get((commande.client_id, commande.produit)) == 0

    # -- inside the transaction: reserve ---------------------------------------------------------------------

    async def place(
        self,
        tx: Tx,
        subject: Subject,
        plan: Plan,
        *,
        method: str,
        over_share: bool = False,
        substitute: Substitute | None = None,
        hopeful: bool = False,
    ) -> Placement:
        """Walk the plan: claim free, unit left, then a place, then the delivery. A lost race raises DuplicateKeyError.

        `hopeful`: do not ask who holds a claim already; the claim itself says it, as a lost race.

        The unit is looked for before the place is taken, so that nothing has to be undone: what this snapshot shows
        is what the delivery takes, or the transaction conflicts and starts again. A delivery for an `instant` client
        puts, in the same transaction, the task that sends it.
        """
        ids = [] if hopeful else [one.commande.client_id for one in plan.ordered]
        held = await self._deliveries.held(subject.produit, subject.contact.phone, ids, tx=tx) if ids else set()
        refusals = list(plan.refusals)
        for position, one in enumerate(plan.ordered):
            if one.commande.client_id in held:
                refusals.append(Refused.of(one, "already_had_it"))
                continue
            if one.units_left is not None and not await self._has_unit(tx, one):
                refusals.append(Refused.of(one, "prepaid_empty"))
                continue
            delivery = await self._take(tx, subject, one, plan, method, over_share, substitute)
            if delivery is not None:
                skipped = [Refused.of(other, "overlap") for other in plan.ordered[position + 1 :]
                           if other.commande.id in plan.moved]  # fmt: skip
                return Placement(delivery, "", _told([*refusals, *skipped], one))
            refusals.append(Refused.of(one, await self._why_full(tx, one, lb=subject.is_lb)))
        return Placement(None, "", _told(refusals, None))

    async def foreseen(self, subject: Subject, plan: Plan) -> tuple[dict[str, str], ...]:
        """What `place` would tell now, taking nothing: who is refused and why, who would have it, who comes next."""
        ids = [one.commande.client_id for one in plan.ordered]
        held = await self._deliveries.held(subject.produit, subject.contact.phone, ids) if ids else set()
        had = [Refused.of(one, "already_had_it") for one in plan.ordered if one.commande.client_id in held]
        free = [one for one in plan.ordered if one.commande.client_id not in held]
        following = [Refused.of(one, "next").told() for one in free[1:]]
        return (*_told([*plan.refusals, *had], free[0] if free else None), *following)

    async def _take(
        self,
        tx: Tx,
        subject: Subject,
        one: Candidate,
        plan: Plan,
        method: str,
        over_share: bool,
        substitute: Substitute | None,
    ) -> Delivery | None:
        other = await substitute(tx, one) if substitute and one.commande.lb_target_pct > 0 else None
        goes = other or subject
        counter = await self._commandes.take_place(tx, one.commande.id, one.week, lb=goes.is_lb, over_share=over_share)
        if counter is None:
            return None
        self._market.seen(counter, tx)
        new = _delivery(goes, one, counter.taken, method)
        if other is not None:
            new = new.model_copy(update={"replaced_suspicious_id": subject.lead_id})
        if one.commande.id in plan.moved:
            new = new.model_copy(update={"overlap_fallback_delivery": True})
        made = await self._deliveries.create(tx, new)
        if one.client is not None and one.client.instant:
            await self._outbox.put_task(tx, "send_instant", {"delivery_id": made.id}, entity=made.entity)
        return made

    async def _has_unit(self, tx: Tx, one: Candidate) -> bool:
        pair = (one.commande.client_id, one.commande.produit)
        return (await self._prepaid.remaining([pair], tx=tx))[pair] > 0

    async def _why_full(self, tx: Tx, one: Candidate, *, lb: bool) -> str:
        counters = await self._commandes.counters([(one.commande, one.week)], tx=tx)
        counter = counters[quota.counter_id(one.commande.id, one.week)]
        self._market.seen(counter)
        return quota.refusal(counter, lb=lb) or "quota_full"


def _delivery(subject: Subject, one: Candidate, rank: int, method: str) -> NewDelivery:
    assert one.due_day is not None and one.client is not None
    own = one.commande.entity == subject.entity
    return NewDelivery(
        lead_id=subject.lead_id,
        lead_entity=subject.entity,
        entity=one.commande.entity,
        client_id=one.commande.client_id,
        client_name=one.client.name,
        commande_id=one.commande.id,
        produit=subject.produit,
        contact=subject.contact,
        proof=subject.proof,
        is_lb=subject.is_lb,
        week=one.week,
        due_day=one.due_day.isoformat(),
        rank=rank,
        routing_mode="normal" if own else "fallback_no_orders",
        delivery_method=method,
        prepaid=one.units_left is not None,
    )


def _told(refusals: Sequence[Refused], chosen: Candidate | None) -> tuple[dict[str, str], ...]:
    told = [one.told() for one in refusals]
    if chosen is not None:
        told.append(Refused.of(chosen, "chosen").told())
    return tuple(told)


def _overlapping(made: Plan, view: View, settings: Parametres) -> frozenset[str]:
    """Clients of the plan whom the other entity served lately, where the guard is on: it orders, never blocks."""
    return frozenset(
        one.commande.client_id
        for one in made.ordered
        if one.client and settings.overlap_guard(one.commande.entity)
        and view.served.get(one.commande.entity, frozenset()) & set(one.client.email_keys)
    )  # fmt: skip


def _waits(one: Candidate) -> Candidate:
    """The lead's own calendar is closed: the other entity waits with it."""
    return replace(one, closed="own_calendar")
