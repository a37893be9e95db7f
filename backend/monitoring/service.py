"""Reads across the folders."""

from __future__ import annotations

from backend.batches.service import BatchesService
from backend.commandes.service import CommandesService
from backend.deliveries.service import DeliveriesService
from backend.leads.service import LeadsService
from backend.monitoring import invariants
from backend.monitoring.models import Check

_WITH_DELIVERY = {"routed": "on its way", "livre": "sent"}


class MonitoringService:
    def __init__(
        self,
        commandes: CommandesService,
        deliveries: DeliveriesService,
        batches: BatchesService,
        leads: LeadsService,
    ) -> None:
        self._commandes = commandes
        self._deliveries = deliveries
        self._batches = batches
        self._leads = leads

    async def invariants(self) -> list[Check]:
        """Every promise checked on the whole base, streamed; all counts must be zero. Meant for a quiet base:
        what moves while it reads may show."""
        trade = invariants.Trade()
        async for delivery in self._deliveries.every():
            trade.see(delivery)
        counters = [one async for one in self._commandes.every_counter()]
        above, drift = invariants.quota(counters, trade.places)
        leads = [one async for one in self._leads.standing()]
        kept = [one async for one in self._deliveries.every_claim()]
        unsent = Check(name="unsent", meaning="lot remis à l'envoi sans ligne dans la file")
        async for batch_id in self._batches.without_rows():
            unsent.add(batch_id)
        return [
            trade.sold_twice_check(),
            above,
            invariants.lost(_WITH_DELIVERY, trade.current, leads),
            drift,
            invariants.claims(trade.open_claims, kept),
            unsent,
        ]
