"""Reads the figures, and says which deserve an alert."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

from prometheus_client import generate_latest

from backend.core.alarms import raised
from backend.core.clock import Clock
from backend.core.errors import Unauthenticated
from backend.core.tenancy import Scope
from backend.core.traffic import REGISTRY
from backend.hold.service import HoldService
from backend.jobs.service import JobsService
from backend.metrics import rules
from backend.metrics.models import Figures
from backend.metrics.store import MetricsStore
from backend.outbox.names import entity_of
from backend.system.service import ROLES, SystemService

LATELY = timedelta(minutes=15)


class MetricsService:
    """`token` opens the figures to who does not call from this machine; empty: nobody else."""

    def __init__(
        self,
        store: MetricsStore,
        clock: Clock,
        hold: HoldService,
        jobs: JobsService,
        system: SystemService,
        token: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._hold = hold
        self._jobs = jobs
        self._system = system
        self._token = token

    def admit(self, *, local: bool, given: str) -> None:
        """Let in a caller of this machine, or one with the token."""
        known = bool(self._token) and hmac.compare_digest(given.encode(), self._token.encode())
        if not (local or known):
            raise Unauthenticated("Les mesures se lisent depuis la machine même, ou avec le jeton METRICS_TOKEN.")

    async def text(self) -> str:
        """Everything, for Prometheus."""
        return rules.text(await self._figures(), self._clock.now()) + generate_latest(REGISTRY).decode()

    async def health(self, scope: Scope) -> dict[str, Any]:
        """The alerts of the channels that `scope` may see: `warning` when there is one."""
        since = self._clock.now() - LATELY
        queues = [one for one in await self._store.queues() if scope.allows(entity_of(one.channel))]
        attempts = [one for one in await self._store.attempts(since) if scope.allows(entity_of(one.channel))]
        found = rules.alerts(queues, attempts)
        kinds = {one.kind for one in found}
        alarms = raised(
            {
                "alerts.depth": "depth" in kinds,
                "alerts.success": "success" in kinds,
                "alerts.slow": "slow" in kinds,
            }
        )
        status = "warning" if found else "healthy"
        return {"status": status, "alarms": alarms, "alerts": [one.text for one in found]}

    async def _figures(self) -> Figures:
        now = self._clock.now()
        since = await self._jobs.waiting_since()
        alive = await self._system.alive_instances()
        return Figures(
            queues=await self._store.queues(),
            attempts=await self._store.attempts(now - LATELY),
            leads=await self._store.leads(now - LATELY),
            late={job.name: max(0.0, (now - since.get(job.name, now)).total_seconds()) for job in self._jobs.jobs},
            processes={role: sum(role in one.roles for one in alive) for role in ROLES},
            held=await self._hold.is_held(),
        )
