"""Builds the parts of the dashboard's frame for `bootstrap`: what serves a person rather than the trade."""

from __future__ import annotations

from dataclasses import dataclass

from backend.accounts.service import AccountsService
from backend.clients.service import ClientsService
from backend.commandes.service import CommandesService
from backend.deliveries.service import DeliveriesService
from backend.invoices.service import InvoicesService
from backend.leads.service import LeadsService
from backend.search.service import SearchService


@dataclass(frozen=True, slots=True)
class Ground:
    """What the frame looks into."""

    accounts: AccountsService
    clients: ClientsService
    commandes: CommandesService
    deliveries: DeliveriesService
    leads: LeadsService
    invoices: InvoicesService


class Screens:
    def __init__(self, on: Ground) -> None:
        self.search = SearchService(on.leads, on.deliveries, on.clients, on.commandes, on.invoices, on.accounts)
