"""Builds the real parts once, for the web process, the worker, the command line and the tests alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.accounts import store as accounts_store
from backend.accounts.service import AccountsService
from backend.audit import store as audit_store
from backend.audit.service import AuditService
from backend.batches import store as batches_store
from backend.batches.message import Sender
from backend.batches.service import BatchesService
from backend.channels.smtp.handlers import SmtpChannel
from backend.channels.smtp.models import Mailbox
from backend.clients import store as clients_store
from backend.clients.service import ClientsService
from backend.commandes import store as commandes_store
from backend.commandes.service import CommandesService
from backend.core import indexes
from backend.core.clock import Clock
from backend.core.mongo import Mongo
from backend.core.tenancy import Scope
from backend.deliveries import store as deliveries_store
from backend.deliveries.due import due_week
from backend.deliveries.service import DeliveriesService
from backend.dispatch.service import DispatchService
from backend.gate.service import GateService
from backend.intake import store as intake_store
from backend.intake.service import IntakeService
from backend.jobs import store as jobs_store
from backend.jobs.daily_delivery import DailyDelivery
from backend.jobs.models import Job
from backend.jobs.service import JobsService
from backend.jobs.slots import Daily
from backend.jobs.waiting_leads import WaitingLeads
from backend.leads import store as leads_store
from backend.leads.handlers import RouteWaiting
from backend.leads.service import LeadsService
from backend.monitoring.service import MonitoringService
from backend.outbox import store as outbox_store
from backend.outbox.retry import EMAIL
from backend.outbox.service import OutboxService
from backend.parametres import store as parametres_store
from backend.parametres.service import ParametresService
from backend.providers import store as providers_store
from backend.providers.service import ProvidersService
from backend.reports import store as reports_store
from backend.reports.service import ReportsService
from backend.routing.service import RoutingService
from backend.settings import EntitySettings, Settings
from backend.stock.service import StockService
from backend.system import store as system_store
from backend.system.identity import Identity
from backend.system.rules import reports as report_freshness
from backend.system.service import SystemService
from backend.tracking import store as tracking_store
from backend.tracking.service import TrackingService

INDEXES = (
    audit_store.INDEXES,
    accounts_store.INDEXES,
    outbox_store.INDEXES,
    parametres_store.INDEXES,
    clients_store.INDEXES,
    commandes_store.INDEXES,
    providers_store.INDEXES,
    tracking_store.INDEXES,
    deliveries_store.INDEXES,
    batches_store.INDEXES,
    leads_store.INDEXES,
    intake_store.INDEXES,
    reports_store.INDEXES,
    jobs_store.INDEXES,
    system_store.INDEXES,
)


@dataclass(slots=True)
class Parts:
    """Everything a process is made of."""

    settings: Settings
    identity: Identity
    mongo: Mongo
    clock: Clock
    everyone: Scope
    audit: AuditService
    accounts: AccountsService
    outbox: OutboxService
    smtp: SmtpChannel
    parametres: ParametresService
    clients: ClientsService
    commandes: CommandesService
    providers: ProvidersService
    tracking: TrackingService
    deliveries: DeliveriesService
    batches: BatchesService
    dispatch: DispatchService
    leads: LeadsService
    stock: StockService
    intake: IntakeService
    reports: ReportsService
    jobs: JobsService
    system: SystemService
    monitoring: MonitoringService


def build(settings: Settings, listeners: Sequence[Any] = ()) -> Parts:
    """Wire the parts together; touches nothing outside."""
    mongo = Mongo(settings.mongo_url, settings.db_name, listeners)
    identity = Identity()
    smtp = SmtpChannel({code: _mailbox(one) for code, one in settings.entity.items()})
    everyone = Scope(tuple(settings.entities), both=True)
    clock = Clock(movable=not settings.production)
    audit = AuditService(audit_store.AuditStore(mongo), clock)
    accounts = AccountsService(settings, mongo, accounts_store.AccountsStore(mongo, everyone), audit, clock, everyone)
    mailboxes = [f"smtp:{code}" for code in settings.entities]
    outbox = OutboxService(mongo, outbox_store.OutboxStore(mongo), audit, clock, mailboxes)
    consent = {code: one.consent_mode for code, one in settings.entity.items()}
    parametres = ParametresService(
        mongo, parametres_store.ParametresStore(mongo), audit, outbox, clock, everyone, consent
    )
    clients = ClientsService(
        mongo, clients_store.ClientsStore(mongo), audit, outbox, parametres, clock, everyone,
        production=settings.production,
    )  # fmt: skip
    commandes = CommandesService(
        mongo, commandes_store.CommandeStore(mongo, everyone), clock, audit, clients, outbox, everyone
    )
    clients.count_orders_with(commandes.open_orders_of)
    providers = ProvidersService(mongo, providers_store.ProviderStore(mongo, everyone), clock, audit)
    tracking = TrackingService(mongo, tracking_store.TrackingStore(mongo), clock)
    deliveries = DeliveriesService(
        mongo, deliveries_store.DeliveriesStore(mongo), clock, audit, clients, commandes, parametres, everyone
    )
    senders = {code: Sender(one.name, one.smtp_user) for code, one in settings.entity.items()}
    gate = GateService(clock, clients, commandes, parametres)
    batches = BatchesService(
        mongo, batches_store.BatchesStore(mongo), clock, audit, clients, gate, deliveries, outbox,
        senders, everyone,
    )  # fmt: skip
    dispatch = DispatchService(mongo, audit, clients, gate, deliveries, batches, outbox)
    routing = RoutingService(clock, clients, commandes, parametres, deliveries, settings.entities)
    leads = LeadsService(
        mongo, leads_store.LeadsStore(mongo), clock, audit, parametres, routing, deliveries, dispatch, outbox, everyone
    )
    stock = StockService(mongo, clock, audit, parametres, commandes, deliveries, routing, leads)
    intake = IntakeService(
        mongo, intake_store.IntakeStore(mongo), clock, parametres, tracking, routing, leads, stock, outbox, everyone
    )
    reports = ReportsService(reports_store.ReportsStore(mongo))
    jobs = JobsService(mongo, jobs_store.JobsStore(mongo), audit, clock, identity.instance)
    daily = DailyDelivery(
        clock, everyone.entities, commandes, parametres, leads, stock, batches, outbox, reports
    )
    _schedule(jobs, daily, leads)
    _listen(clock, outbox, smtp, parametres, commandes, providers, deliveries, batches, leads)
    system = _watched(mongo, clock, identity, settings, jobs, outbox, smtp, deliveries, reports)
    return Parts(
        settings=settings,
        identity=identity,
        mongo=mongo,
        clock=clock,
        everyone=everyone,
        audit=audit,
        accounts=accounts,
        outbox=outbox,
        smtp=smtp,
        parametres=parametres,
        clients=clients,
        commandes=commandes,
        providers=providers,
        tracking=tracking,
        deliveries=deliveries,
        batches=batches,
        dispatch=dispatch,
        leads=leads,
        stock=stock,
        intake=intake,
        reports=reports,
        jobs=jobs,
        system=system,
        monitoring=MonitoringService(clock, parametres, clients, commandes, deliveries, batches, leads),
    )


def _schedule(jobs: JobsService, daily: DailyDelivery, leads: LeadsService) -> None:
    """What runs by itself, and when."""
    jobs.register(Job("daily_delivery", Daily(9, 30), daily, "Livraison quotidienne"))
    jobs.register(Job("route_waiting_leads", Daily(0, 5), WaitingLeads(leads), "Routage des leads en attente"))


def _watched(
    mongo: Mongo,
    clock: Clock,
    identity: Identity,
    settings: Settings,
    jobs: JobsService,
    outbox: OutboxService,
    smtp: SmtpChannel,
    deliveries: DeliveriesService,
    reports: ReportsService,
) -> SystemService:
    """The health of the house: each part says how it is."""

    async def missing() -> tuple[list[str], int]:
        return await indexes.missing(mongo, INDEXES), sum(map(len, indexes.merged(INDEXES).values()))

    async def reported(_scope: Scope) -> dict[str, Any]:
        return report_freshness(await reports.last_run_at(), await jobs.installed_at(), clock.now())

    async def mail(scope: Scope) -> dict[str, Any]:
        return smtp.health(scope.entities)

    system = SystemService(
        system_store.SystemStore(mongo), clock, identity, settings.app_env, settings.entities, missing
    )
    system.check("cron", jobs.health)
    system.check("reports", reported)
    system.check("deliveries", deliveries.health)
    system.check("outbox", outbox.health)
    system.check("mail", mail)
    return system


def _listen(
    clock: Clock,
    outbox: OutboxService,
    smtp: SmtpChannel,
    parametres: ParametresService,
    commandes: CommandesService,
    providers: ProvidersService,
    deliveries: DeliveriesService,
    batches: BatchesService,
    leads: LeadsService,
) -> None:
    """The way back: lower folders tell higher ones through what is registered here."""

    async def due(entity: str) -> str:
        return due_week(clock.now(), (await parametres.current()).calendar(entity))

    outbox.register("email", smtp, on_change=batches.on_row)
    outbox.register("email_copy", smtp, schedule=EMAIL)
    outbox.register("route_waiting", RouteWaiting(leads))
    commandes.register(count_reserved=deliveries.reserved, due_week=due)
    providers.register(leads.counts_by_provider)
    deliveries.listen(leads)


def _mailbox(one: EntitySettings) -> Mailbox:
    return Mailbox(one.smtp_host, one.smtp_port, one.smtp_security, one.smtp_user, one.smtp_password.get_secret_value())


async def start(parts: Parts) -> None:
    """Reach the base, confirm every index, read the clock. Fails loudly."""
    await parts.mongo.ping()
    await indexes.apply(parts.mongo, INDEXES)
    await parts.clock.refresh(parts.mongo)


async def stop(parts: Parts) -> None:
    parts.smtp.close()
    parts.mongo.close()
