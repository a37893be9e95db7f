"""What every command shares: the console, and the parts of the house for as long as a command lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NoReturn, TypeVar

import typer
from rich.console import Console

from backend.core.errors import AppError
from backend.settings import Settings, load

if TYPE_CHECKING:
    from backend.bootstrap import Parts

T = TypeVar("T")
console = Console(highlight=False)
NOTHING_TO_DO = 3  # supervisord takes this exit code as wanted: see supervisord.conf


def refuse(sentence: str) -> NoReturn:
    """Say in French what is wrong and what to do, and end with a failure."""
    Console(stderr=True, highlight=False).print(sentence, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


def with_parts(work: Callable[[Parts], Awaitable[T]], settings: Settings | None = None) -> T:
    """Build and start the real parts, do `work`, stop them."""
    return asyncio.run(_with_parts(work, settings or load()))


async def _with_parts(work: Callable[[Parts], Awaitable[T]], settings: Settings) -> T:
    import structlog
    from pymongo.errors import PyMongoError

    from backend import bootstrap
    from backend.core import log

    if not structlog.is_configured():
        log.configure("WARNING", settings.log_pretty)

    parts = bootstrap.build(settings)
    try:
        try:
            await bootstrap.start(parts)
        except PyMongoError as exc:
            where = shown_base(settings)
            refuse(f"Base injoignable ({where}) : démarrez-la (make run) ou corrigez MONGO_URL. {reason(exc)}")
        try:
            return await work(parts)
        except AppError as exc:
            refuse(_said(exc))
    finally:
        await bootstrap.stop(parts)


def reason(error: Exception) -> str:
    """The beginning of a driver's message, without the topology it goes on about."""
    return str(error).split(", Timeout:")[0][:200]


def _said(error: AppError) -> str:
    detail = error.detail
    return detail if isinstance(detail, str) else " ".join(f"{field} : {text}" for field, text in detail.items())


def shown_base(settings: Settings) -> str:
    """Where the base is, without user or password."""
    hosts = settings.mongo_url.split("://", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1]
    return f"{settings.db_name} sur {hosts}"
