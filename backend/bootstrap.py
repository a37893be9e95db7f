"""Builds the real parts once, for the web process, the worker, the command line and the tests alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.audit import store as audit_store
from backend.audit.service import AuditService
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
from backend.outbox import store as outbox_store
from backend.outbox.service import OutboxService
from backend.parametres import store as parametres_store
from backend.parametres.service import ParametresService
from backend.providers import store as providers_store
from backend.providers.service import ProvidersService
from backend.settings import EntitySettings, Settings
from backend.tracking import store as tracking_store
from backend.tracking.service import TrackingService

INDEXES = (
    audit_store.INDEXES,
    outbox_store.INDEXES,
    parametres_store.INDEXES,
    clients_store.INDEXES,
    commandes_store.INDEXES,
    providers_store.INDEXES,
    tracking_store.INDEXES,
)


@dataclass(slots=True)
class Parts:
    """Everything a process is made of."""

    settings: Settings
    mongo: Mongo
    clock: Clock
    everyone: Scope
    audit: AuditService
    outbox: OutboxService
    smtp: SmtpChannel
    parametres: ParametresService
    clients: ClientsService
    commandes: CommandesService
    providers: ProvidersService
    tracking: TrackingService


def build(settings: Settings, listeners: Sequence[Any] = ()) -> Parts:
    """Wire the parts together; touches nothing outside."""
    mongo = Mongo(settings.mongo_url, settings.db_name, listeners)
    everyone = Scope(tuple(settings.entities), both=True)
    clock = Clock(movable=not settings.production)
    audit = AuditService(audit_store.AuditStore(mongo), clock)
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
    return Parts(
        settings=settings,
        mongo=mongo,
        clock=clock,
        everyone=everyone,
        audit=audit,
        outbox=outbox,
        smtp=SmtpChannel({code: _mailbox(one) for code, one in settings.entity.items()}),
        parametres=parametres,
        clients=clients,
        commandes=commandes,
        providers=providers,
        tracking=TrackingService(mongo, tracking_store.TrackingStore(mongo), clock),
    )


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
