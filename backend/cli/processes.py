"""The long-lived processes: web, worker, and the embedded `mongod`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from backend.cli.banner import banner
from backend.cli.terminal import NOTHING_TO_DO, console, reason, refuse, shown_base, with_parts
from backend.settings import Settings, load

_BEHIND = 5  # what a person waits for goes first on a busy machine
_DRAIN_S = 60  # a mail already handed over is given this long to be answered


def serve(
    host: Annotated[str, typer.Option(help="Adresse d'écoute ; 0.0.0.0 pour toutes.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Port ; PORT par défaut.")] = None,
) -> None:
    """Sert l'API HTTP (et le worker et le planificateur si RUN_WORKER et RUN_SCHEDULER le disent)."""
    import uvicorn

    from backend.core import log

    settings = load()
    log.configure(settings.log_level, settings.log_pretty)
    wait_for_base(settings)
    console.print(with_parts(banner, settings), soft_wrap=True)
    uvicorn.run(
        "backend.server:create_app",
        factory=True,
        host=host,
        port=port or settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_DRAIN_S,
    )


def worker() -> None:
    """Fait tourner le worker (et le planificateur si RUN_SCHEDULER le dit) sans HTTP, moins prioritaire que l'API."""
    from backend import worker as process
    from backend.core import log

    settings = load().model_copy(update={"run_worker": True})
    log.configure(settings.log_level, settings.log_pretty)
    wait_for_base(settings)
    console.print(with_parts(banner, settings), soft_wrap=True)
    os.nice(_BEHIND)
    process.run(settings)


def wait_for_base(settings: Settings) -> None:
    """Wait up to a minute for the base; the embedded one has its replica set initiated, once."""
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    from backend.core import mongod

    if settings.embedded_mongo:
        try:
            mongod.initiate(settings.mongo_port)
        except TimeoutError:
            refuse(f"MongoDB ne répond pas sur le port {settings.mongo_port} : voyez var/log/mongodb.log.")
        return
    with MongoClient[dict[str, object]](settings.mongo_url, serverSelectionTimeoutMS=60_000) as client:
        try:
            client.admin.command("ping")
        except PyMongoError as exc:
            refuse(f"Base injoignable ({shown_base(settings)}) : corrigez MONGO_URL ou le réseau. {reason(exc)}")


def mongod() -> None:
    """Devient le mongod embarqué, données sous var/mongodb (rien à faire si MONGO_URL désigne un autre serveur)."""
    from backend.core import mongod as embedded

    settings = load()
    if not settings.embedded_mongo:
        console.print("MONGO_URL désigne un autre serveur : rien à démarrer ici.")
        leave_idle()
    command = embedded.arguments(Path("var/mongodb"), settings.mongo_port)
    os.execv(command[0], command)  # noqa: S606 (no shell is wanted)


def leave_idle() -> None:
    """End as a program that has nothing to do here; late enough for supervisord to call it started."""
    time.sleep(1.5)
    raise typer.Exit(NOTHING_TO_DO)
