"""Version and health. What other folders know of themselves comes by registration (`check`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from backend import __version__
from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core import log
from backend.core.alarms import raised
from backend.core.clock import Clock, utcnow
from backend.core.tenancy import Scope
from backend.system import rules
from backend.system.identity import Identity, build
from backend.system.models import Check, Health, Instance, Module, Root, Version
from backend.system.store import SystemStore

logger = log.get("rdz.system")
ROLES = ("worker", "scheduler")


class SystemService:
    """`missing_indexes` answers (names absent from the base, how many are declared)."""

    def __init__(
        self,
        store: SystemStore,
        clock: Clock,
        identity: Identity,
        env: str,
        entities: Sequence[str],
        missing_indexes: Callable[[], Awaitable[tuple[list[str], int]]],
        audit: AuditService,
    ) -> None:
        self._store = store
        self._clock = clock
        self._identity = identity
        self._env = env
        self._entities = list(entities)
        self._missing_indexes = missing_indexes
        self._audit = audit
        self._started_at = utcnow()
        self._checks: dict[str, Check] = {
            "indexes": self._indexes,
            "processes": self._processes,
        }

    def check(self, name: str, check: Check) -> None:
        """Register the check of a module; a later one replaces an earlier one."""
        self._checks[name] = check

    def root(self) -> Root:
        features = {"daily_delivery": True, "duplicate_detection": True, "lb_system": True}
        return Root(name="RDZ CRM", version=__version__, status="running", entities=self._entities, features=features)

    async def version(self) -> Version:
        built = await asyncio.to_thread(build)
        return Version(version=__version__, tag=f"v{__version__}", git_sha=built.git_sha, build_date=built.build_date,
                       env=self._env)  # fmt: skip

    async def alive(self) -> None:
        """Raise when the base does not answer."""
        await self._store.ping()

    async def beat(self, roles: Sequence[str]) -> None:
        """Say that this process lives, and what it does."""
        one = self._identity
        doc = {"roles": list(roles), "host": one.host, "pid": one.pid, "boot_id": one.boot_id, "version": __version__,
               "started_at": self._started_at}  # fmt: skip
        await self._store.beat(one.instance, doc)

    async def alive_instances(self) -> list[Instance]:
        """The processes that said they live less than 30 s ago."""
        now = utcnow()
        return [one for one in await self._store.instances() if now - one.heartbeat_at <= rules.STALE]

    async def note_restored(self, user: str, file: str, saved_at: datetime) -> None:
        """Tell in the event log that the base was put back as it was."""
        details = {"file": file, "saved_at": saved_at}
        event = Event(action="base_restored", entity_type="system", entity_id="base", user=user, details=details)
        await self._audit.record(None, event)

    async def leave(self) -> None:
        await self._store.leave(self._identity.instance)

    async def health(self, scope: Scope) -> Health:
        """Every module, and the worst of them. A check that fails is itself an error, not ours."""
        told = [await self._ask(name, check, scope) for name, check in self._checks.items()]
        modules = dict(zip(self._checks, told, strict=True))
        status = rules.worst(module.status for module in told)
        return Health(status=status, timestamp=self._clock.now(), version=await self.version(), modules=modules)

    async def _ask(self, name: str, check: Check, scope: Scope) -> Module:
        try:
            return Module.model_validate(await check(scope))
        except Exception as exc:
            logger.exception("health_check_failed", module=name)
            told = {"status": "error", "alarms": raised({"system.check": True})}
            return Module.model_validate({**told, "error": f"{type(exc).__name__}: {exc}"[:200]})

    async def _indexes(self, _scope: Scope) -> dict[str, Any]:
        missing, declared = await self._missing_indexes()
        return rules.indexes(missing, declared - len(missing))

    async def _processes(self, _scope: Scope) -> dict[str, Any]:
        return rules.processes(await self._store.instances(), ROLES, utcnow())
