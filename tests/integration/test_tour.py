"""The demonstration's ten visits: the story each tells, and what the server confirms of it."""

from __future__ import annotations

from typing import Any

import pytest_asyncio

from backend.cli.seed import plant
from backend.cli.tour import VISITS, plant_tour
from backend.core import weeks
from tests.support.departure import settle
from tests.support.desk import Desk
from tests.support.outbox import relaying
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture
async def shown(trade: Trade) -> Any:
    """The demonstration base, as `make run` leaves it."""
    async with mail_server() as server:
        server.serve(trade.parts)
        await plant(trade.parts)
        async with relaying(trade.parts.outbox):
            assert await plant_tour(trade.parts, follow_s=0)
        yield trade


async def desk(trade: Trade, role: str = "admin", entity: str = "ZR7") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), "/api")


async def told(at: Desk, number: int = 1) -> dict[str, Any]:
    answer = await at.get("/tour", number=number)
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


async def test_each_visit_has_a_lead_sold_last_week_and_three_refusals_of_three_kinds(shown: Trade) -> None:
    admin = await desk(shown)
    for number, (nom, _, phone, _, agency) in enumerate(VISITS, 1):
        state = await told(admin, number)
        assert (state["phone"], state["client_name"], state["week"]) == (phone, agency, "2026-W10")
        lead = (await admin.get(f"/leads/{state['lead_id']}")).json()
        assert (lead["nom"], lead["status"], lead["delivery_client_name"]) == (nom, "livre", agency)
        assert sorted(one["reason"] for one in lead["considered"]) == [
            "already_had_it", "chosen", "not_covered", "quota_full"
        ]  # fmt: skip
        assert lead["deliveries"][0]["last_sent_at"].startswith("2026-03-08")
    assert [check for check in await shown.parts.monitoring.invariants() if check.count] == []
    assert weeks.paris_day(shown.parts.clock.now()).isoformat() == "2026-03-11"


async def test_a_visit_from_the_phone_call_to_the_invoice(shown: Trade) -> None:
    admin = await desk(shown)
    begun = await admin.post("/tour")
    assert (begun.status_code, begun.json()["number"]) == (201, 1)
    state = begun.json()
    assert (state["rejected"], state["resold"], state["issued"]) == (False, None, False)
    await admin.post(f"/deliveries/{state['delivery_id']}/reject-leads", {"reason": "deja_client"})
    await settle(shown)
    state = await told(admin)
    assert (state["rejected"], state["resold"]["client_name"], state["resold"]["sent"]) == (
        True, "Énergies du Rhône", False
    )  # fmt: skip
    await shown.parts.jobs.run_and_wait("daily_delivery", "test")
    await settle(shown)
    state = await told(admin)
    assert (state["resold"]["sent"], state["resold"]["downloaded"]) == (True, False)
    assert (await admin.get(f"/batches/{state['resold']['batch_id']}/download")).status_code == 200
    assert (await told(admin))["resold"]["downloaded"] is True
    week = {"client_id": state["client_id"], "issue": True}
    closed = await admin.post(f"/billing/week/{state['week']}/close", week)
    assert closed.status_code == 200, closed.text
    assert (await told(admin))["issued"] is True
    assert (await admin.post("/tour")).json()["number"] == 2
    assert [check for check in await shown.parts.monitoring.invariants() if check.count] == []


async def test_a_base_that_has_traded_gets_no_visit_and_says_so(trade: Trade) -> None:
    await trade.lead()
    assert await plant_tour(trade.parts, follow_s=0) is False
    admin = await desk(trade)
    assert (await admin.get("/me/bootstrap")).json()["demo"] is False
    assert (await admin.get("/tour")).status_code == (await admin.post("/tour")).status_code == 404


async def test_the_visits_are_closed_to_the_other_company_and_end(shown: Trade) -> None:
    other = await desk(shown, "admin", "MDL")
    assert (await other.get("/tour", number=1)).status_code == 404
    assert (await other.post("/tour")).status_code == 404
    admin = await desk(shown)
    assert (await admin.get("/me/bootstrap")).json()["demo"] is True
    assert [(await admin.post("/tour")).json()["number"] for _ in VISITS] == list(range(1, 11))
    over = await admin.post("/tour")
    assert (over.status_code, over.json()["error"]) == (409, "tour_over")
