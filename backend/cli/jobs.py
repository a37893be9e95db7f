"""`rdz run-job`: one more run of a scheduled job, followed to the end of its sending."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.terminal import console, refuse, with_parts
from backend.extracts.words import WORDS

if TYPE_CHECKING:
    from backend.bootstrap import Parts
    from backend.jobs.models import Slot
    from backend.outbox.models import Row

_LOOK_S = 0.3
_USER = "system:rdz run-job"
_OVER = ("success", "error", "skipped")
_COUNTED = {
    "week_key": "semaine",
    "invoices_created": "factures faites",
    "credit_notes_created": "avoirs faits",
    "errors_left": "transferts en erreur",
    "clients_resumed": "clients repris",
    "commandes_resumed": "commandes reprises",
    "routed": "leads attribués",
}


def run_job(
    name: Annotated[str, typer.Argument(help="Nom du travail, par exemple daily_delivery.")],
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Demande au planificateur, sans attendre.")] = False,
) -> None:
    """Exécute un travail maintenant, dans un créneau à lui, et attend que chaque envoi ait été tenté."""
    with_parts(lambda parts: _ask(parts, name) if no_wait else _follow(parts, name))


async def _ask(parts: Parts, name: str) -> None:
    slot_id = await parts.jobs.run_now(_known(parts, name), _USER)
    console.print(f"Créneau {slot_id} demandé : le planificateur le prend à son prochain tour.")


async def _follow(parts: Parts, name: str) -> None:
    from backend.core.ids import new_id
    from backend.outbox.relay import Relay

    slot_id = await parts.jobs.run_now(_known(parts, name), _USER)
    relay = Relay(parts.outbox, f"run-job:{new_id()}")
    relay.start()
    try:
        with console.status(f"{slot_id} : exécution…"):
            slot = await _executed(parts, name, slot_id)
        with console.status(f"{slot_id} : envois…"):
            rows = await _tried(parts, slot_id)
    finally:
        await relay.stop()
    if slot.state != "success":
        refuse(f"{slot_id} : {WORDS['slotState'][slot.state].lower()}. {slot.error}")
    _tell(slot, rows)


def _known(parts: Parts, name: str) -> str:
    names = [job.name for job in parts.jobs.jobs]
    if name not in names:
        refuse(f"Travail inconnu : {name}. Connus : {', '.join(names)}.")
    return name


async def _executed(parts: Parts, name: str, slot_id: str) -> Slot:
    """Run the slot here, or wait for the process that took it."""
    while True:
        await parts.jobs.run_due(name)
        slot = await parts.jobs.one(slot_id)
        if slot is not None and slot.state in _OVER:
            return slot
        await asyncio.sleep(_LOOK_S)


async def _tried(parts: Parts, slot_id: str) -> list[Row]:
    """Wait until each row of the run was tried, or cannot be because its channel is paused."""
    while True:
        active = await parts.outbox.active_channels()
        batches = await parts.batches.of_run(slot_id)
        rows = [row for batch_id in batches for row in await parts.outbox.rows_of(batch_id)]
        if not any(_untried(row) and row.channel in active for row in rows):
            return rows
        await asyncio.sleep(_LOOK_S)


def _untried(row: Row) -> bool:
    return row.state == "leased" or (row.state == "pending" and row.n == 0)


def _tell(slot: Slot, rows: list[Row]) -> None:
    from backend.cli.demo_story import run_table

    result = slot.result or {}
    if "entities" in result:
        console.print(run_table(result))
    else:
        told = [f"{_COUNTED.get(name, name)} {value}" for name, value in result.items() if value != []]
        console.print(f"{slot.id} : {', '.join(told) or 'terminé'}", soft_wrap=True)
    for (state, error), number in sorted(Counter((row.state, row.last_error) for row in rows).items()):
        console.print(f"Messages, {WORDS['messageState'][state].lower()} : {number} {error}".strip())
