"""Writing leads down: those that arrive together in one transaction, each claimed, placed, stored and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from structlog.contextvars import bound_contextvars

from backend.audit.service import AuditService
from backend.core import crash, log
from backend.core.clock import Clock
from backend.core.errors import Conflict
from backend.core.gathering import Gathering
from backend.core.mongo import Busy, Doc, Mongo, Tx, is_outage
from backend.core.web import request_id
from backend.intake import rules
from backend.intake.models import Claimed, First, Received, Source
from backend.intake.recent import Recent
from backend.intake.store import IntakeStore
from backend.leads.models import Lead
from backend.leads.rules import after
from backend.leads.service import LeadsService
from backend.outbox.service import OutboxService
from backend.routing.models import Candidate, Placement, Plan, Subject
from backend.routing.service import RoutingService
from backend.stock.service import StockService
from backend.tracking.service import TrackingService

logger = log.get("rdz.intake")

AT_MOST = 32
_ROUTE_FOR = 2.0  # seconds to store and route, conflicts included
_STORE_FOR = 3.0  # seconds more to store a lead that could not be routed for conflicts


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead to store, along its plan when it has one; `request_id` is that of its own request.

    `far`: each question to the base costs so much that its event leaves with the task that routes it.
    """

    lead: Lead
    plan: Plan | None
    source: Source
    first: First
    request_id: str
    far: bool

    @property
    def wanted(self) -> str:
        """The commande that comes first in its plan."""
        return self.plan.ordered[0].commande.id if self.plan and self.plan.ordered else ""


