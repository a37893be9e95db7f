"""A random walk through the trade: whatever people, callers and jobs do, the promises hold after each step."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from backend.commandes.models import CommandeChange
from backend.core.clock import utcnow
from backend.jobs.models import Run
from tests.support.money import bought, priced
from tests.support.outbox import eventually, relaying
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade, phone

STEPS = 40


class Unfenced:
    """The walk runs jobs one after the other: nobody takes them over."""

    async def enter(self, _tx: object) -> None: ...

    async def check(self, _tx: object) -> None: ...


class Walk:
    def __init__(self, trade: Trade, mail: MailServer, rng: Random, ops: dict[str, str]) -> None:
        self.trade = trade
        self.mail = mail
        self.rng = rng
        self.ops = ops
        self.phones = [phone() for _ in range(12)]
        self.runs = 0

    async def submit(self) -> None:
        """A burst of leads, some of them of people already known."""
        bodies = [
            {
                "phone": self.rng.choice([*self.phones, phone()]),
                "produit": self.rng.choice(("PV", "PAC")),
                "entity": self.rng.choice(("ZR7", "MDL")),
                "session_id": self.rng.choice(("", "s1", "s2")),
                "lp_code": self.rng.choice(("", "LP1")),
            }
            for _ in range(self.rng.randint(1, 12))
        ]
        answers = await asyncio.gather(*(self.trade.submit(**body) for body in bodies))
        assert {answer.status_code for answer in answers} <= {200, 201}

    async def daily(self) -> None:
        await self.pass_time(days=self.rng.choice((1, 1, 2, 5, 9)))
        job = next(one for one in self.trade.parts.jobs.jobs if one.name == "daily_delivery")
        self.runs += 1
        now = self.trade.parts.clock.now()
        await job.run(Run(f"walk:{self.runs}", job.name, str(self.runs), now, "walk", 0, Unfenced()))

    async def send(self) -> None:
        if self.rng.random() < 0.3:
            self.mail.refuse("RCPT", self.rng.choice(("550 no", "451 later")), times=self.rng.randint(1, 2))
        if self.rng.random() < 0.2:
            self.mail.fault("drop_after")
        await settle_some(self.trade)
        self.mail.behave()

    async def outcome(self) -> None:
        sent = await self.trade.rows("deliveries", status="sent", outcome="accepted")
        for delivery in self.rng.sample(sent, min(3, len(sent))):
            action = self.rng.choice(("reject-leads", "remove-lead"))
            reason = self.rng.choice(("autre", "doublon", "hors_zone"))
            await self.ask("POST", f"/api/deliveries/{delivery['id']}/{action}", {"reason": reason})

    async def cancel(self) -> None:
        waiting = await self.trade.rows("deliveries", status={"$in": ["pending_csv", "ready_to_send", "failed"]})
        for delivery in self.rng.sample(waiting, min(2, len(waiting))):
            await self.ask("POST", f"/api/deliveries/{delivery['id']}/{self.rng.choice(('cancel', 'send'))}", {})

    async def withdraw(self) -> None:
        leads = await self.trade.rows("leads")
        for lead in self.rng.sample(leads, min(2, len(leads))):
            if self.rng.random() < 0.5:
                await self.ask("DELETE", f"/api/leads/{lead['id']}", {})
            else:
                await self.ask("POST", f"/api/leads/{lead['id']}/consent", {"given": self.rng.random() < 0.5})

    async def change_order(self) -> None:
        commande = self.rng.choice(await self.trade.rows("commandes"))
        body = CommandeChange(
            quota_semaine=self.rng.choice((0, 1, 5, 20)),
            lb_target_pct=self.rng.choice((Decimal(0), Decimal("0.2"), Decimal(1))),
            active=self.rng.random() < 0.8,
        )
        await self.trade.parts.commandes.change(self.trade.parts.everyone, commande["id"], body, "walk")

    async def top_up(self) -> None:
        balance = self.rng.choice(await self.trade.rows("prepayment_balances"))
        await bought(self.trade, balance["client_id"], self.rng.randint(1, 4), balance["product_code"])

    async def prepare(self) -> None:
        await self.ask("POST", "/api/deliveries/batch/generate-csv", {})

    async def ask(self, method: str, path: str, body: dict[str, object]) -> None:
        """As an operator; a refusal is an answer, an error is not."""
        answer = await self.trade.http.request(method, path, json=body, headers=self.ops)
        assert answer.status_code < 500, answer.text

    async def pass_time(self, *, days: int) -> None:
        day = self.trade.parts.clock.now().date() + timedelta(days=days)
        moment = datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)
        await self.trade.parts.clock.move_to(self.trade.parts.mongo, moment)

    def step(self) -> Callable[[], Awaitable[None]]:
        often = [self.submit] * 4 + [self.daily] * 3 + [self.send] * 3 + [self.outcome] * 2
        return self.rng.choice([*often, self.cancel, self.withdraw, self.change_order, self.prepare, self.top_up])


async def settle_some(trade: Trade) -> None:
    """Send everything once more; rows refused for a while wait for their next attempt."""
    for channel in await trade.parts.outbox.channels():
        if channel["state"] == "paused":
            await trade.parts.outbox.resume(channel["channel"], "walk")
    rows = trade.parts.mongo.collection("outbox")
    await rows.update_many({"state": "pending"}, {"$currentDate": {"next_at": True}})

    async def nothing_due() -> bool:
        due = {"state": "pending", "next_at": {"$lte": utcnow()}}
        return not await rows.count_documents({"$or": [due, {"state": "leased"}]})

    async with relaying(trade.parts.outbox):
        await eventually(nothing_due)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_promises_hold_after_every_step(trade: Trade, seed: int) -> None:
    rng = Random(seed)
    for number, entity in enumerate(("ZR7", "ZR7", "ZR7", "MDL", "MDL")):
        produit = rng.choice(("PV", "PAC"))
        target = rng.choice((Decimal(0), Decimal("0.2")))
        order: dict[str, Any] = {"quota_semaine": rng.choice((0, 3, 8)), "priorite": rng.randint(1, 3)}
        client, _ = await trade.buyer(f"Acheteur {number}", entity, produit=produit, lb_target_pct=target, **order)
        if number in {0, 3}:
            await priced(trade, client, produit=produit, mode="PREPAID", units=5)
    async with mail_server() as mail:
        mail.serve(trade.parts)
        walk = Walk(trade, mail, rng, await headers(trade.parts, "super_admin", scope="BOTH"))
        for number in range(STEPS):
            move = walk.step()
            await move()
            broken = [check for check in await trade.parts.monitoring.invariants() if check.count]
            assert not broken, f"seed {seed}, step {number} ({move.__name__}): {broken}"
        taken = Counter((message.to, str(message.message["X-RDZ-Batch"])) for message in mail.messages)
    assert not [one for one, times in taken.items() if times > 1], "a server took a batch twice"
    sent = {row["batch_id"] for row in await trade.rows("deliveries", status="sent")}
    assert sent <= {batch for _, batch in taken}, "marked sent, never taken"
