"""00:05 Paris: leads that arrived on a closed day, or before a week with places, look for a buyer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.jobs.models import Run
from backend.leads.service import LeadsService


@dataclass(frozen=True, slots=True)
class WaitingLeads:
    """The job `route_waiting_leads`. A lead whose entity is closed that day waits on, with its reason."""

    leads: LeadsService

    async def __call__(self, run: Run) -> dict[str, Any]:
        return {"routed": await self.leads.route_waiting({}, run.fence)}
