"""Builds the parts of money for `bootstrap`: ledger, invoices, billing, what sister companies owe each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.audit.service import AuditService
from backend.avoirs.service import Avoirs
from backend.batches.message import Sender
from backend.billing import store as billing_store
from backend.billing.service import BillingService
from backend.channels.contract import Handler
from backend.clients.service import ClientsService
from backend.closing.service import Closing
from backend.core.clock import Clock
from backend.core.mongo import Mongo, Tx
from backend.core.tenancy import Scope
from backend.credits.service import CreditsService
from backend.deliveries.service import DeliveriesService
from backend.exports.service import Exports
from backend.intercompany import store as intercompany_store
from backend.intercompany.service import IntercompanyService
from backend.invoice_mail.service import Mailing
from backend.invoices import store as invoices_store
from backend.invoices.drafting import Drafting
from backend.invoices.identity import Identities
from backend.invoices.service import InvoicesService
from backend.leads.service import LeadsService
from backend.ledger import store as ledger_store
from backend.ledger.service import LedgerService
from backend.netting.service import WeeklyInvoices
from backend.outbox.retry import EMAIL
from backend.outbox.service import OutboxService
from backend.parametres.service import ParametresService
from backend.payments.service import Overdue, Payments
from backend.prepaid.service import PrepaidService
from backend.pricing.service import PricingService
from backend.reminders import store as reminders_store
from backend.reminders.handlers import SendReminder
from backend.reminders.service import Reminders

INDEXES = (
    ledger_store.INDEXES, invoices_store.INDEXES, billing_store.INDEXES, intercompany_store.INDEXES,
    reminders_store.INDEXES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """What the parts of money stand on. `names`: how each entity is called."""

    mongo: Mongo
    clock: Clock
    audit: AuditService
    parametres: ParametresService
    clients: ClientsService
    outbox: OutboxService
    pricing: PricingService
    credits: CreditsService
    prepaid: PrepaidService
    deliveries: DeliveriesService
    leads: LeadsService
    senders: Mapping[str, Sender]
    names: Mapping[str, str]
    everyone: Scope
    mail: Handler


class Accounting:
    def __init__(self, on: Ground) -> None:
        mongo, clock, audit, everyone = on.mongo, on.clock, on.audit, on.everyone
        self.ledger = LedgerService(ledger_store.LedgerStore(mongo), clock, on.pricing)
        store = invoices_store.InvoicesStore(mongo)
        identities = Identities(on.parametres, on.clients, on.names)
        drafting = Drafting(store, clock, on.clients, self.ledger, on.credits, everyone)
        self.invoices = InvoicesService(mongo, store, clock, audit, identities, drafting, self.ledger, everyone)
        self.payments = Payments(self.invoices)
        self.avoirs = Avoirs(self.invoices, on.clients, self.ledger, on.pricing, on.prepaid)
        self.mailing = Mailing(self.invoices, identities, on.clients, on.parametres, on.outbox, on.senders)
        self.overdue = Overdue(self.invoices)
        self.reminders = Reminders(
            reminders_store.RemindersStore(mongo), self.invoices, self.mailing, on.clients, on.parametres, on.outbox,
            on.senders,
        )  # fmt: skip
        self.closing = Closing(mongo, clock, audit, on.clients, on.deliveries, self.ledger, self.invoices)
        self.billing = BillingService(
            mongo, billing_store.BillingStore(mongo), clock, audit, on.clients, on.deliveries, on.leads, self.ledger,
            self.invoices, on.credits, on.prepaid,
        )  # fmt: skip
        self.exports = Exports(self.invoices, on.parametres)
        between = intercompany_store.IntercompanyStore(mongo)
        self.intercompany = IntercompanyService(mongo, between, clock, audit, everyone.entities)
        self.weekly = WeeklyInvoices(mongo, clock, audit, on.parametres, self.intercompany, self.invoices)
        self._listen(on, drafting)

    def _listen(self, on: Ground, drafting: Drafting) -> None:
        """Prices, credits and closed weeks tell the ledger and the drafts."""

        async def rebuild(tx: Tx, entity: str, client_id: str, week: str) -> None:
            await drafting.of_week(tx, entity, client_id, week, "system:ledger")

        self.ledger.on_draft_changed(rebuild)
        on.pricing.on_change(self.ledger.reprice)
        on.credits.register(self.ledger.closed)
        remind = SendReminder(self.reminders, on.mail)
        on.outbox.register("invoice_reminder", remind, on_change=self.reminders.on_row, schedule=EMAIL)
