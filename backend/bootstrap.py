"""Builds the real parts once, for the web process, the worker, the command line and the tests alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend import accounting, entrance, errands, insight, screens
from backend.accounts import store as accounts_store
from backend.accounts.service import AccountsService
from backend.audit import store as audit_store
from backend.audit.service import AuditService
from backend.batches import store as batches_store
from backend.batches.handlers import SendInstant
from backend.batches.link import Links
from backend.batches.message import Sender
from backend.batches.service import BatchesService
from backend.channels.smtp.handlers import SmtpChannel
from backend.channels.smtp.models import Mailbox
from backend.clients import store as clients_store
from backend.clients.service import ClientsService
from backend.commandes import store as commandes_store
from backend.commandes.service import CommandesService
from backend.core import crash, indexes, migrations
from backend.core.clock import Clock
from backend.core.http import HttpDoor
from backend.core.mongo import Mongo
from backend.core.sealing import Vault
from backend.core.tenancy import Scope
from backend.credits import store as credits_store
from backend.credits.service import CreditsService
from backend.crm import message as crm
from backend.crm.handlers import TellCrm
from backend.crm.service import CrmService, destination
from backend.deliveries import store as deliveries_store
from backend.deliveries.due import due_week
from backend.deliveries.service import DeliveriesService
from backend.delivery_run.service import DeliveryRunService
from backend.dispatch.service import DispatchService
from backend.gate.service import GateService
from backend.handling.service import HandlingService
from backend.hold import store as hold_store
from backend.hold.service import HoldService
from backend.intake import store as intake_store
from backend.intake.service import IntakeService
from backend.jobs import store as jobs_store
from backend.jobs.daily_delivery import DailyDelivery
from backend.jobs.intercompany_invoices import IntercompanyInvoices
from backend.jobs.models import Job
from backend.jobs.nightly_checks import NightlyChecks
from backend.jobs.service import JobsService
from backend.jobs.slots import Daily, Weekly
from backend.jobs.waiting_leads import WaitingLeads
from backend.leads import store as leads_store
from backend.leads.handlers import RouteWaiting
from backend.leads.service import LeadsService
from backend.metrics import store as metrics_store
from backend.metrics.service import MetricsService
from backend.migrations import store as migrations_store
from backend.monitoring.bookkeeping import Bookkeeping
from backend.monitoring.service import MonitoringService
from backend.outbox import store as outbox_store
from backend.outbox.desk import OutboxDesk
from backend.outbox.retry import EMAIL, HTTP
from backend.outbox.service import OutboxService
from backend.parametres import store as parametres_store
from backend.parametres.service import ParametresService
from backend.prepaid import store as prepaid_store
from backend.prepaid.service import PrepaidService
from backend.pricing import store as pricing_store
from backend.pricing.service import PricingService
from backend.providers import store as providers_store
from backend.providers.service import ProvidersService
from backend.pushes.service import PushesService
from backend.receipts.service import ReceiptsService
from backend.reports import store as reports_store
from backend.reports.service import ReportsService
from backend.routing.market import Market
from backend.routing.service import RoutingService
from backend.settings import EntitySettings, Settings
from backend.stock.service import StockService
from backend.suppressions import store as suppressions_store
from backend.suppressions.service import SuppressionsService
from backend.system import store as system_store
from backend.system.identity import Identity
from backend.system.rules import reports as report_freshness
from backend.system.service import SystemService
from backend.tables import INDEXES
from backend.tracking import store as tracking_store
from backend.tracking.service import TrackingService


class Parts:
    """Everything a process is made of, built from the floor up; touches nothing outside."""

    def __init__(self, settings: Settings, listeners: Sequence[Any] = ()) -> None:
        self.settings = settings
        crash.arm(settings.crash_at)
        self.identity = Identity()
        self.migrated: list[migrations.Step] = []
        self.everyone = Scope(tuple(settings.entities), both=True)
        self._kernel(listeners)
        self._master_data()
        self._corridor()
        self._intake()
        self._money()
        self._jobs()
        self._watch()
        self._screens()
        self._listen()

    def _kernel(self, listeners: Sequence[Any]) -> None:
        settings, everyone = self.settings, self.everyone
        self.mongo = mongo = Mongo(settings.mongo_url, settings.db_name, listeners)
        self.clock = Clock(movable=not settings.production)
        self.vault = Vault(*settings.sealing_keys)
        self.audit = AuditService(audit_store.AuditStore(mongo), self.clock)
        self.accounts = AccountsService(
            settings, mongo, accounts_store.AccountsStore(mongo, everyone), self.audit, self.clock, everyone
        )
        self.smtp = SmtpChannel({code: _mailbox(one) for code, one in settings.entity.items()})
        channels = [f"smtp:{code}" for code in settings.entities] + [crm.channel(code) for code in settings.entities]
        self.hold = HoldService(mongo, hold_store.HoldStore(mongo), self.audit, self.clock)
        store = outbox_store.OutboxStore(mongo)
        self.outbox = OutboxService(mongo, store, self.audit, self.clock, channels, self.hold.is_held)
        self.outbox_desk = OutboxDesk(self.outbox, self.audit, self.hold)
        self.recovery = entrance.recovery(settings, mongo, self.accounts, self.audit, self.outbox, self.smtp)

    def _master_data(self) -> None:
        mongo, clock, audit, everyone = self.mongo, self.clock, self.audit, self.everyone
        consent = {code: one.consent_mode for code, one in self.settings.entity.items()}
        self.parametres = ParametresService(
            mongo, parametres_store.ParametresStore(mongo), audit, self.outbox, clock, everyone, consent
        )
        self.suppressions = SuppressionsService(
            mongo, suppressions_store.SuppressionsStore(mongo), audit, self.outbox, clock, everyone
        )
        self.parametres.read_suppressed(self.suppressions.addresses)
        self.clients = ClientsService(
            mongo,
            clients_store.ClientsStore(mongo, self.vault),
            audit,
            self.outbox,
            self.parametres,
            clock,
            everyone,
            production=self.settings.production,
        )
        prices = pricing_store.PricingStore(mongo)
        self.pricing = PricingService(mongo, prices, audit, self.outbox, self.clients, clock, everyone)
        units = prepaid_store.PrepaidStore(mongo)
        self.prepaid = PrepaidService(units, audit, self.outbox, self.clients, self.pricing, clock, everyone)
        self.door = HttpDoor(loopback=not self.settings.production)
        self.pushes = PushesService(self.clients, self.outbox, clock, self.door)
        self.commandes = CommandesService(
            mongo, commandes_store.CommandeStore(mongo, everyone), clock, audit, self.clients, self.outbox, everyone
        )
        credits = credits_store.CreditsStore(mongo)
        self.credits = CreditsService(mongo, credits, audit, self.clients, self.commandes, clock, everyone)
        self.providers = ProvidersService(mongo, providers_store.ProviderStore(mongo, everyone), clock, audit)
        self.tracking = TrackingService(mongo, tracking_store.TrackingStore(mongo), clock)

    def _corridor(self) -> None:
        """leads -> routing -> dispatch -> batches -> deliveries -> outbox, built from its end."""
        mongo, clock, audit, everyone = self.mongo, self.clock, self.audit, self.everyone
        clients, commandes, parametres, outbox = self.clients, self.commandes, self.parametres, self.outbox
        senders = {code: Sender(one.name, one.smtp_user) for code, one in self.settings.entity.items()}
        rows = deliveries_store.DeliveriesStore(mongo)
        self.deliveries = deliveries = DeliveriesService(
            mongo, rows, clock, audit, clients, commandes, parametres, self.prepaid, everyone
        )
        self.gate = GateService(clock, clients, commandes, parametres)
        batches = batches_store.BatchesStore(mongo)
        links = Links(self.settings.backend_url.rstrip("/"), tuple(self.vault.keys_for("receipts")))
        self.batches = BatchesService(
            mongo, batches, clock, audit, clients, self.gate, deliveries, outbox, senders, links, everyone
        )
        names = {code: one.name for code, one in senders.items()}
        self.receipts = ReceiptsService(self.batches, outbox, audit, clock, links, names, everyone)
        crms = {code: destination(one.api_url, one.api_key.get_secret_value())
                for code, one in self.settings.entity.items()}  # fmt: skip
        self.crm = CrmService(mongo, deliveries, outbox, self.door, crms)
        self.dispatch = DispatchService(mongo, audit, clients, self.gate, deliveries, self.batches, outbox)
        market = Market(mongo, clock, clients, commandes, self.pricing, self.prepaid, everyone.entities)
        own = (self.prepaid, deliveries, outbox, everyone.entities)
        self.routing = RoutingService(clock, market, commandes, parametres, *own)
        leads = leads_store.LeadsStore(mongo)
        self.leads = LeadsService(mongo, leads, clock, audit, parametres, self.routing, deliveries, outbox, everyone)
        self.handling = HandlingService(mongo, clock, deliveries, self.dispatch, self.leads, outbox)

    def _intake(self) -> None:
        mongo, clock, audit, leads = self.mongo, self.clock, self.audit, self.leads
        self.stock = StockService(
            mongo, clock, audit, self.parametres, self.commandes, self.deliveries, self.routing, leads
        )
        self.intake = IntakeService(
            mongo,
            intake_store.IntakeStore(mongo),
            clock,
            self.parametres,
            self.tracking,
            self.routing,
            leads,
            self.stock,
            self.outbox,
            audit,
            self.everyone,
        )

    def _money(self) -> None:
        """Ledger, invoices, billing, what the sister companies owe each other."""
        below = accounting.Ground(
            mongo=self.mongo, clock=self.clock, audit=self.audit, parametres=self.parametres, clients=self.clients,
            outbox=self.outbox, pricing=self.pricing, credits=self.credits, prepaid=self.prepaid,
            deliveries=self.deliveries, leads=self.leads, everyone=self.everyone,
            senders={code: Sender(one.name, one.smtp_user) for code, one in self.settings.entity.items()},
            names={code: one.name for code, one in self.settings.entity.items()}, mail=self.smtp,
        )  # fmt: skip
        money = self.accounting = accounting.Accounting(below)
        self.ledger, self.invoices = money.ledger, money.invoices
        self.payments, self.avoirs, self.reminders = money.payments, money.avoirs, money.reminders
        self.invoice_mailing, self.overdue, self.closing = money.mailing, money.overdue, money.closing
        self.billing, self.billing_exports = money.billing, money.exports
        self.intercompany, self.weekly = money.intercompany, money.weekly
        ground = {name: getattr(self, name) for name in errands.Ground.__dataclass_fields__}
        self.errands = errands.Errands(errands.Ground(**ground))
        self.tasks, self.bulk = self.errands.tasks, self.errands.bulk
        self.extracts, self.imports = self.errands.extracts, self.errands.imports

    def _jobs(self) -> None:
        """What runs by itself, and when."""
        self.reports = ReportsService(reports_store.ReportsStore(self.mongo))
        self.jobs = JobsService(
            self.mongo, jobs_store.JobsStore(self.mongo), self.audit, self.clock, self.identity.instance
        )
        daily = DailyDelivery(
            clock=self.clock,
            entities=self.everyone.entities,
            commandes=self.commandes,
            parametres=self.parametres,
            leads=self.leads,
            stock=self.stock,
            batches=self.batches,
            outbox=self.outbox,
            reports=self.reports,
        )
        waiting = WaitingLeads(self.leads, self.clients, self.commandes)
        self.jobs.register(Job("daily_delivery", Daily(9, 30), daily, "Livraison quotidienne"))
        between = IntercompanyInvoices(self.weekly, self.everyone.entities)
        self.jobs.register(Job("intercompany_invoices", Weekly(0, 8, 0), between, "Factures entre entités"))
        self.jobs.register(Job("route_waiting_leads", Daily(0, 5), waiting, "Routage des leads en attente"))

    def _watch(self) -> None:
        """The health of the house: each part says how it is."""
        clock, reports, jobs = self.clock, self.reports, self.jobs

        async def missing() -> tuple[list[str], int]:
            return await indexes.missing(self.mongo, INDEXES), sum(map(len, indexes.merged(INDEXES).values()))

        async def reported(_scope: Scope) -> dict[str, Any]:
            return report_freshness(await reports.last_run_at(), await jobs.installed_at(), clock.now())

        async def mail(scope: Scope) -> dict[str, Any]:
            return self.smtp.health(scope.entities)

        store = system_store.SystemStore(self.mongo)
        env, entities = self.settings.app_env, self.settings.entities
        self.system = SystemService(store, clock, self.identity, env, entities, missing, self.audit)
        figures = metrics_store.MetricsStore(self.mongo, self.everyone)
        token = self.settings.metrics_token.get_secret_value()
        self.metrics = MetricsService(figures, clock, self.hold, jobs, self.system, token)
        checks = {"cron": jobs.health, "reports": reported, "deliveries": self.deliveries.health}
        checks |= {"suppressions": self.suppressions.health, "crm": self.crm.health, "pushes": self.pushes.health}
        checks |= {"invoices": self.overdue.health, "intercompany": self.intercompany.health}
        checks |= {"hold": self.hold.health, "alerts": self.metrics.health}
        for name, check in (checks | {"outbox": self.outbox.health, "mail": mail}).items():
            self.system.check(name, check)
        books = Bookkeeping(self.deliveries, self.ledger, self.invoices, self.intercompany)
        self.monitoring = MonitoringService(
            clock, self.parametres, self.clients, self.commandes, self.deliveries, self.batches, self.leads,
            self.pricing, self.prepaid, books,
        )  # fmt: skip
        nightly = NightlyChecks(self.monitoring.invariants)
        jobs.register(Job("invariants", Daily(5, 15), nightly, "Contrôle des promesses"))

    def _screens(self) -> None:
        """What a person sees first."""
        self.quality, self.margin = insight.look(self)
        own = screens.Screens(self)
        self.search, self.preferences, self.views, self.tour = own.search, own.preferences, own.views, own.tour
        self.claims, self.cockpit = own.claims, own.cockpit
        self.delivery_run = DeliveryRunService(self.clock, self.parametres, self.clients, self.gate, self.deliveries,
                                               self.leads, self.jobs, self.everyone.entities)  # fmt: skip

    def _listen(self) -> None:
        """The way back: lower folders tell higher ones through what is registered here."""

        async def due(entity: str, at_once: bool) -> str:
            return due_week(self.clock.now(), (await self.parametres.current()).calendar(entity), leaving=at_once)

        async def ordered(scope: Scope) -> set[tuple[str, str]]:
            return {(one.client_id, one.produit) for code in scope.entities async for one in self.commandes.open(code)}

        self.outbox.register("email", self.smtp, on_change=self.batches.on_row)
        self.outbox.register("email_copy", self.smtp, schedule=EMAIL)
        pushes = self.pushes
        self.outbox.register("http", pushes.calls, self.batches.on_row, schedule=HTTP, on_outcome=pushes.heard)
        self.outbox.register("invoice", self.smtp, on_change=self.invoice_mailing.on_row, schedule=EMAIL)
        self.outbox.register("route_waiting", RouteWaiting(self.leads, self.audit))
        self.outbox.register("send_instant", SendInstant(self.batches))
        self.outbox.register("crm", self.crm.calls, schedule=HTTP)
        self.outbox.register("tell_crm", TellCrm(self.crm))
        self.outbox.on_gone(self.suppressions.note)
        self.outbox_desk.ask_addresses(self.clients.demand_own_address)
        self.clients.count_orders_with(self.commandes.open_orders_of)
        self.commandes.register(count_reserved=self.deliveries.reserved, due_week=due)
        self.pricing.read_orders(ordered)
        self.providers.register(self.leads.counts_by_provider)
        self.deliveries.listen(self.leads, self.ledger, self.intercompany, self.crm)
        self.weekly.read_runs(lambda: self.jobs.last_runs("intercompany_invoices"))


def build(settings: Settings, listeners: Sequence[Any] = ()) -> Parts:
    """Wire the parts together; `listeners` watch the commands sent to MongoDB."""
    return Parts(settings, listeners)


def _mailbox(one: EntitySettings) -> Mailbox:
    return Mailbox(one.smtp_host, one.smtp_port, one.smtp_security, one.smtp_user, one.smtp_password.get_secret_value())


async def start(parts: Parts) -> None:
    """Reach the base, migrate it, confirm every index, read the clock. Fails loudly."""
    await parts.mongo.ping()
    parts.migrated = await migrations.apply(parts.mongo, migrations_store.steps(parts.vault))
    await indexes.apply(parts.mongo, INDEXES)
    await parts.clock.refresh(parts.mongo)


async def stop(parts: Parts) -> None:
    await parts.parametres.stop()
    await parts.routing.stop()
    parts.smtp.close()
    parts.mongo.close()
