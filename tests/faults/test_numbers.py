"""Numbers without gap: issued at once from two processes, their issuers killed, the weekly run killed in the middle."""

from __future__ import annotations

import asyncio
from multiprocessing.process import BaseProcess

import pytest

from backend import bootstrap
from backend.bootstrap import Parts
from backend.clients.models import Client
from backend.core.errors import Unavailable
from backend.invoices.models import InvoiceCreate
from backend.settings import Settings
from tests.support.books import companies, customer, internal_price, next_week, sound
from tests.support.clerks import biller, issue_all, issuer, patiently
from tests.support.departure import leave
from tests.support.outbox import eventually
from tests.support.roles import KILLED, processes
from tests.support.smtp import mail_server
from tests.support.trade import Trade

LONG = [pytest.mark.long, pytest.mark.timeout(3_600)]


async def drafts(trade: Trade, number: int) -> list[str]:
    """That many free drafts, one entity after the other."""
    clients: list[Client] = [await customer(trade, f"Client {entity}", entity) for entity in ("ZR7", "MDL")]
    made = []
    for n in range(number):
        client = clients[n % 2]
        body = InvoiceCreate(client_id=client.id, amount_ht="10.00", description=f"Pièce {n}")  # type: ignore[arg-type]
        made.append((await trade.parts.invoices.create(client.entity, body, "test")).id)
    return made


async def numbers(trade: Trade, entity: str) -> list[str]:
    return sorted(one["invoice_number"] for one in await trade.rows("invoices", entity=entity))


@pytest.mark.parametrize(("number", "budget"), [(60, 60), pytest.param(1_000, 1_800, marks=LONG)])
async def test_issues_at_once_from_two_processes_leave_no_gap(
    trade: Trade, settings: Settings, number: int, budget: int
) -> None:
    await companies(trade)
    made = await drafts(trade, number)
    other = bootstrap.build(settings)
    await other.clock.refresh(other.mongo)
    hands: list[Parts] = [trade.parts, other]
    async with asyncio.timeout(budget):
        await asyncio.gather(*(patiently(hands[n // 2 % 2], one) for n, one in enumerate(made)))
    await bootstrap.stop(other)
    for entity in ("ZR7", "MDL"):
        assert await numbers(trade, entity) == [f"{entity}-2026-{n:06d}" for n in range(1, number // 2 + 1)]
    await sound(trade)


async def _dead(one: BaseProcess) -> bool:
    return not one.is_alive()


@pytest.mark.parametrize(("number", "kills"), [(12, 1), pytest.param(100, 20, marks=LONG)])
async def test_an_issuer_killed_in_the_middle_leaves_no_half_invoice(
    trade: Trade, environ: dict[str, str], number: int, kills: int
) -> None:
    await companies(trade)
    await drafts(trade, number)
    with processes() as started:
        for n in range(kills):
            for point in ("after_number", "after_commit"):
                started.append(issuer(environ, crash_at=f"{point}:{1 + n % 3}"))
                await eventually(lambda: _dead(started[-1]), 90)
                assert started[-1].exitcode == KILLED
    await issue_all(trade.parts)
    for entity in ("ZR7", "MDL"):
        assert await numbers(trade, entity) == [f"{entity}-2026-{n:06d}" for n in range(1, number // 2 + 1)]
    await sound(trade)


async def test_the_weekly_run_killed_in_the_middle_and_run_twice_makes_one_invoice_a_direction(
    trade: Trade, environ: dict[str, str]
) -> None:
    await companies(trade)
    await internal_price(trade, "10.00", "ZR7", "MDL")
    await trade.parts.parametres.write_cross_entity(True, {}, "test", common=True)
    await customer(trade, "Maison Verte", "MDL", quota_semaine=0)
    async with mail_server() as server:
        server.serve(trade.parts)
        for _ in range(3):
            await trade.lead()
        await leave(trade)
    await next_week(trade)
    with processes() as started:
        started.append(biller(environ, crash_at="after_number"))
        await eventually(lambda: _dead(started[-1]), 90)
        assert started[-1].exitcode == KILLED
    assert await trade.rows("invoices") == [], "what was begun and not committed is not there"
    week, everyone = trade.parts.weekly.week_before(), trade.parts.everyone

    async def again() -> None:
        """A dead run's transaction keeps the series for a while: the base says so, and is asked again."""
        while True:
            try:
                told = await trade.parts.weekly.generate(everyone, week, "test")
            except Unavailable:
                continue
            assert not told.refused
            return

    await asyncio.gather(again(), again())
    [invoice] = await trade.rows("invoices")
    assert (invoice["invoice_number"], invoice["units"], str(invoice["amount_ht"])) == ("ZR7-2026-000001", 3, "30.00")
    assert {one["transfer_status"] for one in await trade.rows("intercompany_transfers")} == {"invoiced"}
    await sound(trade)
