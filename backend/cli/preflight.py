"""The checklist before a deployment: settings, base, indexes, crons, mailboxes. Needs no server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backend.cli.banner import shown_time
from backend.cli.findings import Finding, bad, ok, warn
from backend.cli.terminal import reason, shown_base
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.bootstrap import Parts

_NOT_A_PRODUCTION_NAME = re.compile(r"test|dev|demo|local|staging|recette", re.IGNORECASE)


def settings_findings(settings: Settings) -> list[Finding]:
    """Environment, name of the base, CORS: rules on the settings alone."""
    return [_environment(settings), _address(settings), _database(settings), _cors(settings)]


def _environment(settings: Settings) -> Finding:
    consent = ", ".join(f"{code} {one.consent_mode}" for code, one in settings.entity.items())
    return ok("environnement", f"{settings.app_env} ; sociétés et consentement : {consent}")


def _address(settings: Settings) -> Finding:
    if settings.production and not settings.https:
        return bad("adresse", f"BACKEND_URL={settings.backend_url} : https:// attendu (cookies Secure).")
    return ok("adresse", settings.backend_url)


def _database(settings: Settings) -> Finding:
    where = shown_base(settings)
    if settings.production and _NOT_A_PRODUCTION_NAME.search(settings.db_name):
        return warn("base", f"{where} : ce nom n'est pas celui d'une production, vérifiez DB_NAME.")
    if settings.production and settings.embedded_mongo:
        return warn("base", f"{where} : MongoDB embarqué ; en production, préférez un serveur à jour (MONGO_URL).")
    return ok("base", where)


def _cors(settings: Settings) -> Finding:
    if "*" in settings.cors_origins:
        return warn("CORS", "* : admis hors production seulement.")
    if settings.production and not settings.cors_origins:
        return warn("CORS", "CORS_ORIGINS est vide : aucune page d'un autre domaine ne pourra envoyer de lead.")
    return ok("CORS", ", ".join(settings.cors_origins) or "aucune origine extérieure")


async def base_findings(parts: Parts) -> list[Finding]:
    """The base answers, is of this version, has every declared index, lets messages leave; nothing is changed."""
    from pymongo.errors import PyMongoError

    from backend.core import indexes
    from backend.tables import INDEXES

    try:
        await parts.mongo.ping()
        absent = await indexes.missing(parts.mongo, INDEXES)
    except PyMongoError as exc:
        return [bad("MongoDB", f"injoignable : {reason(exc)}")]
    count = sum(len(wanted) for wanted in indexes.merged(INDEXES).values())
    there = ok("index", f"{count} index en place")
    if absent:
        there = bad("index", f"absents : {', '.join(absent)}. Créez-les : rdz indexes")
    return [ok("MongoDB", "répond"), await _migrations(parts), there, await _hold(parts), await _sealed(parts)]


async def _migrations(parts: Parts) -> Finding:
    from backend.core.migrations import StartRefused, pending
    from backend.migrations.store import LATEST, steps

    try:
        missing = await pending(parts.mongo, steps(parts.vault))
    except StartRefused as exc:
        return bad("migrations", str(exc))
    if missing:
        told = ", ".join(f"{step.number} {step.name}" for step in missing)
        return bad("migrations", f"la base est en retard : {told}. Après rdz backup : rdz migrate")
    return ok("migrations", f"base à la migration {LATEST}")


async def _hold(parts: Parts) -> Finding:
    held = await parts.hold.current()
    if held is None:
        return ok("retenue", "les envois partent")
    since = f"{shown_time(held.since)} par {held.by}"
    return bad("retenue", f"aucun envoi ne part depuis le {since} : {held.reason}. Rapprochez, puis rdz release")


async def _sealed(parts: Parts) -> Finding:
    other = len(await parts.clients.sealed_otherwise())
    if other:
        return warn("secrets", f"{other} clé(s) d'API chiffrée(s) par une autre clé que SECRETS_KEY : rdz reseal")
    return ok("secrets", "clés d'API chiffrées avec la clé en service")


def cron_findings(parts: Parts) -> list[Finding]:
    """Each job with its hour and its next time, in Paris."""
    times = parts.jobs.next_times()
    if "daily_delivery" not in times:
        return [bad("crons", "daily_delivery n'est pas planifié.")]
    return [
        ok(f"cron {job.name}", f"{job.schedule.text} ; prochain : {shown_time(times[job.name])}")
        for job in parts.jobs.jobs
    ]


async def crm_findings(parts: Parts) -> list[Finding]:
    """Each company's legacy CRM: its address may be called and its name is known. Nothing is sent to it."""
    return [await _crm(parts, code) for code in parts.settings.entities]


async def _crm(parts: Parts, code: str) -> Finding:
    url, refused = parts.settings.entity[code].api_url.partition("?")[0], await parts.crm.refusal(code)
    if refused is not None:
        return bad(f"CRM {code}", f"{url} : {refused} Corrigez {code}_API_URL, ou laissez-la vide.")
    return ok(f"CRM {code}", f"chaque lead vendu est poussé vers {url}" if url else "aucun (facultatif)")


async def mail_findings(parts: Parts, send_to: str | None) -> list[Finding]:
    """Log in to each mailbox as a delivery would; send it a test message when `send_to` is given."""
    return [await _mailbox(parts, code, send_to) for code in parts.settings.entities]


async def _mailbox(parts: Parts, code: str, send_to: str | None) -> Finding:
    from backend.channels.contract import Done

    name = f"SMTP {code}"
    outcome = await (_send(parts, code, send_to) if send_to else parts.smtp.probe(code))
    if isinstance(outcome, Done):
        return ok(name, f"message d'essai accepté pour {send_to} ({outcome.answer})" if send_to else outcome.answer)
    return bad(name, f"{getattr(outcome, 'reason', outcome)} Vérifiez {code}_SMTP_HOST, _PORT, _USER et _PASSWORD.")


async def _send(parts: Parts, code: str, to: str) -> object:
    from backend.core.clock import utcnow
    from backend.core.ids import new_id

    mailbox = parts.settings.entity[code]
    row_id = f"check:{new_id()}"
    row = {
        "id": row_id,
        "entity": code,
        "batch_id": "",
        "to": to,
        "message_id": f"<{row_id.replace(':', '.')}@{mailbox.smtp_user.rpartition('@')[2]}>",
        "created_at": utcnow(),
        "payload": {
            "from": mailbox.smtp_user,
            "from_name": mailbox.name,
            "subject": f"[ESSAI] RDZ CRM : envoi de {mailbox.name}",
            "text": "Ce message vérifie que la boîte d'envoi fonctionne. Il ne contient aucun lead.",
        },
    }

    async def no_journal() -> None:
        """Nothing to remember: a test message has no row."""

    return await parts.smtp(row, no_journal)
