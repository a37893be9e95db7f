"""The durable task `route_waiting`: something was unblocked, look again at the leads concerned."""

from __future__ import annotations

from typing import Any

from backend.audit.service import AuditService
from backend.channels.contract import Done, Journal, Outcome
from backend.leads.service import LeadsService


class RouteWaiting:
    """Handler of the outbox kind `route_waiting`. Payload: `lead_id`, or `produit` (all when absent).

    A lead whose form was unknown has no produit yet: it is looked at whatever the produit.
    """

    def __init__(self, leads: LeadsService, audit: AuditService) -> None:
        self._leads = leads
        self._audit = audit

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        payload = row["payload"]
        if "received" in payload:  # written when it was, where the base was too far to record it then
            await self._audit.record_written(payload["received"])
        if "lead_id" in payload:
            return Done(f"{await self._leads.route_one(payload['lead_id'])} lead(s) routed")
        query = {"produit": {"$in": [payload["produit"], None]}} if payload.get("produit") else {}
        return Done(f"{await self._leads.route_waiting(query)} lead(s) routed")
