"""Separate processes: servers that only answer, workers that only send, sharing nothing but the base."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from configparser import RawConfigParser
from pathlib import Path

import httpx
import pytest

from tests.architecture.source import ROOT
from tests.support.outbox import eventually
from tests.support.servers import several, workers
from tests.support.smtp import mail_server
from tests.support.trade import Trade, phone

LEADS, BUYERS = 100, 20


@pytest.mark.timeout(600)
async def test_two_servers_and_two_workers_send_each_lead_once(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    """One worker is asked to stop while it sends: it finishes what it holds, the other does the rest."""
    for n in range(BUYERS):
        await trade.buyer(f"Acheteur {n}", quota_semaine=LEADS // BUYERS)
    body = {"nom": "Durand", "departement": "75", "entity": "ZR7", "produit": "PV"}
    async with mail_server() as server:
        post = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_SECURITY": "none"}
        env = {**environ, **{f"{code}_{name}": value for code in ("ZR7", "MDL") for name, value in post.items()}}
        with workers(2, env, tmp_path) as (first, second):
            async with several(2, env, tmp_path) as urls, httpx.AsyncClient(trust_env=False, timeout=60) as http:
                await eventually(lambda: alive(trade, 4), 90)
                wanted = [http.post(f"{urls[n % 2]}/api/public/leads", json=body | {"phone": phone()})
                          for n in range(LEADS)]  # fmt: skip
                assert {answer.status_code for answer in await asyncio.gather(*wanted)} == {201}
                await trade.parts.jobs.run_now("daily_delivery", "ops@exemple.fr")
                await eventually(lambda: sent(trade, 2), 90)
                first.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(first.wait, 60) == 0
                await eventually(lambda: alive(trade, 3))
                await eventually(lambda: sent(trade, BUYERS), 90)
                second.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(second.wait, 60) == 0
        left = [
            line for mail in server.messages for file in mail.attachments.values() for line in file.splitlines()[1:]
        ]
        assert len(server.messages) == BUYERS and len(left) == len(set(left)) == LEADS
    states = Counter(row["state"] for row in await trade.rows("outbox", kind="email"))
    assert states == {"sent": BUYERS}
    deliveries = await trade.rows("deliveries")
    assert Counter(one["status"] for one in deliveries) == {"sent": LEADS}
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


async def alive(trade: Trade, number: int) -> bool:
    return len(await trade.parts.system.alive_instances()) == number


async def sent(trade: Trade, at_least: int) -> bool:
    done = await trade.parts.mongo.collection("outbox").count_documents({"kind": "email", "state": "sent"})
    return done >= at_least


def config(name: str) -> RawConfigParser:
    read = RawConfigParser(inline_comment_prefixes=None, comment_prefixes=(";",))
    read.read_string((ROOT / name).read_text())
    return read


def test_the_split_profile_is_the_whole_one_with_the_worker_apart() -> None:
    whole, split = config("supervisord.conf"), config("supervisord.split.conf")
    assert set(split.sections()) - set(whole.sections()) == {"program:worker"}
    for section in set(whole.sections()) - {"program:backend"}:
        assert dict(whole[section]) == dict(split[section]), section
    assert split["program:backend"]["environment"] == 'RUN_WORKER="false",RUN_SCHEDULER="false"'
    assert split["program:worker"]["environment"] == whole["program:backend"]["environment"]
    assert split["program:worker"]["command"] == "rdz worker"
    assert split["program:worker"]["stopwaitsecs"] == split["program:backend"]["stopwaitsecs"] == "70"
