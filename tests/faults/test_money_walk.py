"""A random walk through money: sends, refusals, prices, closings, issues, avoirs, payments; the promises hold after
every step, whatever the order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

import pytest
import pytest_asyncio

from backend.clients.models import Client
from backend.core.mongo import Doc
from backend.core.weeks import shift_week, week_of
from tests.support.books import companies, customer, desk, internal_price, next_week, sound
from tests.support.departure import leave
from tests.support.desk import Desk
from tests.support.money import priced
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

LONG = [pytest.mark.long, pytest.mark.timeout(3_600)]
REFUSED = {400, 409, 422}


@pytest_asyncio.fixture(autouse=True)
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


class Walk:
    """An admin of each company who does anything at any time. A refusal (409) is an answer; a 500 is not."""

    def __init__(self, trade: Trade, seed: int) -> None:
        self.trade = trade
        self.rng = Random(seed)
        self.clients: list[Client] = []
        self.desks: dict[str, Desk] = {}
        self.done: list[str] = []

    async def begin(self) -> None:
        await companies(self.trade)
        await self.trade.parts.parametres.write_cross_entity(True, {}, "test", common=True)
        await internal_price(self.trade, "7.77", "ZR7", "MDL")
        for name, entity, order in (("Un", "ZR7", 6), ("Deux", "MDL", 0)):
            self.clients.append(await customer(self.trade, name, entity, "33.33", quota_semaine=order))
        for entity in ("ZR7", "MDL"):
            self.desks[entity] = await desk(self.trade, entity=entity)

    @property
    def acts(self) -> list[Callable[[], Awaitable[None]]]:
        often = [self.send, self.send, self.refuse, self.week_after]
        return [
            *often,
            self.price,
            self.give,
            self.close,
            self.close,
            self.issue,
            self.credit,
            self.pay,
            self.undo,
            self.between,
        ]

    async def step(self) -> None:
        act = self.rng.choice(self.acts)
        self.done.append(act.__name__)
        await act()

    async def ask(self, entity: str, method: str, path: str, body: object = None) -> Doc:
        answer = await self.desks[entity].ask(method, path, body)
        assert answer.status_code < 300 or answer.status_code in REFUSED, f"{path} {answer.text}"
        told: Doc = answer.json()
        return told

    async def send(self) -> None:
        for _ in range(self.rng.randrange(1, 3)):
            await self.trade.lead()
        await leave(self.trade)

    async def refuse(self) -> None:
        rows = await self.trade.rows("deliveries", status="sent", outcome="accepted")
        if rows:
            one = self.rng.choice(rows)
            body = {"reason": "hors_zone", "reason_detail": "Essai", "force": True}
            await self.ask(one["entity"], "POST", f"/deliveries/{one['id']}/reject-leads", body)

    async def price(self) -> None:
        amount = f"{self.rng.randrange(100, 9999) / 100:.2f}"
        await priced(self.trade, self.rng.choice(self.clients), amount)

    async def give(self) -> None:
        client = self.rng.choice(self.clients)
        order = await self.trade.row("commandes", client_id=client.id)
        body = {"order_id": order["id"], "product_code": "PV", "week_key": self.week(0), "quantity_units_free": 1,
                "reason": "qualite"}  # fmt: skip
        await self.ask(client.entity, "POST", f"/clients/{client.id}/credits", body)

    def week(self, back: int) -> str:
        return shift_week(week_of(self.trade.parts.clock.now()), -back)

    async def week_after(self) -> None:
        await next_week(self.trade)

    async def close(self) -> None:
        entity, issue = self.rng.choice(("ZR7", "MDL")), self.rng.random() < 0.5
        await self.ask(entity, "POST", f"/billing/week/{self.week(self.rng.randrange(1, 3))}/close", {"issue": issue})

    async def one_invoice(self, **query: object) -> Doc | None:
        rows = await self.trade.rows("invoices", **query)
        return self.rng.choice(rows) if rows else None

    async def issue(self) -> None:
        if one := await self.one_invoice(status="draft"):
            await self.ask(one["entity"], "POST", f"/invoices/{one['id']}/issue")

    async def credit(self) -> None:
        if one := await self.one_invoice(type="invoice", status="issued"):
            units = await self.trade.rows("invoice_units", invoice_id=one["id"])
            some = [self.rng.choice(units)["delivery_id"]] if units and self.rng.random() < 0.7 else []
            body = {"delivery_ids": some, "reason": "Geste"}
            await self.ask(one["entity"], "POST", f"/invoices/{one['id']}/credit-note", body)

    async def pay(self) -> None:
        if one := await self.one_invoice(status="issued", type={"$ne": "credit_note"}):
            amount = f"{self.rng.randrange(1, 4000) / 100:.2f}"
            await self.ask(one["entity"], "POST", f"/invoices/{one['id']}/payments", {"amount": amount})

    async def undo(self) -> None:
        rows = await self.trade.rows("invoice_payments")
        if rows:
            one = self.rng.choice(rows)
            await self.ask(one["entity"], "POST", f"/invoices/{one['invoice_id']}/payments/{one['id']}/undo")

    async def between(self) -> None:
        await self.ask("ZR7", "POST", "/intercompany/generate-invoices")


@pytest.mark.parametrize(("seed", "steps"), [(11, 30), (12, 30), *(pytest.param(n, 200, marks=LONG) for n in range(5))])
async def test_the_promises_of_money_hold_after_every_step(trade: Trade, seed: int, steps: int) -> None:
    walk = Walk(trade, seed)
    await walk.begin()
    for _ in range(steps):
        await walk.step()
        try:
            await sound(trade)
        except AssertionError as exc:
            raise AssertionError(f"after {walk.done}: {exc}") from exc
    assert await trade.rows("billing_ledger"), "nothing was sold: the walk proves nothing"
