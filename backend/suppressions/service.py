"""Use cases of suppressed addresses: noted with the refusal, read by who chooses recipients, lifted by a person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core.alarms import raised
from backend.core.clock import Clock
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.outbox.models import Row
from backend.outbox.service import OutboxService
from backend.suppressions.models import Suppression
from backend.suppressions.store import SuppressionsStore


class SuppressionsService:
    def __init__(
        self,
        mongo: Mongo,
        store: SuppressionsStore,
        audit: AuditService,
        outbox: OutboxService,
        clock: Clock,
        everyone: Scope,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._outbox = outbox
        self._clock = clock
        self._everyone = everyone

    async def note(self, tx: Tx, row: Row, reason: str, code: str) -> None:
        """The server says that the recipient of `row` does not exist: with the refusal, in its transaction."""
        if row.entity is None:
            return
        now = self._clock.now()
        one = Suppression(
            id=new_id(), entity=row.entity, address=row.to.casefold(), reason=reason, code=code, row_id=row.id,
            client_id=row.client_id, hits=1, created_at=now, last_at=now,
        )  # fmt: skip
        if await self._store.add(tx, one):
            await self._tell(tx, one, "address_suppressed", "system:outbox")

    async def lift(self, scope: Scope, address: str, user: str) -> list[str]:
        """Write to `address` again; answers the entities where it was suppressed. Leads that wait are routed."""

        async def work(tx: Tx) -> list[str]:
            lifted = []
            for entity in scope.entities:
                one = await self._store.remove(tx, Scope((entity,)), address.strip().casefold())
                if one is not None:
                    await self._tell(tx, one, "address_unsuppressed", user)
                    payload = {"entity": entity, "produit": None, "reason": "suppression"}
                    await self._outbox.put_task(tx, "route_waiting", payload, entity=entity)
                    lifted.append(entity)
            return lifted

        entities = await self._mongo.transaction(work)
        if not entities:
            raise NotFound("Cette adresse n'est pas écartée.")
        self._outbox.poke()
        return entities

    async def page(self, scope: Scope, page: Page) -> Paged[Doc]:
        """Newest first."""
        return await self._store.page(scope, page)

    async def addresses(self) -> Mapping[str, frozenset[str]]:
        """What is suppressed, by entity, in lower case."""
        entities = self._everyone.entities
        return dict(zip(entities, await asyncio.gather(*map(self._store.addresses, entities)), strict=True))

    async def health(self, scope: Scope) -> dict[str, Any]:
        """`warning` while an address is suppressed: a client may receive nothing, or less than it should."""
        count = await self._store.count(scope)
        alarms = raised({"suppressions.addresses": count})
        return {"status": "warning" if count else "healthy", "alarms": alarms, "suppressed": count}

    async def _tell(self, tx: Tx, one: Suppression, action: str, user: str) -> None:
        related = {"client_id": one.client_id} if one.client_id else {}
        event = Event(action=action, entity_type="suppression", entity_id=one.id, entity=one.entity, user=user,
                      details={"address": one.address, "reason": one.reason}, related=related)  # fmt: skip
        await self._audit.record(tx, event)
