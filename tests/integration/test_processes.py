"""The guarantees across processes: they live in the base, not in a server's memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from tests.support.servers import several
from tests.support.trade import Trade, phone


async def test_one_phone_reaches_one_client_once_from_three_processes(
    trade: Trade, environ: dict[str, str], tmp_path: Path
) -> None:
    client, commande = await trade.buyer(quota_semaine=100)
    number = phone()
    body = {"phone": number, "nom": "Durand", "departement": "75", "entity": "ZR7", "produit": "PV"}
    async with several(3, environ, tmp_path) as urls, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        answers = await asyncio.gather(
            *(http.post(f"{urls[n % 3]}/api/public/leads", json=body | {"prenom": str(n)}) for n in range(48))
        )
    assert {answer.status_code for answer in answers} == {201}
    deliveries = await trade.rows("deliveries", client_id=client.id)
    assert len(deliveries) == 1
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 1
    assert len(await trade.rows("leads")) == 48
    statuses = sorted(answer.json()["status"] for answer in answers)
    assert statuses.count("routed") == 1 and set(statuses) <= {"routed", "duplicate", "new"}
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


async def test_a_quota_holds_across_three_processes(trade: Trade, environ: dict[str, str], tmp_path: Path) -> None:
    _, commande = await trade.buyer(quota_semaine=10)
    body = {"nom": "Durand", "departement": "75", "entity": "ZR7", "produit": "PV"}
    async with several(3, environ, tmp_path) as urls, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        answers = await asyncio.gather(
            *(http.post(f"{urls[n % 3]}/api/public/leads", json=body | {"phone": phone()}) for n in range(60))
        )
    assert {answer.status_code for answer in answers} == {201}
    await trade.parts.leads.route_waiting({})
    assert len(await trade.rows("deliveries")) == 10
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 10
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]
