"""After a restoration: saying of a row that waits that it had left. Only while held, with its evidence, in the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.core.mongo import Doc
from tests.conftest import WEDNESDAY
from tests.support.departure import hand_over
from tests.support.people import headers
from tests.support.trade import Trade

Headers = dict[str, str]
NOTE = "Message-ID vu chez l'hébergeur"


@pytest_asyncio.fixture
async def boss(trade: Trade) -> Headers:
    return await headers(trade.parts, "ops", "ZR7")


@pytest_asyncio.fixture
async def row(trade: Trade) -> Doc:
    """A batch of two leads, put in line; then two hours pass."""
    await trade.buyer()
    await trade.lead()
    await trade.lead()
    await hand_over(trade)
    await later(trade, hours=2)
    return await trade.row("outbox", kind="email")


async def later(trade: Trade, **passed: float) -> None:
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(**passed))


async def mark(trade: Trade, who: Headers, row: Doc, **body: Any) -> httpx.Response:
    return await trade.http.post(f"/api/outbox/{row['_id']}/mark-sent", json={"note": NOTE} | body, headers=who)


async def test_a_row_is_marked_sent_and_its_deliveries_follow(trade: Trade, boss: Headers, row: Doc) -> None:
    assert (await mark(trade, boss, row)).status_code == 409, "not held: it is about to leave"
    await trade.parts.hold.restored("Base restaurée", "test")
    week_before = WEDNESDAY + timedelta(minutes=30)
    await later(trade, days=7)
    answer = await mark(trade, boss, row, sent_at=week_before.isoformat())
    assert answer.json() == {"success": True, "state": "sent"}
    deliveries = await trade.rows("deliveries")
    assert [(one["status"], one["outcome"], one["sent_week"]) for one in deliveries] == [
        ("sent", "accepted", "2026-W11")
    ] * 2
    assert {one["status"] for one in await trade.rows("leads")} == {"livre"}
    batch = await trade.row("delivery_batches")
    assert (batch["status"], batch["sent_at"]) == ("sent", week_before)
    client = await trade.row("clients")
    assert client["delivered_weeks"] == {"2026-W11": 2}
    event = await trade.row("event_log", action="outbox_marked_sent")
    assert event["details"] == {"note": NOTE, "sent_at": week_before.isoformat()} and event["user"] != "system"
    assert NOTE in (await trade.row("outbox", kind="email"))["answer"]
    assert (await mark(trade, boss, row)).status_code == 409
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"note": ""}, "note"),
        ({"note": " "}, "note"),
        ({"sent_at": (WEDNESDAY + timedelta(hours=5)).isoformat()}, "sent_at"),
        ({"sent_at": (WEDNESDAY - timedelta(days=1)).isoformat()}, "sent_at"),
        ({"sent_at": "2026-03-11T09:30:00"}, "sent_at"),
        ({"sent_at": "hier"}, "sent_at"),
        ({"sent_at": 1_773_200_000}, "sent_at"),
    ],
)
async def test_without_evidence_or_at_an_impossible_time_nothing_moves(
    trade: Trade, boss: Headers, row: Doc, body: dict[str, Any], field: str
) -> None:
    await trade.parts.hold.restored("Base restaurée", "test")
    answer = await mark(trade, boss, row, **body)
    assert answer.status_code == 422 and field in answer.json()["detail"], answer.text
    assert (await trade.row("outbox", kind="email"))["state"] == "pending"


async def test_only_what_may_have_left_is_marked(trade: Trade, boss: Headers, row: Doc) -> None:
    await trade.parts.hold.restored("Base restaurée", "test")
    await trade.buyer("Toiture du Nord", produit="PAC")
    await trade.lead(produit="PAC")
    await hand_over(trade)
    new = next(one for one in await trade.rows("outbox", kind="email") if one["_id"] != row["_id"])
    assert (await mark(trade, boss, new)).status_code == 409, "put in line since: it cannot have left"
    raw = trade.parts.mongo.collection("outbox")
    for state in ("leased", "failed", "dead", "uncertain", "cancelled"):
        await raw.update_one({"_id": row["_id"]}, {"$set": {"state": state}})
        assert (await mark(trade, boss, row)).status_code == 409, state
    await trade.parts.mongo.transaction(lambda tx: trade.parts.outbox.put_task(tx, "route_waiting", {}, entity="ZR7"))
    await raw.update_many({"channel": "tasks"}, {"$set": {"created_at": WEDNESDAY - timedelta(days=1)}})
    assert (await mark(trade, boss, await trade.row("outbox", channel="tasks", entity="ZR7"))).status_code == 409
    viewer = await headers(trade.parts, "viewer", "ZR7")
    assert (await mark(trade, viewer, row)).status_code == 403


async def test_the_list_of_what_may_have_left_is_read_by_its_entity(trade: Trade, boss: Headers, row: Doc) -> None:
    async def told(who: Headers) -> tuple[bool, list[str]]:
        body = (await trade.http.get("/api/outbox/reconciliation", headers=who)).json()
        assert body["count"] == body["total"] == len(body["rows"])
        return body["hold"]["held"], [one["id"] for one in body["rows"]]

    other = await headers(trade.parts, "ops", "MDL")
    assert await told(boss) == (False, []), "nothing to compare: what waits is about to leave"
    since = (await trade.parts.hold.restored("Base restaurée", "test")).since
    assert await told(boss) == (True, [row["_id"]]) and await told(other) == (True, [])
    state = (await trade.http.get("/api/system/hold", headers=boss)).json()
    assert (state["held"], state["by"], state["reason"]) == (True, "test", "Base restaurée")
    assert datetime.fromisoformat(state["since"]) == since
    await trade.parts.hold.release("test")
    assert (await trade.http.get("/api/system/hold", headers=boss)).json() == {
        "held": False, "reason": "", "since": None, "by": "",
    }  # fmt: skip
