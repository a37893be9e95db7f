"""`rdz backup` and `rdz restore`: the whole base in one file, and back, held."""

from __future__ import annotations

import asyncio
import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from backend import __version__
from backend.cli.terminal import console, reason, refuse, shown_base
from backend.core import weeks
from backend.core.clock import utcnow
from backend.migrations.store import LATEST
from backend.settings import Settings, load

if TYPE_CHECKING:
    from backend.bootstrap import Parts
    from backend.core.snapshot import Base
    from backend.outbox.models import Row

_USER = "system:rdz restore"
_NOT_SAVED = ("instances", "sessions")  # processes alive, and accesses that may have been revoked since
_HOLD = "hold"
_COLUMNS = ("id", "state", "channel", "entity", "client_id", "to", "batch_id", "message_id", "created_at")


def backup(
    file: Annotated[Path, typer.Argument(help="Fichier à écrire, par exemple rdz-2026-11-23.bak.")],
    force: Annotated[bool, typer.Option("--force", help="Remplace le fichier s'il existe.")] = False,
) -> None:
    """Écrit toute la base, telle qu'elle est à un instant, dans un fichier vérifiable. Sans rien arrêter."""
    from pymongo.errors import PyMongoError

    settings = load()
    if file.exists() and not force:
        refuse(f"{file} existe déjà : donnez un autre nom, ou --force pour le remplacer.")
    header = {"version": __version__, "migration": LATEST, "database": settings.db_name, "at": utcnow()}
    base = _base(settings)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with console.status("Sauvegarde…"):
            manifest = base.dump(file, header, _NOT_SAVED)
    except PyMongoError as exc:
        refuse(f"Sauvegarde impossible ({shown_base(settings)}) : {reason(exc)}")
    except OSError as exc:
        refuse(f"{file} ne peut pas être écrit : {exc.strerror}.")
    finally:
        base.close()
    console.print(_contents(manifest))
    console.print(f"[green]Sauvegarde écrite :[/green] {file} ({file.stat().st_size // 1024} ko)", soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(help="Fichier écrit par rdz backup.")],
    replace: Annotated[bool, typer.Option("--replace", help="Efface d'abord ce que contient la base.")] = False,
) -> None:
    """Vérifie un fichier puis en remplit la base, envois retenus. La base doit être vide, ou donnez --replace."""
    from backend.core.snapshot import BadBackup, verify

    settings = load()
    if not file.is_file():
        refuse(f"{file} n'existe pas. La base n'a pas été touchée.")
    try:
        with console.status("Vérification du fichier…"):
            manifest = verify(file)
    except BadBackup as exc:
        refuse(f"{file} : {exc} La base n'a pas été touchée.")
    if manifest.get("migration", 0) > LATEST:
        refuse(f"{file} vient d'une version plus récente ({manifest['version']}) : installez-la d'abord.")
    console.print(_contents(manifest))
    base = _base(settings)
    try:
        asyncio.run(_restore(settings, base, file, manifest, replace=replace))
    finally:
        base.close()


def _base(settings: Settings) -> Base:
    from backend.core.snapshot import Base

    return Base(settings.mongo_url, settings.db_name)


def _contents(manifest: dict[str, Any]) -> Table:
    when = weeks.paris(manifest["at"])
    table = Table("collection", "documents", title=f"{manifest['database']}, {when:%d/%m/%Y %H:%M:%S} (Paris)")
    for name, told in manifest["collections"].items():
        if told["documents"]:
            table.add_row(name, str(told["documents"]))
    return table


async def _restore(settings: Settings, base: Base, file: Path, manifest: dict[str, Any], *, replace: bool) -> None:
    from pymongo.errors import PyMongoError

    from backend import bootstrap

    parts = bootstrap.build(settings)
    try:
        await _allowed(parts, base, replace=replace)
        when = weeks.paris(manifest["at"])
        reason_held = f"Base restaurée d'une sauvegarde du {when:%d/%m/%Y %H:%M}"
        await parts.hold.hold(reason_held, _USER)
        with console.status("Restauration…"):
            done = await asyncio.to_thread(base.load, file, _NOT_SAVED, (_HOLD,))
            await bootstrap.start(parts)
        await parts.hold.restored(reason_held, _USER)
        await parts.system.note_restored(_USER, file.name, manifest["at"])
        console.print(f"[green]{done} documents restaurés[/green] dans {shown_base(settings)}.", soft_wrap=True)
        await _reconcile(parts, file, manifest["at"])
    except PyMongoError as exc:
        refuse(f"Restauration interrompue, base incomplète : relancez avec --replace. {reason(exc)}")
    finally:
        await bootstrap.stop(parts)


async def _allowed(parts: Parts, base: Base, *, replace: bool) -> None:
    """Refuse while a process lives on the base, and when the base holds something that was not given up."""
    alive = await parts.system.alive_instances()
    if alive:
        refuse(f"Processus au travail sur cette base : {len(alive)}. Arrêtez-les (supervisorctl stop backend),"
               " attendez 30 s si l'un a été tué, et recommencez.")  # fmt: skip
    filled = await asyncio.to_thread(base.filled, (*_NOT_SAVED, "migrations"))
    if filled and not replace:
        refuse(
            f"La base n'est pas vide ({', '.join(filled[:5])}…) : donnez --replace pour effacer ce qu'elle contient."
        )


async def _reconcile(parts: Parts, file: Path, at: datetime) -> None:
    """What was about to leave when the file was written may have left since: every row, for a person to look at."""
    rows = [row async for row in parts.outbox_desk.unsettled()]
    console.print("[bold]Les envois sont retenus[/bold] : rien ne part avant `rdz release`.")
    if not rows:
        console.print("Rien n'attendait de partir au moment de la sauvegarde : aucun rapprochement à faire.")
        return
    told = file.with_name(file.name + ".rapprochement.csv")
    _write_rows(told, rows)
    console.print(
        f"Envois qui attendaient au {weeks.paris(at):%d/%m/%Y %H:%M}, peut-être partis depuis : {len(rows)}."
        f" {told} les liste, avec leur Message-ID. Cherchez-les chez l'hébergeur avant `rdz release`.",
        soft_wrap=True,
    )


def _write_rows(path: Path, rows: list[Row]) -> None:
    from backend.core.snapshot import private

    with private(path, text=True) as file:
        out = csv.writer(file)
        out.writerow(_COLUMNS)
        out.writerows([[_cell(getattr(row, name)) for name in _COLUMNS] for row in rows])


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
