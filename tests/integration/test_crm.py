"""The companies' own CRMs: told of each lead sold, once; never the proof of a delivery, never in its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from backend.channels.http_push.models import Destination
from backend.crm.service import destination
from tests.support.buyer_api import Behaviour, BuyerApi, buyer_api
from tests.support.departure import hand_over, leave, settle
from tests.support.people import headers
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        yield server


@pytest_asyncio.fixture
async def crm(trade: Trade) -> AsyncIterator[BuyerApi]:
    """ZR7 has a CRM, MDL none."""
    crms = trade.parts.crm.crms
    usual = dict(crms)
    async with buyer_api() as api:
        crms["ZR7"] = destination(api.url, "clef-zr7")
        yield api
    crms.update(usual)


async def states(trade: Trade) -> list[str]:
    return sorted(row["state"] for row in await trade.rows("outbox", kind="crm"))


async def test_each_lead_sold_is_told_once_to_the_company_that_sold_it(
    trade: Trade, mail: MailServer, crm: BuyerApi
) -> None:
    client, _ = await trade.buyer()
    await trade.buyer("Autre", "MDL", produit="PAC")
    sold = [await trade.lead(nom=nom) for nom in ("Durand", "Martin")]
    await trade.lead(produit="PAC", entity="MDL")
    assert await states(trade) == []
    await leave(trade)
    assert len(mail.messages) == 2 and await states(trade) == ["sent", "sent"]
    assert sorted(call.json["nom"] for call in crm.calls) == ["Durand", "Martin"]
    told = next(call for call in crm.calls if call.json["nom"] == "Durand")
    made = await trade.row("deliveries", lead_id=sold[0]["id"])
    assert told.headers["authorization"] == "Bearer clef-zr7" and told.key == f"crm:{made['id']}"
    assert (told.json["client"], told.json["entity"], told.json["date"]) == (client.name, "ZR7", "2026-03-11")
    assert (told.json["phone"], told.json["lead_id"]) == (sold[0]["phone"], sold[0]["id"])
    ids = [one["id"] for one in await trade.rows("deliveries", entity="ZR7")]
    assert await asyncio.gather(*(trade.parts.crm.put(ids) for _ in range(3))) == [0, 0, 0], "done again, nothing new"
    assert len(await trade.rows("outbox", kind="crm")) == 2


async def test_put_by_several_at_once_it_is_put_once(trade: Trade, mail: MailServer, crm: BuyerApi) -> None:
    await trade.buyer()
    await trade.lead()
    await leave(trade)
    await trade.parts.mongo.collection("outbox").delete_many({"kind": "crm"})
    ids = [one["id"] for one in await trade.rows("deliveries")]
    assert sorted(await asyncio.gather(*(trade.parts.crm.put(ids) for _ in range(4)))) == [0, 0, 0, 1]


async def test_a_crm_that_refuses_or_is_silent_changes_no_delivery(
    trade: Trade, mail: MailServer, crm: BuyerApi
) -> None:
    await trade.buyer()
    for nom in ("Refus", "Silence", "Connu"):
        await trade.lead(nom=nom)
    answers: dict[str, Behaviour] = {"Refus": (400, "non", {}), "Silence": "drop", "Connu": (409, "déjà", {})}
    crm.answer = lambda call: answers[call.json["nom"]]
    await leave(trade)
    assert await states(trade) == ["failed", "sent", "uncertain"]
    assert {one["status"] for one in await trade.rows("deliveries")} == {"sent"}
    assert {one["status"] for one in await trade.rows("delivery_batches")} == {"sent"}
    admin = await headers(trade.parts, "admin", "ZR7")
    module = (await trade.http.get("/api/system/health", headers=admin)).json()["modules"]["crm"]
    assert module["status"] == "warning"
    assert module["entities"] == {"ZR7": {"enabled": True, "pending": 0, "uncertain": 1, "failed": 1, "dead": 0}}


async def test_its_channel_is_paused_alone(trade: Trade, mail: MailServer, crm: BuyerApi) -> None:
    admin = await headers(trade.parts, "admin", "ZR7")
    path = "/api/outbox/channels/crm:ZR7"
    paused = await trade.http.post(f"{path}/pause", json={"reason": "maintenance"}, headers=admin)
    assert paused.status_code == 200, paused.text
    await trade.buyer()
    await trade.lead()
    await leave(trade)
    assert len(mail.messages) == 1 and not crm.calls and await states(trade) == ["pending"]
    assert (await trade.row("deliveries"))["status"] == "sent"
    await trade.http.post(f"{path}/resume", headers=admin)
    await settle(trade)
    assert await states(trade) == ["sent"] and len(crm.calls) == 1


async def test_without_an_address_nothing_is_put_and_what_waited_goes_nowhere(
    trade: Trade, mail: MailServer, crm: BuyerApi
) -> None:
    await trade.buyer()
    await trade.lead()
    await hand_over(trade)
    trade.parts.crm.crms["ZR7"] = None
    await settle(trade)
    assert await trade.rows("outbox", kind={"$in": ["crm", "tell_crm"]}) == []
    await trade.parts.crm.put([(await trade.row("deliveries"))["id"]])
    await settle(trade)
    assert await states(trade) == ["failed"] and not crm.calls


async def test_it_may_not_make_us_call_inside(trade: Trade, mail: MailServer, crm: BuyerApi) -> None:
    """The guard of every call: asked by the check before a deployment, and at the call itself."""
    parts = trade.parts
    parts.crm.crms["ZR7"] = Destination("https://10.0.0.7/leads")
    assert "internet public" in (await parts.crm.refusal("ZR7") or "")
    assert await parts.crm.refusal("MDL") is None
    await trade.buyer()
    await trade.lead()
    await leave(trade)
    assert (await trade.row("outbox_attempts", kind="crm"))["code"] == "address_refused"
    assert (await trade.row("deliveries"))["status"] == "sent"
