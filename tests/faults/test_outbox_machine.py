"""Test 31 of reliability.md: whatever workers, servers, crashes and people do to outbox rows, in any order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backend import bootstrap
from backend.bootstrap import Parts
from backend.channels.contract import Done, Failed, Journal, Outcome, Retry, Uncertain
from backend.core.clock import utcnow
from backend.core.errors import Conflict, LostLease
from backend.outbox.hold import Hold
from backend.outbox.models import Row
from backend.outbox.relay import Relay
from backend.settings import Settings
from tests.support.oracle import OPEN
from tests.support.outbox import QUICK, email, own_outbox, put

LEASE = timedelta(minutes=10)  # ends when a rule says so, never by itself
OVER = timedelta(minutes=16)
REPLIES = st.sampled_from(["250", "451", "554", "drop", "take and drop", "die"])


async def _nobody(row: dict[str, Any], journal: Journal) -> Outcome:
    return Done()


class OutboxMachine(RuleBasedStateMachine):
    """`taken` is what the server accepted; `resent` what a person asked to send again."""

    parts: ClassVar[Parts]
    loop: ClassVar[asyncio.AbstractEventLoop]

    def __init__(self) -> None:
        super().__init__()
        self.outbox = own_outbox(self.parts)
        self.outbox.register("email", _nobody)
        self.relay = Relay(self.outbox, "sweeper", QUICK)
        self.holds: list[Hold] = []
        self.sending: list[Hold] = []
        self.taken: dict[str, int] = {}
        self.resent: dict[str, int] = {}
        self.known: set[str] = set()
        self.wait(self._empty())

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    async def _empty(self) -> None:
        for name in ("outbox", "outbox_attempts", "outbox_channels"):
            await self.parts.mongo.collection(name).delete_many({})

    def rows(self, *states: str) -> list[Row]:
        found: list[Row] = self.wait(self.outbox.rows_of("b1"))
        return [row for row in found if not states or row.state in states]

    @initialize(number=st.integers(1, 3))
    def begin(self, number: int) -> None:
        for _ in range(number):
            self.enqueue()

    @rule(reply=REPLIES)
    def send(self, reply: str) -> None:
        """The whole way of a row at once; its steps are rules too."""
        self.claim()
        if self.holds:
            self.journal(len(self.holds) - 1)
        if self.sending:
            self.reply(len(self.sending) - 1, reply)

    @precondition(lambda self: len(self.known) < 5)
    @rule()
    def enqueue(self) -> None:
        new = email(len(self.known))
        self.wait(put(self.outbox, new))
        self.known.add(new.id)

    @rule()
    def claim(self) -> None:
        asked_at = time.monotonic()
        row = self.wait(self.outbox.store.claim(["smtp:ZR7"], "worker", LEASE, utcnow()))
        if row is not None:
            self.holds.append(Hold(self.outbox, row, LEASE, asked_at, Random(0)))

    @precondition(lambda self: self.holds)
    @rule(which=st.integers(0, 9))
    def journal(self, which: int) -> None:
        hold = self.holds.pop(which % len(self.holds))
        try:
            self.wait(hold.journal())
        except LostLease:
            return
        self.sending.append(hold)

    @precondition(lambda self: self.sending)
    @rule(which=st.integers(0, 9), reply=REPLIES)
    def reply(self, which: int, reply: str) -> None:
        """The server answers a message whose journal is written, late or not; or the worker dies there."""
        hold = self.sending.pop(which % len(self.sending))
        if reply in {"250", "take and drop"}:
            self.taken[hold.row.id] = self.taken.get(hold.row.id, 0) + 1
        outcomes: dict[str, Outcome] = {"250": Done("250"), "451": Retry("451"), "554": Failed("554")}
        if reply != "die":
            try:
                self.wait(hold.finish(outcomes.get(reply, Uncertain("?"))))
            except LostLease:
                return

    @precondition(lambda self: self.holds)
    @rule(refusal=st.sampled_from(["crash", "retry", "refused"]))
    def stop_before_the_journal(self, refusal: str) -> None:
        hold = self.holds.pop(0)
        if refusal != "crash":
            try:
                self.wait(hold.finish(Retry("450") if refusal == "retry" else Failed("550")))
            except LostLease:
                return

    @rule(seconds=st.sampled_from([1, int(OVER.total_seconds())]))
    def leases_end(self, seconds: int) -> None:
        past = utcnow() - timedelta(seconds=seconds)
        query = {"lease_until": {"$ne": None}}
        self.wait(self.parts.mongo.collection("outbox").update_many(query, {"$set": {"lease_until": past}}))

    @rule()
    def sweep(self) -> None:
        self.wait(self.relay.sweep())

    @rule()
    def everything_is_due(self) -> None:
        self.wait(self.parts.mongo.transaction(lambda tx: self.outbox.make_due(tx, ["b1"])))

    @rule(what=st.sampled_from(["cancel", "requeue"]))
    def a_person_moves_rows(self, what: str) -> None:
        move = self.outbox.cancel if what == "cancel" else self.outbox.requeue
        self.wait(self.parts.mongo.transaction(lambda tx: move(tx, ["b1"])))

    @rule(verdict=st.sampled_from(["evidence", "resend"]))
    def a_person_decides(self, verdict: str) -> None:
        for row in self.rows("uncertain")[:1]:
            evidence: Any = "sent" if self.taken.get(row.id, 0) > self.resent.get(row.id, 0) else "failed"
            try:
                said: Any = evidence if verdict == "evidence" else "resend"
                self.wait(self.outbox.resolve(self.parts.everyone, row.id, "ops@exemple.fr", said))
            except Conflict:
                continue
            if verdict == "resend":
                self.resent[row.id] = self.resent.get(row.id, 0) + 1

    @invariant()
    def promises_hold(self) -> None:
        rows = {row.id: row for row in self.rows()}
        assert set(rows) == self.known, "I1: no intent vanishes"
        paused = {hold.row.id for hold in self.sending}
        for row in rows.values():
            taken, resent = self.taken.get(row.id, 0), self.resent.get(row.id, 0)
            assert taken <= 1 + resent, "I2: never a second time by itself"
            if row.state == "sent":
                assert taken, "sent means accepted"
            if row.state in {*OPEN, "cancelled", "failed"} and row.phase != "data" and row.id not in paused:
                assert taken <= resent, "accepted, and in line again"
            if row.state == "leased":
                assert row.lease_until is not None and row.phase in {"claimed", "data"}, "I6: nothing is stuck"


@pytest.mark.parametrize(
    ("examples", "steps"), [(40, 30), pytest.param(5_000, 100, marks=[pytest.mark.long, pytest.mark.timeout(36_000)])]
)
def test_any_order_of_events_keeps_the_promises(settings: Settings, examples: int, steps: int) -> None:
    with asyncio.Runner() as runner:
        own = settings.model_copy(update={"db_name": f"{settings.db_name}_machine"})
        loop = runner.get_loop()
        parts = bootstrap.build(own)
        loop.run_until_complete(bootstrap.start(parts))
        OutboxMachine.parts, OutboxMachine.loop = parts, loop
        try:
            run_state_machine_as_test(OutboxMachine, settings=bounds(examples, steps))
        finally:
            loop.run_until_complete(parts.mongo.client.drop_database(own.db_name))
            loop.run_until_complete(bootstrap.stop(parts))


def bounds(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
