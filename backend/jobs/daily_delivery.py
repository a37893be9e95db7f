"""The daily run (rule 15), 09:30 Paris every day: route what waits, mark LB, fill, batch, hand over, report.

Every step is made of short transactions under the slot's fence and can be done again: a run killed anywhere is taken
over, two runs at once deliver each lead once because deliveries are claimed. A closed day marks LB and says so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from backend.batches.models import Tally
from backend.batches.service import BatchesService
from backend.commandes.service import CommandesService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.mongo import Fence
from backend.jobs.models import Run
from backend.leads.service import LeadsService
from backend.outbox.service import OutboxService
from backend.parametres.service import ParametresService
from backend.reports.service import ReportsService
from backend.stock.service import StockService


@dataclass(frozen=True, slots=True)
class DailyDelivery:
    """The job `daily_delivery`."""

    clock: Clock
    entities: tuple[str, ...]
    commandes: CommandesService
    parametres: ParametresService
    leads: LeadsService
    stock: StockService
    batches: BatchesService
    outbox: OutboxService
    reports: ReportsService

    async def __call__(self, run: Run) -> dict[str, Any]:
        """One run; the answer is kept in the slot and in `delivery_reports`."""
        started = time.monotonic()
        fence, run_at = run.fence, self.clock.now()
        closed = await self._closed()
        paused = await self.commandes.pause_expired(run_at)
        routed = await self.leads.route_waiting({}, fence, leaving=True)
        marked = await self.stock.mark(fence)
        entities: dict[str, dict[str, Any]] = {one: {"closed": why} for one, why in closed.items()}
        going = [one for one in self.entities if closed[one] is None]
        for entity in going:
            entities[entity] |= await self._fill(entity, fence)
            entities[entity]["revived"] = await self.batches.revive(entity, fence)
        for entity, tally in (await self._send(going, fence, run.slot_id)).items():
            entities[entity] |= tally.model_dump()
        report = {
            "slot": run.slot_id,
            "run_at": run_at,
            "routed": routed,
            "paused_commandes": paused,
            "lb_marked": {**marked.model_dump(), "total": marked.total},
            "entities": entities,
            "duration_seconds": round(time.monotonic() - started, 3),
        }
        await self.reports.write(None, report)
        self.outbox.poke()
        return report

    async def _closed(self) -> dict[str, str | None]:
        settings = await self.parametres.current()
        today = weeks.paris_day(self.clock.now())
        return {entity: settings.calendar(entity).closed_reason(today) for entity in self.entities}

    async def _fill(self, entity: str, fence: Fence) -> dict[str, int]:
        totals = {"lb_filled": 0, "fresh_filled": 0, "lb_shortfall": 0}
        async for commande in self.commandes.open(entity):
            if commande.lb_target_pct > 0:
                filled = await self.stock.fill(commande, fence)
                totals["lb_filled"] += filled.lb
                totals["fresh_filled"] += filled.fresh
                totals["lb_shortfall"] += filled.shortfall
        return totals

    async def _send(self, entities: list[str], fence: Fence, slot: str) -> dict[str, Tally]:
        """Batch and hand over; what the gate releases is routed again, until it releases nothing more."""
        tallies = {entity: Tally() for entity in entities}
        while True:
            before = sum(tally.cancelled for tally in tallies.values())
            for entity, tally in tallies.items():
                await self.batches.build(entity, tally, fence, slot)
                await self.batches.hand_over_waiting(entity, tally, fence)
            if before == sum(tally.cancelled for tally in tallies.values()):
                return tallies
            await self.leads.route_waiting({}, fence, leaving=True)
