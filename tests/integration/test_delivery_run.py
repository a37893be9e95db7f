"""Who will receive what at the next delivery, and a client kept out of it for a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import AsyncMock

import pytest

from backend.clients.models import CrmBody
from backend.core.mongo import Doc
from tests.support.departure import settle
from tests.support.desk import Desk
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade

PREVIEW = "/delivery-run/preview"


async def desk(trade: Trade, role: str = "ops", entity: str = "ZR7") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), "/api")


async def at(trade: Trade, day: int, hour: int, minute: int) -> None:
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, day, hour, minute, tzinfo=UTC))


async def run(trade: Trade) -> Doc:
    slot = await trade.parts.jobs.run_and_wait("daily_delivery", "test")
    assert slot.state == "success", slot.error
    await settle(trade)
    return await trade.row("delivery_reports", slot=slot.id)


async def preview(at_desk: Desk) -> dict[str, Any]:
    answer = await at_desk.get(PREVIEW)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_the_preview_says_what_the_run_then_does(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        await trade.buyer("Un", quota_semaine=2, priorite=1)
        by_hand = await trade.client("Deux", auto_send_enabled=False)
        await trade.commande(by_hand, quota_semaine=1, priorite=2)
        paused, order = await trade.buyer("Trois", quota_semaine=1, priorite=3)
        for _ in range(5):
            await trade.lead()
        block = CrmBody(client_status="Blocked")
        await trade.parts.clients.update_crm(trade.parts.everyone, paused.id, block, "test")
        told = await preview(await desk(trade))
        assert (told["leads_now"], told["clients_now"]) == (2, 1)
        lines = {one["client_name"]: one for one in told["clients"]}
        assert {name: (one["leads"], one["leaving"]) for name, one in lines.items()} == {
            "Un": (2, 2), "Deux": (1, 0), "Trois": (1, 0)
        }  # fmt: skip
        assert lines["Un"]["recipients"] == ["un@zr7-buyers.fr"]
        reasons = {name: one["lots"][0]["reason"] for name, one in lines.items()}
        assert reasons == {"Un": "", "Deux": "auto_send_off", "Trois": "client_blocked"}
        (own,) = told["entities"]
        assert (own["entity"], own["day"], own["leads"], own["clients"]) == ("ZR7", "2026-03-12", 2, 1)
        assert (own["held"], own["waiting"], len(own["calendar"]["ahead"])) == (2, 1, 14)
        assert order.id in {lot["commande_id"] for lot in lines["Trois"]["lots"]}
        await at(trade, 12, 8, 30)
        report = await run(trade)
        assert report["entities"]["ZR7"]["handed_over"] == 2
        assert {message.to for message in server.messages} == {"un@zr7-buyers.fr"}


async def test_a_lead_without_the_proof_that_is_required_does_not_leave(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    await trade.buyer("Un")
    await trade.lead()
    seen = await trade.parts.parametres.current()
    for code, leaving in (("ZR7", 0), ("MDL", 1)):
        strict = AsyncMock(return_value=replace(seen, consent={code: "require"}))
        monkeypatch.setattr(trade.parts.parametres, "current", strict)
        told = await preview(await desk(trade))
        assert [one["leaving"] for one in told["clients"]] == [leaving]


async def test_a_suspended_client_keeps_its_leads_ready_until_midnight(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        kept, _ = await trade.buyer("Un", quota_semaine=1, priorite=1)
        await trade.buyer("Deux", quota_semaine=1, priorite=2)
        await trade.lead()
        await trade.lead()
        ops = await desk(trade)
        saved = await ops.post(f"/clients/{kept.id}/suspension", {"reason": "Congés"})
        assert saved.json()["suspension"]["through"] == "2026-03-12"
        told = await preview(ops)
        line = next(one for one in told["clients"] if one["client_id"] == kept.id)
        assert (line["leaving"], line["lots"][0]["reason"], line["suspension"]["reason"]) == (
            0, "client_suspended", "Congés"
        )  # fmt: skip
        await at(trade, 12, 8, 30)
        report = await run(trade)
        assert (report["entities"]["ZR7"]["handed_over"], report["entities"]["ZR7"]["suspended"]) == (1, 1)
        waiting = await trade.row("deliveries", client_id=kept.id)
        assert (waiting["status"], waiting["csv_filename"] is not None) == ("ready_to_send", True)
        refused = await ops.post(f"/deliveries/{waiting['id']}/send")
        assert (refused.status_code, refused.json()["error"]) == (409, "client_suspended")
        shown = (await ops.get(f"/clients/{kept.id}")).json()["client"]
        assert (shown["suspension"]["reason"], shown["active"]) == ("Congés", True)
        await at(trade, 13, 8, 30)
        assert (await ops.get(f"/clients/{kept.id}")).json()["client"]["suspension"] is None
        await run(trade)
        assert sorted(message.to for message in server.messages) == ["deux@zr7-buyers.fr", "un@zr7-buyers.fr"]
        told_events = await trade.rows("event_log", entity_id=kept.id, action="client_suspended")
        assert [one["details"]["new"]["suspended"]["through"] for one in told_events] == ["2026-03-12"]


async def test_what_was_refused_before_is_not_tried_again_while_suspended(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        kept, _ = await trade.buyer("Un")
        await trade.lead()
        server.refuse("RCPT", "554 5.7.1 policy", times=1)
        await at(trade, 12, 8, 30)
        await run(trade)
        assert (await trade.row("deliveries", client_id=kept.id))["status"] == "failed"
        ops = await desk(trade)
        await ops.post(f"/clients/{kept.id}/suspension")
        report = await run(trade)
        assert report["entities"]["ZR7"]["revived"] == 0
        resumed = await ops.ask("DELETE", f"/clients/{kept.id}/suspension")
        assert (resumed.status_code, resumed.json()["suspension"]) == (200, None)
        assert (await run(trade))["entities"]["ZR7"]["revived"] == 1


async def test_a_client_back_before_the_hour_leaves_with_the_others(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        kept, _ = await trade.buyer("Un")
        await trade.lead()
        ops = await desk(trade)
        await ops.post(f"/clients/{kept.id}/suspension")
        await ops.ask("DELETE", f"/clients/{kept.id}/suspension")
        await at(trade, 12, 8, 30)
        assert (await run(trade))["entities"]["ZR7"]["handed_over"] == 1


async def test_nothing_is_suspended_when_no_day_opens(trade: Trade) -> None:
    client, _ = await trade.buyer("Un")
    admin = await desk(trade, "admin")
    closed = await admin.put("/settings/delivery-calendar", {"enabled_days": []})
    assert closed.status_code == 200, closed.text
    answer = await admin.post(f"/clients/{client.id}/suspension")
    assert answer.status_code == 409


async def test_each_company_sees_its_own(trade: Trade) -> None:
    await trade.buyer("Maison Verte", "MDL")
    await trade.lead(entity="MDL")
    told = await preview(await desk(trade))
    assert (told["clients"], [one["entity"] for one in told["entities"]]) == ([], ["ZR7"])
