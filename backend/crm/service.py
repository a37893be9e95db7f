"""Use cases of the companies' own CRMs.

A sale puts one task in its own transaction, and nothing else: the calls are put in line afterwards, so that nothing of
a CRM can delay or undo a delivery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.channels.http_push.handlers import HttpPush
from backend.channels.http_push.models import AnswerRule, AnswerRules, Destination
from backend.core.addresses import BadAddress
from backend.core.alarms import raised
from backend.core.http import HttpDoor
from backend.core.mongo import Mongo, Tx
from backend.core.tenancy import Scope
from backend.crm.message import channel, row
from backend.deliveries.models import Delivery
from backend.deliveries.service import DeliveriesService
from backend.deliveries.states import Outcome
from backend.outbox.models import State
from backend.outbox.service import OutboxService

_PAGE = 200
_ILL: tuple[State, ...] = ("uncertain", "failed", "dead")
_SEEN = AnswerRules(duplicate=AnswerRule(statuses=[409]))
"""409: it had this lead already."""


def destination(url: str, key: str) -> Destination | None:
    """How a CRM is called; None without an address."""
    return Destination(url, auth="bearer" if key else "none", secret=key, rules=_SEEN) if url else None


class CrmService:
    """`crms`: each company's, None when it has none."""

    def __init__(
        self,
        mongo: Mongo,
        deliveries: DeliveriesService,
        outbox: OutboxService,
        door: HttpDoor,
        crms: Mapping[str, Destination | None],
    ) -> None:
        self._mongo = mongo
        self._deliveries = deliveries
        self._outbox = outbox
        self._door = door
        self.crms = dict(crms)
        self.calls = HttpPush(door, self._called)

    async def sold(self, tx: Tx, deliveries: Sequence[Delivery], at: datetime) -> None:
        """These deliveries of one company were accepted: have its CRM told, if it has one (`SaleListener`)."""
        entity = deliveries[0].entity
        if self.crms.get(entity) is not None:
            await self._outbox.put_task(tx, "tell_crm", {"deliveries": [one.id for one in deliveries]}, entity=entity)

    async def taken_back(self, tx: Tx, delivery: Delivery, outcome: Outcome, at: datetime, by: str) -> None:
        """Not told: these interfaces take leads, not corrections."""

    async def put(self, ids: Sequence[str]) -> int:
        """One call per delivery, once whatever the number of times this is done. Answers how many were new."""
        new = 0
        for start in range(0, len(ids), _PAGE):
            found = await self._deliveries.by_ids(ids[start : start + _PAGE])
            rows = [row(one) for one in found if one.status == "sent"]
            new += await self._mongo.transaction(lambda tx, rows=rows: self._outbox.enqueue_new(tx, rows), races=True)  # type: ignore[misc]
        self._outbox.poke()
        return new

    async def refusal(self, entity: str) -> str | None:
        """Why the CRM of `entity` cannot be called, in French; None when it may, or when there is none."""
        to = self.crms.get(entity)
        try:
            if to is not None:
                await self._door.check(to.url)
        except BadAddress as exc:
            return str(exc)
        return None

    async def health(self, scope: Scope) -> dict[str, Any]:
        """Per company: whether it has a CRM, and the calls that wait or did not pass. `warning` while one did not."""
        told: dict[str, Any] = {}
        for entity in scope.entities:
            counts = await self._outbox.counts_on(channel(entity), ("pending", *_ILL))
            told[entity] = {"enabled": self.crms.get(entity) is not None, **counts}
        ill = any(one[state] for one in told.values() for state in _ILL)
        alarms = raised({"crm.calls": ill})
        return {"status": "warning" if ill else "healthy", "alarms": alarms, "entities": told}

    async def _called(self, row: dict[str, Any]) -> Destination | None:
        """The CRM as it is configured now, not when the lead was sold."""
        return self.crms.get(row["entity"])
