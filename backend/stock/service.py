"""LB (rule 11): marking what has become stock, and filling the share of it that commandes want."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.commandes import departements, quota
from backend.commandes.models import Commande, Counter
from backend.commandes.service import CommandesService
from backend.core.clock import Clock
from backend.core.mongo import Fence, Mongo, Tx
from backend.deliveries.due import due_week
from backend.deliveries.service import EXCLUSIVE_FOR, DeliveriesService
from backend.leads.models import Lead
from backend.leads.rules import FRESH_FOR
from backend.leads.service import LeadsService
from backend.parametres.service import ParametresService
from backend.routing.models import Candidate
from backend.routing.service import RoutingService


class Marked(BaseModel):
    """What became LB."""

    from_old_leads: int = 0
    from_delivered: int = 0

    @property
    def total(self) -> int:
        return self.from_old_leads + self.from_delivered


class Filled(BaseModel):
    """What a commande received from the stock; `shortfall`: LB wanted that the stock did not have."""

    lb: int = 0
    fresh: int = 0
    shortfall: int = 0


class StockService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        audit: AuditService,
        parametres: ParametresService,
        commandes: CommandesService,
        deliveries: DeliveriesService,
        routing: RoutingService,
        leads: LeadsService,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._audit = audit
        self._parametres = parametres
        self._commandes = commandes
        self._deliveries = deliveries
        self._routing = routing
        self._leads = leads

    # -- marking ---------------------------------------------------------------------------------------------

    async def mark(self, fence: Fence | None = None) -> Marked:
        """Undelivered for 8 full days, or delivered more than 30 days ago: LB, for good."""
        now = self._clock.now()
        marked = Marked()
        while page := await self._leads.ageing(now - FRESH_FOR):
            marked.from_old_leads += await self._mark(page, "age_8_days", fence)
        while page := await self._leads.delivered_before(now - EXCLUSIVE_FOR):
            marked.from_delivered += await self._mark(page, "already_delivered_30_days", fence)
        return marked

    async def _mark(self, page: list[Lead], reason: str, fence: Fence | None) -> int:
        ids = [lead.id for lead in page]
        statuses = sorted({lead.status for lead in page})

        async def work(tx: Tx) -> int:
            await self._deliveries.close_current(tx, ids)
            return await self._leads.mark_lb(tx, ids, statuses, reason)

        return await self._mongo.transaction(work, fence=fence)

    # -- choosing --------------------------------------------------------------------------------------------

    async def candidates(self, commande: Commande, *, lb: bool, tx: Tx | None = None) -> AsyncIterator[Lead]:
        """Leads of the commande's entity that it could take, oldest first; already sold to its client come last."""
        client = commande.client_id
        areas = None if "*" in commande.departements else sorted(departements.covered(commande.departements))
        kind = {"is_lb": lb, "refused_clients": {"$ne": client}}
        passes: list[dict[str, Any]] = [{**kind, "sold_to": {"$ne": client}}]
        if lb:
            passes.append({**kind, "sold_to": client})
        for extra in passes:
            async for lead in self._leads.stock(commande.entity, commande.produit, areas, extra, tx=tx):
                yield lead

    async def substitute(self, tx: Tx, one: Candidate) -> Lead | None:
        """The LB that is delivered in the place of a suspicious lead (rule 6), if the stock has one."""
        async for lead in self.candidates(one.commande, lb=True, tx=tx):
            held = await self._deliveries.held(lead.produit or "", lead.phone, [one.commande.client_id], tx=tx)
            if not held:
                return lead
        return None

    # -- filling ---------------------------------------------------------------------------------------------

    async def fill(self, commande: Commande, fence: Fence | None = None) -> Filled:
        """Fill the places kept for LB; with fresh leads when the stock has none, and say so."""
        filled = Filled()
        stock = self.candidates(commande, lb=True)
        fresh = self.candidates(commande, lb=False)
        while (counter := await self._open_counter(commande)) is not None:
            wanted = quota.lb_needed(commande.lb_target_pct, counter.used, counter.lb)
            if wanted > 0 and not filled.shortfall:
                if await self._take_next(commande, stock, fence):
                    filled.lb += 1
                    continue
                filled.shortfall = wanted
                await self._tell_shortfall(commande, counter, wanted)
            if counter.cap is None or not await self._take_next(commande, fresh, fence):
                break
            filled.fresh += 1
        return filled

    async def _open_counter(self, commande: Commande) -> Counter | None:
        """The counter of the week that leaves today; None when it is full or the client's prepaid units are spent."""
        settings = await self._parametres.current()
        week = due_week(self._clock.now(), settings.calendar(commande.entity), leaving=True)
        counter = (await self._commandes.counters([(commande, week)]))[quota.counter_id(commande.id, week)]
        if counter.cap is not None and counter.used >= counter.cap:
            return None
        return None if await self._routing.exhausted(commande) else counter

    async def _take_next(self, commande: Commande, leads: AsyncIterator[Lead], fence: Fence | None) -> bool:
        """Give the commande the next of `leads` that it may have; False when they are exhausted."""
        async for lead in leads:
            plan = await self._routing.plan(lead.subject(), only=commande, over_share=True, leaving=True)
            if await self._leads.settle(lead, plan, "daily", fence, over_share=True):
                return True
        return False

    async def _tell_shortfall(self, commande: Commande, counter: Counter, wanted: int) -> None:
        details = {
            "week": counter.week,
            "target": str(commande.lb_target_pct),
            "taken": counter.used,
            "lb_taken": counter.lb,
            "needed": wanted,
        }
        event = Event(
            action="lb_shortfall",
            entity_type="commande",
            entity_id=commande.id,
            entity=commande.entity,
            user="system:stock",
            details=details,
            related={"client_id": commande.client_id},
        )
        await self._audit.record(None, event)
