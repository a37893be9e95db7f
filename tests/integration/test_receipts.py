"""The proof of a delivery: manifest, hash, file, and what the recipient's server said."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support.departure import leave
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


async def test_a_batch_proves_what_left_and_who_took_it(trade: Trade, mail: MailServer) -> None:
    viewer = await headers(trade.parts, "viewer", "ZR7")
    client, _ = await trade.buyer()
    await trade.lead()
    await trade.lead()
    await leave(trade)
    listed = (await trade.http.get("/api/batches", params={"client_id": client.id}, headers=viewer)).json()
    [manifest] = listed["batches"]
    assert (manifest["lead_count"], manifest["status"], "csv" in manifest) == (2, "sent", False)

    proof = (await trade.http.get(f"/api/batches/{manifest['id']}", headers=viewer)).json()
    [sending] = proof["sendings"]
    assert (sending["to"], sending["state"], sending["answer"]) == (client.email, "sent", "250 2.0.0 taken")
    assert [attempt["outcome"] for attempt in sending["attempts"]] == ["sent"]
    assert len(proof["batch"]["delivery_ids"]) == 2

    file = await trade.http.get(f"/api/batches/{manifest['id']}/download", headers=viewer)
    assert hashlib.sha256(file.content).hexdigest() == manifest["csv_sha256"]
    assert mail.messages[0].attachments == {manifest["csv_filename"]: file.content}


async def test_the_list_narrows(trade: Trade, mail: MailServer) -> None:
    viewer = await headers(trade.parts, "viewer", "ZR7")
    await trade.buyer()
    await trade.lead()
    await leave(trade)
    for params, total in (
        ({"status": "sent", "day": "2026-03-11"}, 1),
        ({"status": "failed"}, 0),
        ({"day": "2026-03-10"}, 0),
        ({"client_id": "nobody"}, 0),
    ):
        assert (await trade.http.get("/api/batches", params=params, headers=viewer)).json()["total"] == total
    assert (await trade.http.get("/api/batches", params={"day": "demain"}, headers=viewer)).status_code == 422
