"""`rdz demo --weeks N`: some weeks of trade on a base of our own, its clock moved: deliveries, refusals, invoices.

Every act goes through HTTP, but for the seed, the clock and the checks at the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from rich.table import Table

from backend.bootstrap import Parts
from backend.cli.crowd import Crowd
from backend.cli.demo_stack import Stack
from backend.cli.demo_story import invariants_table
from backend.cli.desk import Desk
from backend.cli.market import DEMO
from backend.cli.seed import plant
from backend.cli.sending import submit_all
from backend.cli.terminal import console
from backend.core import weeks
from backend.core.clock import utcnow
from backend.monitoring.models import Check

_TRIES = 5
_DELIVERY_DAYS = (1, 3)  # Tuesday and Thursday
_REASONS = ("injoignable", "hors_zone", "deja_client", "pas_interesse")


@dataclass(slots=True)
class Told:
    """What the weeks brought, by week: closings as the API answered them."""

    received: int = 0
    rejected: int = 0
    closings: dict[str, dict[str, Any]] = field(default_factory=dict)
    between: dict[str, dict[str, Any]] = field(default_factory=dict)


async def weeks_of_trade(stack: Stack, parts: Parts, number: int, leads: int) -> bool:
    """Play `number` weeks ending last Sunday, about `leads` a week. True when a promise is broken."""
    with console.status("Données de démonstration…"):
        await plant(parts)
    told, rng = Told(), Random(7)
    crowd = Crowd([one.slug for one in DEMO.suppliers], seed=7)
    last = weeks.shift_week(weeks.week_of(utcnow()), -1)
    async with Desk(stack.url, DEMO) as desk:
        await desk.open_calendar(weeks.paris_day(utcnow()), every_day=True)
        for back in reversed(range(number)):
            week = weeks.shift_week(last, -back)
            with console.status(f"Semaine {week}…"):
                await _week(desk, parts, crowd, rng, week, leads, told)
        await _at(desk, parts, weeks.week_monday(last) + timedelta(days=7), 8, 30)
        await _monday(desk, last, told)
        await desk.wait_until_sent()
        checks = await _checks(parts)
        await _story(desk, told, checks)
    return any(check.count for check in checks)


async def _checks(parts: Parts) -> list[Check]:
    """The promises, once nothing moves: the clock jumped, jobs are due, and a lead routed meanwhile may show once."""
    checks = await parts.monitoring.invariants()
    for _ in range(_TRIES):
        if not any(check.count for check in checks):
            break
        await asyncio.sleep(3)
        checks = await parts.monitoring.invariants()
    return checks


async def _week(desk: Desk, parts: Parts, crowd: Crowd, rng: Random, week: str, leads: int, told: Told) -> None:
    """Monday: the week before is closed. Two days of leads and deliveries, each followed by some refusals."""
    monday = weeks.week_monday(week)
    await _at(desk, parts, monday, 8, 30)
    await _monday(desk, weeks.shift_week(week, -1), told)
    for day in _DELIVERY_DAYS:
        await _at(desk, parts, monday + timedelta(days=day), 9, 0)
        moment = parts.clock.now()
        told.received += (await submit_all(desk, crowd.people(leads // len(_DELIVERY_DAYS), moment.isoformat()))).sent
        await desk.run_daily()
        await desk.wait_until_sent()
        told.rejected += await _refusals(desk, rng, moment)
    await _gestures(desk, rng, week)


async def _at(desk: Desk, parts: Parts, day: date, hour: int, minute: int) -> datetime:
    """Move every process to this Paris time. No timer of the house waits for it: a run is asked for."""
    moment = weeks.at_paris(day, hour, minute)
    await parts.clock.move_to(parts.mongo, moment)
    await desk.wait_for_clock(moment)
    return moment


async def _monday(desk: Desk, week: str, told: Told) -> None:
    """What the accountants do: intercompany invoices, closing and issue of every client, one payment in three."""
    told.between[week] = await desk.bill_between(week)
    closing = await desk.close_week(week)
    told.closings[week] = closing
    issued = [one["invoice_id"] for one in closing["clients"] if one["invoice_number"]]
    for invoice_id in issued[::3]:
        if (await desk.invoice(invoice_id))["invoice"]["status"] == "issued":  # one of free units only owes nothing
            await desk.mark_paid(invoice_id)
    for invoice_id in issued[:1]:
        await desk.mail_invoice(invoice_id)


async def _refusals(desk: Desk, rng: Random, since: datetime) -> int:
    """Buyers send back about one lead in twenty, some of them of the week before: avoirs will follow."""
    sent = [one for one in await desk.deliveries_since(since - timedelta(days=6)) if one["status"] == "sent"]
    kept = [one for one in sent if one["outcome"] == "accepted"]
    chosen = rng.sample(kept, len(kept) // 20)
    for one in chosen:
        await desk.reject(one["id"], rng.choice(_REASONS))
    return len(chosen)


async def _gestures(desk: Desk, rng: Random, week: str) -> None:
    """A few free units, and a price that changes next week."""
    rows = (await desk.week(week))["weekly_invoice"]
    for row in rng.sample(rows, min(2, len(rows))):
        await desk.give_units(row["client_id"], row["order_id"], row["product_code"], week, 2)
    for row in rng.sample(rows, min(1, len(rows))):
        price = f"{rng.randrange(1800, 4200) / 100:.2f}"
        await desk.set_price(row["client_id"], row["product_code"], price, weeks.week_monday(weeks.shift_week(week, 1)))


async def _story(desk: Desk, told: Told, checks: Sequence[Check]) -> None:
    console.print(f"{told.received} leads reçus, {told.rejected} refusés par leurs acheteurs")
    for week, closing in told.closings.items():
        if closing["clients"]:
            console.print(await _closing_table(desk, week, closing))
    for week, made in told.between.items():
        for one in made["invoices"]:
            line = (
                f"{week} : {one['invoice_number']} {one['from_entity']} → {one['to_entity']}, {one['amount_ht']} € HT"
            )
            console.print(line, soft_wrap=True)
    console.print((await desk.netting())["settlement"])
    console.print(invariants_table(checks))


async def _closing_table(desk: Desk, week: str, closing: Mapping[str, Any]) -> Table:
    table = Table("client", "facture", "HT", "TTC", "avoirs", "refus", title=f"Semaine {week}, close et facturée")
    for one in closing["clients"]:
        invoice = (await desk.invoice(one["invoice_id"]))["invoice"] if one["invoice_id"] else {}
        amounts = (str(invoice.get("amount_ht", "")), str(invoice.get("amount_ttc", "")))
        table.add_row(
            one["client_name"], one["invoice_number"] or "", *amounts, ", ".join(one["credit_notes"]), one["refused"]
        )
    return table
