"""Submitting a lead: stored once, routed at once, in one transaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from backend.accounts.caller import Caller
from backend.audit.service import AuditService
from backend.core import crash, weeks
from backend.core import phone as phones
from backend.core.clock import Clock, utcnow
from backend.core.errors import Conflict, InvalidInput
from backend.core.ids import new_id
from backend.core.mongo import Busy, Mongo, Tx
from backend.core.tenancy import Scope
from backend.intake import rules
from backend.intake.models import Claimed, Entered, EntryBody, First, Source, SubmitBody
from backend.intake.store import IntakeStore
from backend.leads.models import Lead
from backend.leads.rules import after, held
from backend.leads.service import LeadsService
from backend.outbox.service import OutboxService
from backend.parametres.models import Parametres
from backend.parametres.service import ParametresService
from backend.routing.models import Candidate, Placement, Plan, Subject
from backend.routing.service import RoutingService
from backend.stock.service import StockService
from backend.tracking.models import VisitorSession
from backend.tracking.service import TrackingService

PRODUITS = ("PV", "PAC", "ITE")
TEST_KEPT = timedelta(days=30)
_STORE_FOR = 3.0  # seconds more to store a lead that could not be routed for conflicts


@dataclass(frozen=True, slots=True)
class Received:
    """`status` 201 for a lead stored now, 200 for one stored before."""

    status: int
    body: dict[str, Any]


class IntakeService:
    def __init__(
        self,
        mongo: Mongo,
        store: IntakeStore,
        clock: Clock,
        parametres: ParametresService,
        tracking: TrackingService,
        routing: RoutingService,
        leads: LeadsService,
        stock: StockService,
        outbox: OutboxService,
        audit: AuditService,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._audit = audit
        self._store = store
        self._clock = clock
        self._parametres = parametres
        self._tracking = tracking
        self._routing = routing
        self._leads = leads
        self._stock = stock
        self._outbox = outbox
        self._everyone = everyone

    async def refuse(self, source: str, reason: str) -> None:
        """Count a submission that is answered and not stored."""
        await self._store.count_refusal(weeks.paris_day(self._clock.now()).isoformat(), source, reason)

    async def submit(self, body: SubmitBody, source: Source) -> Received:
        """Store, qualify and route one submission; or say that it was received before (rule 5)."""
        settings = await self._parametres.current()
        entity, produit = self._resolve(body, source, settings)
        phone = phones.parse(body.phone)
        if phone.quality == "suspicious" and source.keyed:
            await self.refuse(source.slug, "suspicious_provider_rejected")
            raise InvalidInput(
                {"phone": "Numéro suspect : refusé."},
                code="suspicious_provider_rejected",
                extra={"phone_quality": "suspicious"},
            )
        first = First(rules.claims(body, source, phone, produit), rules.fingerprint(body))
        async with self._mongo.queue(one.key for one in first.claims):
            asked = [] if self._parametres.far() else first.claims
            first.known, session = await asyncio.gather(self._store.known(asked), self._session(body.session_id))
            now = self._clock.now()
            if found := first.live(now):
                return await self._seen(found, first.mark)
            lead = rules.assemble(new_id(), body, source, phone, session, entity, produit, now)
            return await self._take_in(self._qualified(lead, settings), body, source, first)

    async def _session(self, session_id: str) -> VisitorSession | None:
        return await self._tracking.get_session(session_id) if session_id else None

    async def enter(self, caller: Caller, body: EntryBody, key: str) -> Entered:
        """A lead entered by a person: what cannot be used is refused by field, the rest is as from anywhere else.
        The same `key` is the same entry."""
        entity = caller.write_entity(body.entity)
        if wrong := rules.unusable(body):
            raise InvalidInput(wrong)
        source = Source(slug=f"user:{caller.email}", ip="", user_agent="", idempotency_key=key, by_hand=True)
        received = await self.submit(rules.entered(body, entity), source)
        told = received.body
        return Entered(
            lead_id=told["lead_id"],
            status=told.get("first_status", told["status"]),
            already=received.status == 200,
            would_status=told.get("would_status"),
        )

    def _resolve(self, body: SubmitBody, source: Source, settings: Parametres) -> tuple[str | None, str | None]:
        """Entity and produit: a provider's entity is its own; what is missing comes from the form."""
        if body.entity and body.entity not in self._everyone.entities:
            raise InvalidInput({"entity": f"Entité inconnue. Attendu : {', '.join(self._everyone.entities)}."})
        if body.produit and body.produit not in PRODUITS:
            raise InvalidInput({"produit": f"Produit inconnu. Attendu : {', '.join(PRODUITS)}."})
        form = settings.form(body.form_code) if body.form_code else None
        entity = source.entity or body.entity or (form.entity if form else None)
        return entity, body.produit or (form.produit if form else None)

    def _qualified(self, lead: Lead, settings: Parametres) -> Lead:
        if lead.status == "invalid":
            return lead
        waits = held(lead.entity, lead.produit, lead.source, lead.consent, settings)
        return lead.model_copy(update={"status": waits[0], "hold_reason": waits[1]}) if waits else lead

    async def _take_in(self, lead: Lead, body: SubmitBody, source: Source, first: First) -> Received:
        test = body.test or source.test_mode
        later = self._parametres.far() and not test  # keep it first: the worker routes it
        plan = await self._routing.plan(lead.subject()) if lead.status == "new" and not later else None
        if test:
            lead, plan = await self._as_test(lead, plan), None
        async with self._mongo.queue(f"commande:{one.commande.id}" for one in (plan.ordered[:1] if plan else ())):
            try:
                return await self._store_lead(lead, plan, source, first, budget=2.0)
            except Busy:
                return await self._store_only(lead, source, first)

    async def _as_test(self, lead: Lead, plan: Plan | None) -> Lead:
        """A lead marked `test`: what it would have become is told, nothing is taken."""
        considered = await self._routing.foreseen(lead.subject(), plan) if plan else ()
        would = lead.status if plan is None else rules.would_be(considered, locked=lead.entity_locked)
        change = {"status": "test", "would_status": would, "considered": list(considered)}
        return lead.model_copy(update={**change, "expires_at": utcnow() + TEST_KEPT})

    async def _looked_again(self, first: First, tx: Tx) -> list[Claimed]:
        first.known = await self._store.known(first.claims, tx=tx)
        return first.live(self._clock.now())

    async def _store_only(self, lead: Lead, source: Source, first: First) -> Received:
        """Conflicts outlasted the routing: keep the lead as it is, the worker routes it."""
        try:
            return await self._store_lead(lead, None, source, first, budget=_STORE_FOR)
        except Busy as busy:
            if not first.claims:
                raise
            sentence = "La première demande est encore en cours. Réessayez dans quelques secondes."
            raise Conflict(sentence, code="in_progress", headers={"Retry-After": "5"}) from busy

    async def _store_lead(
        self, lead: Lead, plan: Plan | None, source: Source, first: First, *, budget: float
    ) -> Received:
        """One transaction. It hopes to be alone: whoever was before makes it fail, and then it looks."""
        tries = count()

        async def work(tx: Tx) -> tuple[list[Claimed], Lead]:
            hopeful = next(tries) == 0
            if not hopeful and (found := await self._looked_again(first, tx)):
                return found, lead
            await self._store.take(tx, first.claims, first.known, lead.id, first.mark, self._clock.now())
            stored = await self._place(tx, lead, plan, hopeful) if plan else lead
            stored.answer = rules.answer(stored, source).model_dump(exclude_none=True)
            await self._leads.insert(tx, stored)
            await self._audit.record(tx, rules.received(stored, source))
            if stored.session_id:
                await self._tracking.mark_converted(tx, stored.session_id, stored.id)
            if stored.status == "new":
                await self._outbox.put_task(tx, "route_waiting", {"lead_id": stored.id})
            return [], stored

        found, stored = await self._mongo.transaction(work, budget=budget, races=True)
        crash.point("after_intake_commit")
        return await self._seen(found, first.mark) if found else Received(201, stored.answer)

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

    async def _seen(self, found: list[Claimed], mark: str) -> Received:
        """The first answer again; the same key with another body is refused."""
        for claim in found:
            if claim["strict"] and claim["fingerprint"] != mark:
                raise Conflict(
                    "Cette clé d'idempotence a déjà servi pour une autre demande.", code="idempotency_key_reused"
                )
        return Received(200, rules.again(await self._leads.answer(found[0]["lead_id"])))
