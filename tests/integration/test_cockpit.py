"""The Cockpit's lines: what money asks of a person, what the week is worth, who takes care of what."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from backend.providers.models import NewProvider
from tests.support.departure import leave, settle
from tests.support.desk import Desk
from tests.support.money import priced
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade


async def desk(trade: Trade, role: str = "admin", entity: str = "ZR7") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), "/api")


async def cockpit(at: Desk) -> dict[str, Any]:
    answer = await at.get("/cockpit")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["failed"] == []
    return told


async def told_whole(at: Desk) -> set[str]:
    """The tiles that tell what last week came to."""
    return {one["name"] for one in (await cockpit(at))["tiles"] if one["before_whole"] is not None}


async def lines(at: Desk, kind: str) -> list[dict[str, Any]]:
    return [one for one in (await cockpit(at))["todo"] if one["kind"] == kind]


async def test_what_money_asks_for_is_shown_to_who_sees_money(trade: Trade) -> None:
    client, _ = await trade.buyer("Sans prix")
    paid, _ = await trade.buyer("Paye avant", produit="PAC")
    await priced(trade, paid, produit="PAC", mode="PREPAID", units=4)
    admin, ops = await desk(trade), await desk(trade, "ops")
    missing = await lines(admin, "price_missing")
    assert [(one["client_id"], one["target"]) for one in missing] == [(client.id, "PV")]
    assert [(one["client_id"], one["count"]) for one in await lines(admin, "prepaid_low")] == [(paid.id, 4)]
    assert await lines(ops, "price_missing") == await lines(ops, "prepaid_low") == []
    assert "revenue" in (await cockpit(ops))["hidden"]


async def test_the_week_is_worth_what_was_sent_less_what_was_taken_back(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        client, _ = await trade.buyer()
        await priced(trade, client, "25.00")
        for _ in range(3):
            await trade.lead()
        await leave(trade)
        admin = await desk(trade)
        assert (await cockpit(admin))["revenue"] == {"now": "75.00", "before": "0.00", "before_whole": "0.00"}
        one = await trade.row("deliveries", status="sent")
        await admin.post(f"/deliveries/{one['id']}/reject-leads", {"reason": "injoignable"})
        assert Decimal((await cockpit(admin))["revenue"]["now"]) == 50
        await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 18, 10, 0, tzinfo=UTC))
        told = (await cockpit(admin))["revenue"]
        assert (told["now"], told["before_whole"]) == ("0.00", "50.00")


async def test_a_band_follows_the_day_of_its_entity(trade: Trade) -> None:
    parts, admin = trade.parts, await desk(trade)

    async def band(day: int = 0, hour: int = 0, minute: int = 0) -> dict[str, Any]:
        if day:
            await parts.clock.move_to(parts.mongo, datetime(2026, 3, day, hour, minute, tzinfo=UTC))
        (one,) = (await cockpit(admin))["bands"]
        return dict(one)

    async with mail_server() as server:
        server.serve(parts)
        await parts.jobs.installed_at()
        await trade.buyer("Un", quota_semaine=2)
        await trade.buyer("Deux")
        for _ in range(3):
            await trade.lead()
        (pv,) = (await cockpit(admin))["orders"]
        assert pv == {"produit": "PV", "taken": 2, "quota": 2, "unlimited": 1, "unlimited_taken": 1}
        before = await band()
        assert (before["state"], before["waiting"], before["clients"]) == ("ready", 3, 2)
        assert before["leaves_at"] == "2026-03-12T08:30:00Z"
        late = await band(12, 8, 42)
        assert (late["state"], late["late_min"], late["due_at"]) == ("late", 12, "2026-03-12T08:30:00Z")
        assert await told_whole(admin) == {"leads_received", "leads_assigned", "sent"}
        assert await parts.jobs.ensure_due()
        assert await told_whole(admin) == set(), "the first delivery of the week has ended"
        going = await band()
        assert (going["state"], going["lots"]["done"], going["lots"]["total"]) == ("sending", 0, 2)
        await parts.outbox.pause("smtp:ZR7", "mot de passe refusé", "test")
        stopped = await band()
        assert (stopped["state"], stopped["channel_reason"]) == ("stopped", "mot de passe refusé")
        await parts.outbox.resume("smtp:ZR7", "test")
        await parts.hold.hold("doute sur la base", "test")
        held = await band()
        assert (held["state"], held["held_reason"]) == ("held", "doute sur la base")
        await parts.hold.release("test")
        await settle(trade)
        done = await band()
        assert (done["state"], done["sent"], done["sent_clients"], done["lots"]["failed"]) == ("done", 3, 2, 0)
        assert done["done_at"] and (done["due_at"], done["leaves_at"]) == (
            "2026-03-12T08:30:00Z",
            "2026-03-13T08:30:00Z",
        )
        closed = await band(14, 11, 0)
        assert (closed["state"], closed["leaves_at"]) == ("closed", "2026-03-16T08:30:00Z")
        assert closed["closed_reason"]


async def test_what_clients_refused_in_seven_days_is_counted_when_they_refused_it(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        await trade.buyer()
        for _ in range(2):
            await trade.lead()
        await leave(trade)
    admin, rows = await desk(trade), await trade.rows("deliveries", status="sent")

    async def refused() -> tuple[int, int]:
        (tile,) = [one for one in (await cockpit(admin))["tiles"] if one["name"] == "rejected"]
        return tile["now"], tile["before"]

    await admin.post(f"/deliveries/{rows[0]['id']}/reject-leads", {"reason": "injoignable"})
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 17, 9, 30, tzinfo=UTC))
    await admin.post(f"/deliveries/{rows[1]['id']}/reject-leads", {"reason": "injoignable"})
    assert await refused() == (2, 0)
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 19, 9, 30, tzinfo=UTC))
    assert await refused() == (1, 1)
    window = {"rejected_from": "2026-03-12T09:30:00Z", "rejected_to": "2026-03-19T09:30:00Z"}
    assert [one["id"] for one in (await admin.get("/deliveries", **window)).json()["deliveries"]] == [rows[1]["id"]]


async def test_sources_are_ranked_once_they_sent_enough(trade: Trade) -> None:
    await trade.buyer()
    for _ in range(5):
        await trade.lead(utm_source="bon")
        await trade.lead(utm_source="mauvais", phone="0000")
    await trade.lead(utm_source="rare")
    told = (await cockpit(await desk(trade, "viewer")))["sources"]
    assert [(one["source"], one["total"], one["delivered"]) for one in told["best"]] == [
        ("bon", 5, 5),
        ("mauvais", 5, 0),
    ]
    assert (told["worst"], told["unranked"], told["at_least"]) == ([], 1, 5)


async def test_what_left_is_told_by_day_and_by_produit_against_the_week_before(trade: Trade) -> None:
    async with mail_server() as server:
        server.serve(trade.parts)
        await trade.buyer()
        await trade.buyer("Pompes", produit="PAC")
        for produit in ("PV", "PV", "PAC"):
            await trade.lead(produit=produit)
        await leave(trade)
        await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 18, 22, 0, tzinfo=UTC))
        await trade.lead()
        await leave(trade)
    admin = await desk(trade)
    wednesday, thursday = (await cockpit(admin))["sent_by_day"][2:4]
    assert wednesday == {
        "day": "2026-03-18", "sent": 1, "before": 3, "before_so_far": 3,
        "by_produit": {
            "PV": {"sent": 1, "before": 2, "before_so_far": 2},
            "PAC": {"sent": 0, "before": 1, "before_so_far": 1},
        },
    }  # fmt: skip
    assert (thursday["sent"], thursday["before"]) == (None, 0)
    told = await admin.get("/cockpit", week="2026-W11")
    last = told.json()["sent_by_day"]
    assert [one["sent"] for one in last] == [0, 0, 3, 0, 0, 0, 0]
    assert {one["before_so_far"] for one in last} == {None}, "a past week is compared whole"


async def test_a_provider_who_sends_no_more_is_noticed(trade: Trade) -> None:
    body = NewProvider(name="Leads du Sud", slug="leads-du-sud", entity="ZR7")
    _, key = await trade.parts.providers.create("ZR7", body, "test")
    await trade.submit({"Authorization": f"Bearer {key}"})
    admin = await desk(trade)
    assert await lines(admin, "provider_silent") == []
    await trade.parts.clock.move_to(trade.parts.mongo, datetime(2026, 3, 14, 10, 0, tzinfo=UTC))
    assert [one["names"] for one in await lines(admin, "provider_silent")] == [["Leads du Sud"]]


async def test_the_team_sees_who_takes_care_of_a_line(trade: Trade) -> None:
    lead = await trade.lead(produit="ITE")
    ops, admin, viewer = await desk(trade, "ops"), await desk(trade), await desk(trade, "viewer")
    (line,) = await lines(ops, "leads_waiting")
    assert line["claim"] is None
    taken = await ops.post("/cockpit/claims", {"key": line["key"]})
    assert taken.status_code == 200, taken.text
    (seen,) = await lines(admin, "leads_waiting")
    assert (seen["claim"]["by"], seen["claim"]["name"]) == ("ops.zr7@exemple.fr", taken.json()["claim"]["name"])
    await trade.lead(produit="ITE")
    (more,) = await lines(admin, "leads_waiting")
    assert (more["count"], more["claim"]) == (2, seen["claim"])
    await admin.ask("DELETE", "/cockpit/claims", key=line["key"])
    (free,) = await lines(ops, "leads_waiting")
    assert free["claim"] is None
    told = await cockpit(admin)
    assert datetime.fromisoformat(told["waiting"][0]["oldest"]) == lead["created_at"]
    assert (await viewer.post("/cockpit/claims", {"key": line["key"]})).status_code == 403
    other = await desk(trade, "ops", "MDL")
    assert (await other.post("/cockpit/claims", {"key": line["key"]})).status_code == 403
    assert (await ops.post("/cockpit/claims", {"key": "tout"})).status_code == 422
    events = await trade.rows("event_log", entity_type="todo")
    assert sorted(one["action"] for one in events) == ["todo_claimed", "todo_released"]
