"""Builds the parts of the dashboard's frame for `bootstrap`: what serves a person rather than the trade."""

from __future__ import annotations

from typing import Protocol

from backend.accounts.service import AccountsService
from backend.audit.service import AuditService
from backend.batches.service import BatchesService
from backend.clients.service import ClientsService
from backend.cockpit.bands import Bands
from backend.cockpit.books import Books
from backend.cockpit.claims import Claims
from backend.cockpit.service import CockpitService
from backend.cockpit.store import ClaimsStore
from backend.commandes.service import CommandesService
from backend.core.clock import Clock
from backend.core.mongo import Mongo
from backend.deliveries.service import DeliveriesService
from backend.hold.service import HoldService
from backend.invoices.service import InvoicesService
from backend.jobs.service import JobsService
from backend.leads.service import LeadsService
from backend.ledger.service import LedgerService
from backend.monitoring.service import MonitoringService
from backend.outbox.service import OutboxService
from backend.parametres.service import ParametresService
from backend.payments.service import Overdue
from backend.preferences import store as preferences_store
from backend.preferences.service import PreferencesService
from backend.prepaid.service import PrepaidService
from backend.pricing.service import PricingService
from backend.providers.service import ProvidersService
from backend.quality.service import QualityService
from backend.search.service import SearchService
from backend.settings import Settings
from backend.tasks.service import TasksService
from backend.tour.service import TourService
from backend.tour.store import TourStore
from backend.views import store as views_store
from backend.views.service import ViewsService

INDEXES = (preferences_store.INDEXES, views_store.INDEXES)


class Ground(Protocol):
    """What the frame looks into: the parts that `bootstrap` has built by then."""

    mongo: Mongo
    clock: Clock
    audit: AuditService
    accounts: AccountsService
    clients: ClientsService
    commandes: CommandesService
    deliveries: DeliveriesService
    leads: LeadsService
    invoices: InvoicesService
    hold: HoldService
    pricing: PricingService
    prepaid: PrepaidService
    overdue: Overdue
    ledger: LedgerService
    batches: BatchesService
    jobs: JobsService
    monitoring: MonitoringService
    outbox: OutboxService
    parametres: ParametresService
    providers: ProvidersService
    quality: QualityService
    settings: Settings
    tasks: TasksService


class Screens:
    def __init__(self, on: Ground) -> None:
        self.search = SearchService(on.leads, on.deliveries, on.clients, on.commandes, on.invoices, on.accounts)
        self.preferences = PreferencesService(preferences_store.PreferencesStore(on.mongo))
        self.views = ViewsService(views_store.ViewsStore(on.mongo), on.clock)
        self.tour = TourService(TourStore(on.mongo), on.audit, on.leads, on.deliveries, on.invoices)
        books = Books(on.clients, on.pricing, on.prepaid, on.overdue, on.ledger)
        bands = Bands(on.clock, on.parametres, on.deliveries, on.batches, on.outbox, on.jobs, on.hold)
        self.claims = Claims(on.mongo, ClaimsStore(on.mongo), on.audit, on.clock)
        self.cockpit = CockpitService(
            on.settings, on.clock, on.parametres, on.clients, on.commandes, on.deliveries, on.outbox, on.leads,
            on.monitoring, self.preferences, on.providers, self.tour, on.tasks, on.quality, bands, books, self.claims,
        )  # fmt: skip
