"""Builds, for `bootstrap`, the long work that people ask for: tasks, what they do, lists taken away."""

from __future__ import annotations

from dataclasses import dataclass

from backend.audit.service import AuditService
from backend.bulk import handlers as bulk
from backend.bulk.service import BulkService
from backend.clients.service import ClientsService
from backend.closing.service import Closing
from backend.commandes.service import CommandesService
from backend.core.clock import Clock
from backend.core.mongo import Mongo
from backend.deliveries.service import DeliveriesService
from backend.dispatch.service import DispatchService
from backend.extracts.service import ExtractsService
from backend.imports import handlers as imports
from backend.imports.service import ImportsService
from backend.invoices.service import InvoicesService
from backend.leads.service import LeadsService
from backend.outbox.service import OutboxService
from backend.parametres.service import ParametresService
from backend.pricing.service import PricingService
from backend.receipts.service import ReceiptsService
from backend.tasks import store as tasks_store
from backend.tasks.handlers import WorkTask
from backend.tasks.service import Action, TasksService


@dataclass(frozen=True, slots=True)
class Ground:
    """What errands stand on."""

    mongo: Mongo
    clock: Clock
    audit: AuditService
    outbox: OutboxService
    parametres: ParametresService
    clients: ClientsService
    commandes: CommandesService
    deliveries: DeliveriesService
    dispatch: DispatchService
    closing: Closing
    receipts: ReceiptsService
    leads: LeadsService
    invoices: InvoicesService
    pricing: PricingService


class Errands:
    def __init__(self, on: Ground) -> None:
        self.tasks = TasksService(on.mongo, tasks_store.TasksStore(on.mongo), on.audit, on.outbox, on.clock)
        self.bulk = BulkService(
            on.clock, self.tasks, on.parametres, on.clients, on.commandes, on.deliveries, on.closing
        )
        self.extracts = ExtractsService(
            on.clock, on.audit, on.clients, on.commandes, on.deliveries, on.receipts, on.leads, on.invoices
        )
        self.imports = ImportsService(on.clock, self.tasks, on.clients, on.commandes)
        on.outbox.register("work_task", WorkTask(self.tasks))
        self._register(on)

    def _register(self, on: Ground) -> None:
        actions: dict[str, Action] = {
            "deliveries.send": bulk.Send(on.dispatch),
            "deliveries.copy": bulk.Copy(on.dispatch),
            "deliveries.reject": bulk.Reject(on.deliveries),
            "deliveries.remove": bulk.Remove(on.deliveries),
            "clients.activate": bulk.SwitchClient(on.clients),
            "clients.pause": bulk.SwitchClient(on.clients),
            "commandes.activate": bulk.SwitchCommande(on.commandes),
            "commandes.pause": bulk.SwitchCommande(on.commandes),
            "imports.clients": imports.CreateClient(on.clients),
            "imports.commandes": imports.OpenCommande(on.commandes),
            "imports.prices": imports.SetPrice(on.pricing),
            "billing.close": bulk.CloseWeek(on.closing),
        }
        for kind, action in actions.items():
            self.tasks.register(kind, action)
