"""Submitting a lead: stored once, routed at once, in one transaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from backend.accounts.caller import Caller
from backend.audit.service import AuditService
from backend.core import phone as phones
from backend.core import weeks
from backend.core.clock import Clock, utcnow
from backend.core.errors import InvalidInput
from backend.core.ids import new_id
from backend.core.mongo import Mongo
from backend.core.tenancy import Scope
from backend.intake import rules
from backend.intake.models import Entered, EntryBody, First, Received, Source, SubmitBody
from backend.intake.store import IntakeStore
from backend.intake.storing import Storing, refuse_other
from backend.leads.models import Lead
from backend.leads.rules import held
from backend.leads.service import LeadsService
from backend.outbox.service import OutboxService
from backend.parametres.models import Parametres
from backend.parametres.service import ParametresService
from backend.routing.models import Plan
from backend.routing.service import RoutingService
from backend.stock.service import StockService
from backend.tracking.models import VisitorSession
from backend.tracking.service import TrackingService

PRODUITS = ("PV", "PAC", "ITE")
TEST_KEPT = timedelta(days=30)


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
        self._store = store
        self._clock = clock
        self._parametres = parametres
        self._tracking = tracking
        self._routing = routing
        self._everyone = everyone
        self._storing = Storing(mongo, store, clock, tracking, routing, leads, stock, outbox, audit)

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
        person = [f"person:{phone.e164}|{produit}"] if phone.e164 else []
        async with self._mongo.queue([*(one.key for one in first.claims), *person]):
            if told := self._storing.recent.find(first, self._clock.now()):
                refuse_other(told[0], first)
                return Received(200, rules.again(told[1]))
            asked = [] if self._parametres.far() else [first]
            first.known, session = await asyncio.gather(self._store.known(asked), self._session(body.session_id))
            now = self._clock.now()
            if found := first.live(now):
                return await self._storing.seen(found, first)
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
        return await self._storing.store(lead, plan, source, first, far=later)

    def forget(self) -> None:
        """Nothing is remembered of what was answered: the base was changed from outside."""
        self._storing.recent.forget()

    async def _as_test(self, lead: Lead, plan: Plan | None) -> Lead:
        """A lead marked `test`: what it would have become is told, nothing is taken."""
        considered = await self._routing.foreseen(lead.subject(), plan) if plan else ()
        would = lead.status if plan is None else rules.would_be(considered, locked=lead.entity_locked)
        change = {"status": "test", "would_status": would, "considered": list(considered)}
        return lead.model_copy(update={**change, "expires_at": utcnow() + TEST_KEPT})
