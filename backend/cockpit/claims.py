"""« Je m'en occupe »: who takes care of a line of « À traiter », shared by the team, written with its event."""

from __future__ import annotations

from backend.accounts.caller import Caller
from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.cockpit.models import Claim
from backend.cockpit.store import ClaimsStore
from backend.core.clock import Clock
from backend.core.mongo import Mongo, Tx
from backend.core.tenancy import Scope


class Claims:
    def __init__(self, mongo: Mongo, store: ClaimsStore, audit: AuditService, clock: Clock) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._clock = clock

    async def all(self, scope: Scope) -> dict[str, Claim]:
        return await self._store.all(scope)

    async def take(self, caller: Caller, key: str) -> Claim:
        """The line is the caller's from now on, whoever had it. 403 outside the scope."""
        entity = _entity(caller, key)
        claim = Claim(key=key, by=caller.email, name=caller.nom, at=self._clock.now())

        async def write(tx: Tx) -> Claim:
            await self._store.put(tx, entity, claim)
            await self._audit.record(tx, _event("todo_claimed", caller, entity, key))
            return claim

        return await self._mongo.transaction(write)

    async def release(self, caller: Caller, key: str) -> None:
        entity = _entity(caller, key)

        async def write(tx: Tx) -> None:
            await self._store.remove(tx, entity, key)
            await self._audit.record(tx, _event("todo_released", caller, entity, key))

        await self._mongo.transaction(write)


def _entity(caller: Caller, key: str) -> str | None:
    """The company of the line; leads without one are seen by who looks at both."""
    code = key.split(":")[1]
    return caller.within(code).entities[0] if code else None


def _event(action: str, caller: Caller, entity: str | None, key: str) -> Event:
    return Event(action=action, entity_type="todo", entity_id=key, entity=entity, user=caller.email)
