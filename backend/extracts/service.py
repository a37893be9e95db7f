"""Lists taken away: streamed row by row from a cursor, whatever their number; each taking is in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from backend.accounts.caller import Caller
from backend.audit.models import Event, EventFilters
from backend.audit.service import AuditService
from backend.clients.service import ClientsService
from backend.commandes.service import CommandesService
from backend.core import sheets
from backend.core.clock import Clock
from backend.core.weeks import paris_day
from backend.deliveries.service import DeliveriesService
from backend.extracts.columns import LISTS
from backend.extracts.titles import TITLES
from backend.invoices.service import InvoicesService
from backend.leads.service import LeadsService
from backend.receipts.service import ReceiptsService

R = TypeVar("R")
S = TypeVar("S")
_AT_ONCE = 200
"""Rows read, completed and written together."""
_FILES = {"deliveries": "livraisons", "invoices": "factures", "event-log": "journal", "batches": "lots"}


class ExtractsService:
    def __init__(
        self,
        clock: Clock,
        audit: AuditService,
        clients: ClientsService,
        commandes: CommandesService,
        deliveries: DeliveriesService,
        receipts: ReceiptsService,
        leads: LeadsService,
        invoices: InvoicesService,
    ) -> None:
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._commandes = commandes
        self._deliveries = deliveries
        self._receipts = receipts
        self._leads = leads
        self._invoices = invoices

    async def begin(self, caller: Caller, name: str, columns: Sequence[str], asked: dict[str, Any]) -> str:
        """Note who takes what away; answers the name of the file. Rows leave only once this is written."""
        scope = caller.scope
        entity = scope.entities[0] if len(scope.entities) == 1 else None
        details = {"list": name, "columns": list(columns), "filters": sorted(_conditions(asked))}
        event = Event(action="list_exported", entity_type="export", entity_id=name, entity=entity, user=caller.email,
                      details=details)  # fmt: skip
        await self._audit.record(None, event)
        return f"{_FILES.get(name, name)}_{scope.name}_{paris_day(self._clock.now()).isoformat()}.csv"

    async def lines(self, name: str, columns: Sequence[str], rows: AsyncIterator[Any]) -> AsyncIterator[str]:
        """The file, in pieces of a few hundred lines."""
        values = [LISTS[name][key] for key in columns]
        yield sheets.MARK + sheets.line([TITLES[name][key] for key in columns])
        async for page in _by_page(rows):
            yield "".join(sheets.line([value(row) for value in values]) for row in page)

    def leads(self, caller: Caller, query: dict[str, Any], oldest_first: bool) -> AsyncIterator[Any]:
        return self._leads.stream(caller.scope, query, oldest_first=oldest_first)

    def deliveries(self, caller: Caller, query: dict[str, Any], oldest_first: bool) -> AsyncIterator[Any]:
        return self._deliveries.stream(caller.scope, query, oldest_first=oldest_first)

    def clients(self, caller: Caller, active_only: bool, search: str, sort: str) -> AsyncIterator[Any]:
        found = self._clients.stream(caller.scope, active_only=active_only, search=search, sort=sort)
        return _each(found, self._clients.shown)

    async def commandes(self, caller: Caller, conditions: dict[str, Any]) -> AsyncIterator[Any]:
        for one in (await self._commandes.page(caller.scope, page=None, **conditions)).rows:
            yield one

    async def invoices(self, caller: Caller, conditions: dict[str, Any]) -> AsyncIterator[Any]:
        async for one in self._invoices.stream(caller.scope, **conditions):
            yield self._invoices.shown(one)

    def events(self, caller: Caller, filters: EventFilters) -> AsyncIterator[Any]:
        return self._audit.stream(caller.scope, filters)

    def batches(self, caller: Caller, query: dict[str, str], days: int | None) -> AsyncIterator[Any]:
        return self._receipts.stream(caller.scope, query, days)


def _conditions(asked: Mapping[str, Any]) -> set[str]:
    """The names of what the list was asked; what was typed stays out of the log."""
    flat = {key: one for value in asked.values() if isinstance(value, dict) for key, one in value.items()}
    flat |= {key: one for key, one in asked.items() if not isinstance(one, dict)}
    return {key for key, one in flat.items() if one}


async def _each(rows: AsyncIterator[R], shown: Callable[[R], Awaitable[S]]) -> AsyncIterator[S]:
    async for row in rows:
        yield await shown(row)


async def _by_page(rows: AsyncIterator[R]) -> AsyncIterator[list[R]]:
    page: list[R] = []
    async for row in rows:
        page.append(row)
        if len(page) == _AT_ONCE:
            yield page
            page = []
    if page:
        yield page
