"""Test 32 of reliability.md: an hour-old backup restored under traffic. Held, nothing sent again, the list complete."""

from __future__ import annotations

import asyncio
import csv
import os
import subprocess
import sysconfig
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from backend import bootstrap
from backend.server import create_app
from backend.settings import load
from tests.support.departure import hand_over, settle
from tests.support.outbox import eventually, relaying
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

_RDZ = str(Path(sysconfig.get_path("scripts")) / "rdz")
OPEN = {"pending", "leased", "uncertain"}


async def rdz(environ: dict[str, str], *words: str) -> None:
    done = await asyncio.to_thread(
        subprocess.run, [_RDZ, *words], env={**os.environ, **environ}, capture_output=True, text=True, check=False,
        timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@asynccontextmanager
async def restored(environ: dict[str, str], file: Path) -> AsyncIterator[Trade]:
    """The house as it was, on a base of its own; its clock starts where that of the backup stood."""
    settings = load(environ)
    await rdz(environ, "restore", str(file))
    parts = bootstrap.build(settings)
    await bootstrap.start(parts)
    try:
        transport = httpx.ASGITransport(create_app(parts=parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
            yield Trade(parts, http)
    finally:
        await parts.mongo.client.drop_database(settings.db_name)
        await bootstrap.stop(parts)


def taken(mail: MailServer) -> Counter[str]:
    """Message-ID -> how many times the server took it."""
    return Counter(str(one.message["Message-ID"]) for one in mail.messages)


async def orders(trade: Trade, name: str, number: int) -> None:
    """That many batches of one lead, each to a buyer of its own."""
    for n in range(number):
        await trade.buyer(f"{name} {n}", quota_semaine=1)
        await trade.lead()
    await hand_over(trade)


async def lived(trade: Trade, environ: dict[str, str], mail: MailServer, file: Path) -> set[str]:
    """A house at work: some sent, one uncertain, some waiting when it is saved, all gone since, and others after them.

    Answers the rows that had not ended when it was saved.
    """
    await orders(trade, "Avant", 2)
    await settle(trade)
    mail.fault("drop_after")
    await orders(trade, "Douteux", 1)
    await settle(trade)
    await orders(trade, "Pendant", 3)
    await rdz(environ, "backup", str(file))
    waiting = {row["_id"] for row in await trade.rows("outbox", kind="email") if row["state"] in OPEN}
    assert len(waiting) == 4
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(hours=1))
    await settle(trade)
    await orders(trade, "Ensuite", 2)
    await settle(trade)
    return waiting


async def test_an_hour_old_backup_restored_under_traffic_sends_nothing_again(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "rdz.bak"
    elsewhere = {**environ, "DB_NAME": f"{environ['DB_NAME']}_an_hour_ago"}
    async with mail_server() as mail:
        mail.serve(trade.parts)
        waiting = await lived(trade, environ, mail, file)
        before = taken(mail)
        async with restored(elsewhere, file) as again:
            mail.serve(again.parts)
            assert await again.parts.hold.is_held()
            async with relaying(again.parts.outbox):
                await orders(again, "Nouveau", 2)
                await again.parts.outbox.mongo.transaction(
                    lambda tx: again.parts.outbox.put_task(tx, "route_waiting", {"reason": "essai"})
                )
                await eventually(lambda: _task_done(again))
                assert taken(mail) == before, "automatic sends while held: 0"
            await listed(again, waiting, file)
            await reconciled(again, mail)
            await again.parts.hold.release("test")
            await settle(again)
            assert max(taken(mail).values()) == 1
            assert len(taken(mail)) == len(before) + 2
            assert {row["state"] for row in await again.rows("outbox", kind="email")} == {"sent"}
            assert not [check for check in await again.parts.monitoring.invariants() if check.count]


async def _task_done(trade: Trade) -> bool:
    return await trade.parts.mongo.collection("outbox").count_documents({"channel": "tasks", "state": "sent"}) >= 1


async def listed(trade: Trade, waiting: set[str], file: Path) -> None:
    """The file written by the restoration and the list over HTTP name the same rows: all that had not ended."""
    boss = await headers(trade.parts, "super_admin")
    told = (await trade.http.get("/api/outbox/reconciliation", headers=boss)).json()
    assert {row["id"] for row in told["rows"]} == waiting
    assert told["hold"]["held"] and told["hold"]["reason"].startswith("Base restaurée")
    with file.with_name("rdz.bak.rapprochement.csv").open() as lines:
        assert {line["id"] for line in csv.DictReader(lines)} == waiting


async def reconciled(trade: Trade, mail: MailServer) -> None:
    """What the mail server's log shows as taken is said to be sent, when it was; the log is the evidence."""
    boss = await headers(trade.parts, "super_admin")
    known = taken(mail)
    body: dict[str, Any] = (await trade.http.get("/api/outbox/reconciliation", headers=boss)).json()
    for row in body["rows"]:
        assert known[row["message_id"]] == 1
        path = f"/api/outbox/{row['id']}"
        if row["state"] == "uncertain":
            answer = await trade.http.post(f"{path}/resolve", headers=boss, json={"verdict": "sent", "note": "journal"})
        else:
            answer = await trade.http.post(f"{path}/mark-sent", headers=boss, json={"note": "vu au journal"})
        assert answer.status_code == 200, answer.text
    assert (await trade.http.get("/api/outbox/reconciliation", headers=boss)).json()["rows"] == []
