"""Placing a lead: candidates, plan, and the reservation that quota and exclusivity guarantee."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from backend.clients.deliverability import Reach, reach
from backend.clients.service import ClientsService
from backend.commandes import departements, quota
from backend.commandes.models import Commande
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
from backend.pricing.service import PricingService
from backend.routing import matching
from backend.routing.models import Candidate, Placement, Plan, Refused, Subject

OVERLAP_WITHIN = timedelta(days=30)
Substitute = Callable[[Tx, Candidate], Awaitable[Subject | None]]
"""Gives the LB that takes a suspicious lead's place at the commande that would have had it, or None."""


class RoutingService:
    def __init__(
        self,
        clock: Clock,
        clients: ClientsService,
        commandes: CommandesService,
        parametres: ParametresService,
        pricing: PricingService,
        prepaid: PrepaidService,
        deliveries: DeliveriesService,
        outbox: OutboxService,
        entities: Sequence[str],
    ) -> None:
        self._clock = clock
        self._clients = clients
        self._commandes = commandes
        self._parametres = parametres
        self._pricing = pricing
        self._prepaid = prepaid
        self._deliveries = deliveries
        self._outbox = outbox
        self._entities = tuple(entities)

    # -- before the transaction: read, decide ----------------------------------------------------------------

    async def plan(
        self, subject: Subject, *, only: Commande | None = None, over_share: bool = False, leaving: bool = False
    ) -> Plan:
        """The ordered plan for a lead, over every commande that covers it (or over `only`).

        `leaving`: for a daily run under way, whose leads are due today.
        """
        settings = await self._parametres.current()
        found = [only] if only else await self._covering(subject)
        candidates = await self._candidates(subject, found, settings, leaving)
        if settings.calendar(subject.entity).closed_reason(weeks.paris_day(self._clock.now())):
            candidates = [_waits(one) if one.commande.entity != subject.entity else one for one in candidates]
        made = matching.plan(subject, candidates, over_share=over_share)
        return await self._guard(subject, made, settings)

    async def _covering(self, subject: Subject) -> list[Commande]:
        codes = departements.matching(subject.contact.departement)
        return await self._commandes.candidates(self._entities, subject.produit, codes)

    async def _candidates(
        self, subject: Subject, commandes: Sequence[Commande], settings: Parametres, leaving: bool
    ) -> list[Candidate]:
        now = self._clock.now()
        clients = await self._clients.by_ids([one.client_id for one in commandes])
        at_once = {one.id for one in clients.values() if leaving or one.instant}
        due = {(entity, today): due_day(now, settings.calendar(entity), leaving=today)
               for entity in self._entities for today in (False, True)}  # fmt: skip
        days = {one.id: due[one.entity, one.client_id in at_once] for one in commandes}
        week = {key: weeks.week_of_day(day) if day else weeks.week_of(now) for key, day in days.items()}
        closed = {one: settings.calendar(one).closed_reason(weeks.paris_day(now)) for one in self._entities}
        counters = await self._commandes.counters([(one, week[one.id]) for one in commandes])
        left = await self._units_left(clients, commandes[0].produit) if commandes else {}
        result = []
        for one in commandes:
            client = clients.get(one.client_id)
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
                    units_left=left.get(one.client_id),
                )
            )
        return result

    async def _units_left(self, client_ids: Iterable[str], produit: str) -> dict[str, int]:
        """Units left to those of the clients who pay this produit in advance today."""
        modes = await self._pricing.modes(client_ids, produit, weeks.paris_day(self._clock.now()))
        left = await self._prepaid.remaining([(one, produit) for one, mode in modes.items() if mode == "PREPAID"])
        return {client_id: units for (client_id, _), units in left.items()}

    async def exhausted(self, commande: Commande) -> bool:
        """Whether the commande's client pays in advance and has nothing left: nothing can be given to it."""
        return (await self._units_left([commande.client_id], commande.produit)).get(commande.client_id) == 0

    async def _guard(self, subject: Subject, made: Plan, settings: Parametres) -> Plan:
        """The overlap guard: it orders, it never blocks."""
        watched = [one for one in made.ordered if settings.overlap_guard(one.commande.entity) and one.client]
        overlapping: set[str] = set()
        for entity in {one.commande.entity for one in watched}:
            emails = {key: one.commande.client_id for one in watched if one.commande.entity == entity and one.client
                      for key in one.client.email_keys}  # fmt: skip
            shared = await self._clients.sharing(entity, emails, self._clock.now() - OVERLAP_WITHIN)
            overlapping |= {one.commande.client_id for one in watched if one.commande.entity == entity and one.client
                            and shared & set(one.client.email_keys)}  # fmt: skip
        return matching.guarded(subject, made, frozenset(overlapping)) if overlapping else made

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
    ) -> Placement:
        """Walk the plan: claim free, unit left, then a place, then the delivery. A lost race raises DuplicateKeyError.

        The unit is looked for before the place is taken, so that nothing has to be undone: what this snapshot shows
        is what the delivery takes, or the transaction conflicts and starts again. A delivery for an `instant` client
        puts, in the same transaction, the task that sends it.
        """
        held = await self._deliveries.held(
            subject.produit, subject.contact.phone, [one.commande.client_id for one in plan.ordered], tx=tx
        )
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


def _waits(one: Candidate) -> Candidate:
    """The lead's own calendar is closed: the other entity waits with it."""
    return replace(one, closed="own_calendar")
