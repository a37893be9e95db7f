"""`rdz demo`: the main job on realistic leads, through HTTP, with its promises checked at the end."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from backend.bootstrap import Parts
from backend.cli.crowd import Crowd, Tally
from backend.cli.demo_stack import Stack, own_stack, running_stack
from backend.cli.demo_story import story
from backend.cli.demo_weeks import weeks_of_trade
from backend.cli.desk import Desk
from backend.cli.market import DEMO
from backend.cli.seed import plant
from backend.cli.sending import submit_all
from backend.cli.terminal import console, with_parts
from backend.core.clock import utcnow
from backend.core.weeks import paris_day
from backend.monitoring.models import Check

_STOCK_AGE = timedelta(days=9)
_STOCK = 12
_STOCK_BUYER = "Maison Chaude"


def demo(
    leads: Annotated[int, typer.Option(min=1, max=40_000, help="Nombre de leads envoyés.")] = 300,
    open_days: Annotated[bool, typer.Option("--open-days", help="Ouvre le jour s'il est fermé.")] = False,
    weeks: Annotated[
        int, typer.Option(min=0, max=52, help="Joue aussi ce nombre de semaines, sur une base à part.")
    ] = 0,
) -> None:
    """Envoie des leads réalistes, livre, et vérifie : vendu deux fois 0, au-dessus du quota 0, perdu 0."""
    started = time.monotonic()
    if weeks:
        with own_stack(Path("var/demo")) as own:
            broken = with_parts(lambda parts: weeks_of_trade(own, parts, weeks, leads), own.settings)
        console.print(f"Durée : {time.monotonic() - started:.0f} s")
        raise typer.Exit(1 if broken else 0)
    stack = running_stack()
    if stack is None:
        with own_stack(Path("var/demo")) as own:
            broken = _play(own, leads, open_days=True)
    else:
        broken = _play(stack, leads, open_days=open_days)
    console.print(f"Durée : {time.monotonic() - started:.0f} s")
    raise typer.Exit(1 if broken else 0)


def _play(stack: Stack, leads: int, *, open_days: bool) -> bool:
    return with_parts(lambda parts: _scene(stack, parts, leads, open_days=open_days), stack.settings)


async def _scene(stack: Stack, parts: Parts, leads: int, *, open_days: bool) -> bool:
    """Everything through HTTP, but for the seed, the clock of our own base, and the invariants."""
    with console.status("Données de démonstration…"):
        await plant(parts)
    async with Desk(stack.url, DEMO) as desk:
        suppliers = [one.slug for one in DEMO.suppliers]
        crowd = Crowd(suppliers, seed=1 if stack.own else int(utcnow().timestamp()))
        if open_days:
            await desk.open_calendar(paris_day(parts.clock.now()), every_day=stack.own)
        if stack.own:
            with console.status("Neuf jours plus tôt : des leads que personne n'achète…"):
                await _yesterdays(parts, desk, crowd)
        begun = parts.clock.now()
        with console.status(f"Envoi de {leads} leads…"):
            tally = await submit_all(desk, crowd.people(leads, utcnow().isoformat()))
        with console.status("Livraison quotidienne, puis envoi…"):
            report = await desk.run_daily()
            await desk.wait_until_sent()
        deliveries = await desk.deliveries_since(begun)
        checks = await parts.monitoring.invariants()
        story(stack, tally, report, deliveries, checks)
        return _broken(checks, tally)


def _broken(checks: list[Check], tally: Tally) -> bool:
    return any(check.count for check in checks) or any(code.startswith("5") for code in tally.refused)


async def _yesterdays(parts: Parts, desk: Desk, crowd: Crowd) -> None:
    """Leads nine days old on a base of our own: the clock is moved, the only possible buyer is paused meanwhile."""
    commandes = await desk.toggle_orders(_STOCK_BUYER)
    await parts.clock.move_to(parts.mongo, utcnow() - _STOCK_AGE)
    await desk.wait_for_clock(parts.clock.now())
    await submit_all(desk, crowd.stock(_STOCK, utcnow().isoformat()))
    await parts.clock.move_to(parts.mongo, utcnow())
    await desk.wait_for_clock(parts.clock.now())
    assert commandes == await desk.toggle_orders(_STOCK_BUYER)
