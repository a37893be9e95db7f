"""00:05 Paris: pauses that end today end, then the leads that wait (a closed day, a full week) look for a buyer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.clients.service import ClientsService
from backend.commandes.service import CommandesService
from backend.jobs.models import Run
from backend.leads.service import LeadsService


@dataclass(frozen=True, slots=True)
class WaitingLeads:
    """The job `route_waiting_leads`. A lead whose entity is closed that day waits on, with its reason."""

    leads: LeadsService
    clients: ClientsService
    commandes: CommandesService

    async def __call__(self, run: Run) -> dict[str, Any]:
        resumed = {
            "clients_resumed": await self.clients.resume_due(),
            "commandes_resumed": await self.commandes.resume_due(),
        }
        return {**resumed, "routed": await self.leads.route_waiting({}, run.fence)}
