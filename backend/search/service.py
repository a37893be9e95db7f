"""Searches across the folders, each through its own service, within what the caller may read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from backend.accounts.caller import Caller
from backend.accounts.service import AccountsService
from backend.clients.service import ClientsService
from backend.commandes.service import CommandesService
from backend.core import finding
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.deliveries.service import DeliveriesService
from backend.invoices.service import InvoicesService
from backend.leads.service import LeadsService
from backend.search import rules
from backend.search.models import KINDS, Found, Group, Hit, Kind

SHOWN = Page(5, 0)
_OPENS: dict[Kind, str] = {
    "lead": "leads.view",
    "delivery": "deliveries.view",
    "client": "clients.view",
    "commande": "commandes.view",
    "invoice": "billing.view",
    "user": "users.manage",
}
Told = Callable[[Any], Hit]


class SearchService:
    def __init__(
        self,
        leads: LeadsService,
        deliveries: DeliveriesService,
        clients: ClientsService,
        commandes: CommandesService,
        invoices: InvoicesService,
        accounts: AccountsService,
    ) -> None:
        self._leads = leads
        self._deliveries = deliveries
        self._clients = clients
        self._commandes = commandes
        self._invoices = invoices
        self._accounts = accounts

    async def find(self, caller: Caller, scope: Scope, text: str) -> Found:
        """A few of each kind, the newest first (clients by name, commandes by priority). Nothing under two letters."""
        keys = finding.condition(finding.asked(text))
        if keys is None or len(text.strip()) < rules.SHORTEST:
            return Found(groups=[])
        kinds = [kind for kind in KINDS if caller.can(_OPENS[kind])]
        groups = await asyncio.gather(*(self._group(kind, scope, text, keys) for kind in kinds))
        return Found(groups=[one for one in groups if one.hits])

    async def _group(self, kind: Kind, scope: Scope, text: str, keys: dict[str, Any]) -> Group:
        asked: dict[Kind, tuple[Callable[[], Awaitable[Paged[Any]]], Told]] = {
            "lead": (lambda: self._leads.page(scope, {"keys": keys}, SHOWN), rules.lead),
            "delivery": (lambda: self._deliveries.page(scope, {"keys": keys}, SHOWN), rules.delivery),
            "client": (lambda: self._clients.page(scope, SHOWN, active_only=False, search=text), rules.client),
            "commande": (lambda: self._commandes.page(scope, {}, SHOWN, None, search=text), rules.commande),
            "invoice": (lambda: self._invoices.listed(scope, SHOWN, None, None, None, None, text), rules.invoice),
            "user": (lambda: self._accounts.page(scope, SHOWN, search=text), rules.user),
        }
        read, told = asked[kind]
        found = await read()
        return Group(kind=kind, hits=[told(one) for one in found.rows], more=found.total > len(found.rows))