class Storing:
    def __init__(
        self,
        mongo: Mongo,
        store: IntakeStore,
        clock: Clock,
        tracking: TrackingService,
        routing: RoutingService,
        leads: LeadsService,
        stock: StockService,
        outbox: OutboxService,
        audit: AuditService,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._tracking = tracking
        self._routing = routing
        self._leads = leads
        self._stock = stock
        self._outbox = outbox
        self._audit = audit
        self._together = Gathering(self._store_all, AT_MOST)
        self.recent = Recent()

    async def store(self, lead: Lead, plan: Plan | None, source: Source, first: First, *, far: bool) -> Received:
        """Store a lead; with those that want the same commande meanwhile, but alone where the base is `far`."""
        one = Arrival(lead, plan, source, first, request_id(), far)
        return await self._together.ask(lead.id if far else one.wanted, one)

    async def seen(self, found: Sequence[Claimed], first: First) -> Received:
        """The first answer again; the same key with another body is refused."""
        refuse_other(found, first)
        lead_id = found[0]["lead_id"]
        answer = (await self._leads.answers([lead_id]))[lead_id]
        self.recent.note(found, answer)
        return Received(200, rules.again(answer))

    async def _store_all(self, arrivals: Sequence[Arrival]) -> list[Received | Exception]:
        """Together; one by one when that fails, so that each has its own answer."""
        if len(arrivals) > 1:
            try:
                return await self._in_one(arrivals, _ROUTE_FOR)
            except Exception as exc:
                if is_outage(exc):
                    raise
                logger.info("intake_taken_apart", leads=len(arrivals), cause=repr(exc))
        return [await self._alone(one) for one in arrivals]

    async def _alone(self, one: Arrival) -> Received | Exception:
        try:
            return (await self._in_one([one], _ROUTE_FOR))[0]
        except Busy:
            return await self._unrouted(one)
        except Exception as exc:
            return exc

    async def _unrouted(self, one: Arrival) -> Received | Exception:
        """Conflicts outlasted the routing: keep the lead as it is, the worker routes it."""
        kept = replace(one, plan=None)
        try:
            return (await self._in_one([kept], _STORE_FOR))[0]
        except Busy as busy:
            if not one.first.claims:
                return busy
            sentence = "La première demande est encore en cours. Réessayez dans quelques secondes."
            return Conflict(sentence, code="in_progress", headers={"Retry-After": "5"})
        except Exception as exc:
            return exc

    async def _in_one(self, arrivals: Sequence[Arrival], budget: float) -> list[Received | Exception]:
        """One transaction. It hopes to be alone: whoever was before makes it fail, and then it looks."""
        tries = count()

        async def work(tx: Tx) -> tuple[dict[str, list[Claimed]], dict[str, Doc]]:
            hopeful = next(tries) == 0
            if not hopeful:
                await self._look(tx, arrivals)
            now = self._clock.now()
            found = {} if hopeful else {one.lead.id: one.first.live(now) for one in arrivals}
            new = [one for one in arrivals if not found.get(one.lead.id)]
            await self._store.take(tx, [(one.first, one.lead.id) for one in new], now)
            return found, {one.lead.id: await self._write(tx, one, hopeful) for one in new}

        wanted = {f"commande:{one.wanted}" for one in arrivals if one.wanted}
        async with self._mongo.queue(wanted):
            found, answers = await self._mongo.transaction(work, budget=budget, races=True, gathered=True)
        crash.point("after_intake_commit")
        for one in arrivals:
            if one.lead.id in answers:
                self.recent.note(one.first.taken(one.lead.id, self._clock.now()), answers[one.lead.id])
        return await self._answers(arrivals, found, answers)

    async def _look(self, tx: Tx, arrivals: Sequence[Arrival]) -> None:
        known = {doc["_id"]: doc for doc in await self._store.known([one.first for one in arrivals], tx=tx)}
        for one in arrivals:
            one.first.known = [known[claim.key] for claim in one.first.claims if claim.key in known]

    async def _answers(
        self, arrivals: Sequence[Arrival], found: dict[str, list[Claimed]], answers: dict[str, Doc]
    ) -> list[Received | Exception]:
        before = await self._leads.answers([claims[0]["lead_id"] for claims in found.values() if claims])
        told: list[Received | Exception] = []
        for one in arrivals:
            if one.lead.id in answers:
                told.append(Received(201, answers[one.lead.id]))
                continue
            claims = found[one.lead.id]
            answer = before[claims[0]["lead_id"]]
            self.recent.note(claims, answer)
            try:
                refuse_other(claims, one.first)
                told.append(Received(200, rules.again(answer)))
            except Conflict as refused:
                told.append(refused)
        return told

    async def _write(self, tx: Tx, one: Arrival, hopeful: bool) -> Doc:
        """Place the lead, store and tell it; the answer for its caller."""
        with bound_contextvars(request_id=one.request_id):
            stored = await self._place(tx, one.lead, one.plan, hopeful) if one.plan else one.lead.model_copy()
            stored.answer = rules.answer(stored, one.source).model_dump(exclude_none=True)
            await self._leads.insert(tx, stored)
            event = rules.received(stored, one.source)
            told = {"received": self._audit.written(event)} if one.far and stored.status == "new" else None
            if told is None:
                await self._audit.record(tx, event)
            if stored.session_id:
                await self._tracking.mark_converted(tx, stored.session_id, stored.id)
            if stored.status == "new":
                await self._outbox.put_task(tx, "route_waiting", {"lead_id": stored.id}, carries=told)
        answer: dict[str, Any] = stored.answer
        return answer

    async def _place(self, tx: Tx, lead: Lead, plan: Plan, hopeful: bool) -> Lead:
        """Reserve; a suspicious landing-page lead gives its place to an LB when the stock has one (rule 6)."""
        swapped: list[Lead] = []

        async def substitute(tx: Tx, one: Candidate) -> Subject | None:
            found = await self._stock.substitute(tx, one)
            swapped[:] = [found] if found else []
            return found.subject() if found else None

        suspicious = lead.phone_quality == "suspicious" and lead.lead_source_type == "internal_lp"
        placed = await self._routing.place(
            tx, lead.subject(), plan, method="realtime", substitute=substitute if suspicious else None, hopeful=hopeful
        )
        if placed.delivery is not None and placed.delivery.lead_id != lead.id:
            return await self._replaced(tx, lead, swapped[0], placed)
        return lead.model_copy(update=after(lead, placed, self._clock.now()))

    async def _replaced(self, tx: Tx, lead: Lead, lb: Lead, placed: Placement) -> Lead:
        await self._leads.write_placement(tx, lb, placed)
        return lead.model_copy(
            update={
                "status": "replaced_by_lb",
                "was_replaced": True,
                "replacement_source": "LB",
                "replacement_lead_id": lb.id,
                "considered": list(placed.considered),
            }
        )


def refuse_other(found: Sequence[Claimed], first: First) -> None:
    """409 when a key has served for another body."""
    if any(claim["strict"] and claim["fingerprint"] != first.mark for claim in found):
        raise Conflict("Cette clé d'idempotence a déjà servi pour une autre demande.", code="idempotency_key_reused")
