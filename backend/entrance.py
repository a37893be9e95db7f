"""Builds for `bootstrap` how people get in without a password: the links of invitations and forgotten ones."""

from __future__ import annotations

from backend.accounts.service import AccountsService
from backend.audit.service import AuditService
from backend.channels.smtp.handlers import SmtpChannel
from backend.core.mongo import Mongo
from backend.outbox.retry import EMAIL
from backend.outbox.service import OutboxService
from backend.recovery import store as recovery_store
from backend.recovery.handlers import AccountMail, GiveLink
from backend.recovery.service import RecoveryService
from backend.settings import Settings

INDEXES = (recovery_store.INDEXES,)


def recovery(
    settings: Settings, mongo: Mongo, accounts: AccountsService, audit: AuditService, outbox: OutboxService,
    smtp: SmtpChannel,
) -> RecoveryService:  # fmt: skip
    """The part, its kinds given to the outbox. Links lead to the dashboard, else to the API's own address."""
    senders = {code: (one.smtp_user, one.name) for code, one in settings.entity.items()}
    key = settings.jwt_secret.get_secret_value().encode()
    base = (settings.frontend_url or settings.backend_url).rstrip("/")
    made = RecoveryService(
        mongo, recovery_store.RecoveryStore(mongo), accounts, audit, outbox, senders, key, base
    )  # fmt: skip
    outbox.register("password_link", GiveLink(made))
    outbox.register("account_mail", AccountMail(made, smtp), schedule=EMAIL)
    return made
