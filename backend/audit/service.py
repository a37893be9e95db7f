"""Recording and reading of events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from backend.audit.models import Event, EventFilters, EventRow
from backend.audit.store import AuditStore
from backend.audit.words import wanted_words, words_of
from backend.core.clock import Clock
from backend.core.errors import BadRequest, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.core.web import request_id
from backend.core.weeks import week_bounds


class AuditService:
    def __init__(self, store: AuditStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def record(self, tx: Tx | None, *events: Event) -> None:
        """Append `events` inside the transaction of the change they tell (None: outside any)."""
        if events:
            await self._store.append(tx, [self.written(event) for event in events])

    async def record_written(self, doc: Doc) -> None:
        """Append what was `written` earlier, unless it is there already."""
        await self._store.append_once(doc)

    async def record_all(self, tx: Tx | None, events: Sequence[Event]) -> None:
        await self.record(tx, *events)

    async def page(self, scope: Scope, wanted: EventFilters, page: Page) -> Paged[EventRow]:
        """Events of the scope, newest first. 400 when the week does not exist."""
        return await self._store.page(scope, _query(wanted), page)

    def stream(self, scope: Scope, wanted: EventFilters) -> AsyncIterator[EventRow]:
        """The same events as `page`, all of them."""
        return self._store.stream(scope, _query(wanted))

    async def get(self, scope: Scope, event_id: str) -> EventRow:
        row = await self._store.one(scope, event_id)
        if row is None:
            raise NotFound("Événement introuvable.")
        return row

    async def actions(self, scope: Scope) -> list[str]:
        return sorted(await self._store.actions(scope))

    def written(self, event: Event) -> Doc:
        """The event as it is stored, of now and of this request."""
        return {
            **event.model_dump(),
            "id": new_id(),
            "refs": sorted({event.entity_id, *event.related.values()}),
            "words": words_of(event.action, event.user, event.details),
            "request_id": request_id(),
            "created_at": self._clock.now(),
        }


def _query(wanted: EventFilters) -> Doc:
    """Equalities, and a range on the date: each index (entity, one of them, date) then also gives the order."""
    query: Doc = {"action": wanted.action, "entity_type": wanted.entity_type, "user": wanted.user}
    if wanted.search:
        query["words"] = {"$all": wanted_words(wanted.search)}
    else:
        query["refs"] = wanted.entity_id
    if wanted.week:
        start, end = _week(wanted.week)
        query["created_at"] = {"$gte": start, "$lt": end}
    return {field: value for field, value in query.items() if value is not None}


def _week(key: str) -> tuple[object, object]:
    try:
        return week_bounds(key)
    except (ValueError, OverflowError):
        raise BadRequest({"week": "Semaine inconnue : attendu AAAA-Wnn, par exemple 2026-W11."}) from None
