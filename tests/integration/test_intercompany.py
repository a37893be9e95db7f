"""What one company collects and the other sells: a transfer with the sending, an invoice every Monday."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from backend.core.mongo import Doc
from tests.support.books import WEEK, companies, customer, desk, internal_price, next_week, sound
from tests.support.departure import delivered
from tests.support.desk import Desk
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade


@pytest_asyncio.fixture(autouse=True)
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    """Both companies may invoice; ZR7 gives its leads to MDL, which has the only buyer."""
    async with mail_server() as server:
        server.serve(trade.parts)
        await companies(trade)
        await trade.parts.parametres.write_cross_entity(True, {}, "test", common=True)
        await customer(trade, "Maison Verte", "MDL", quota_semaine=0)
        yield server


async def between(trade: Trade, role: str = "admin", entity: str = "ZR7") -> Desk:
    return await desk(trade, role, entity, "/api/intercompany")


async def transfers(at: Desk, **params: Any) -> list[Doc]:
    answer = await at.get("/transfers", **params)
    assert answer.status_code == 200, answer.text
    rows: list[Doc] = answer.json()["transfers"]
    return rows


async def test_a_lead_sold_by_the_sister_company_is_one_transfer_that_each_sees_its_own_way(trade: Trade) -> None:
    await internal_price(trade, "12.50")
    one = await delivered(trade)
    [seen] = await transfers(await between(trade, entity="MDL"))
    assert (seen["from_entity"], seen["to_entity"], seen["unit_price_ht"]) == ("ZR7", "MDL", "12.50")
    assert (seen["delivery_id"], seen["transfer_status"], seen["week_key"]) == (one["id"], "pending", WEEK)
    [collected] = await transfers(await between(trade, entity="ZR7"))
    assert (collected["delivery_id"], collected["commande_id"]) == (None, None), "never the buyer nor the order"
    await internal_price(trade, "99.00")
    assert [row["unit_price_ht"] for row in await transfers(await between(trade))] == ["12.50"], "the price of its day"


async def test_without_a_price_a_transfer_waits_in_error_and_is_never_worth_zero(trade: Trade) -> None:
    await delivered(trade)
    at = await between(trade)
    assert "ZR7->MDL PV" in (await at.get("/pricing")).json()["missing"]
    health = (await at.get("/health")).json()
    assert (health["status"], health["transfers"]["error"]) == ("degraded", 1)
    assert (await at.post("/retry-errors")).json() == {"retried": 1, "fixed": 0, "still_error": 1}
    saved = await at.put(
        "/pricing", {"from_entity": "ZR7", "to_entity": "MDL", "product": "PV", "unit_price_ht": "8.00"}
    )
    assert saved.json()["action"] == "created"
    assert (await at.post("/retry-errors")).json() == {"retried": 1, "fixed": 1, "still_error": 0}
    assert [row["unit_price_ht"] for row in await transfers(at)] == ["8.00"]
    assert (await at.get("/health")).json()["status"] == "healthy"


async def test_monday_makes_one_invoice_a_direction_and_what_is_late_goes_apart(trade: Trade) -> None:
    await internal_price(trade, "10.00")
    for _ in range(2):
        await delivered(trade)
    await next_week(trade)
    at = await between(trade)
    told = (await at.post("/generate-invoices")).json()
    assert (told["week_key"], told["invoices_created"]) == (WEEK, 1)
    again = (await at.post("/generate-invoices")).json()
    assert (again["invoices_created"], again["message"]) == (0, "Aucun transfert à facturer.")
    late = await trade.row("intercompany_transfers")
    change = {"transfer_status": "pending", "invoice_id": None, "id": "late", "delivery_id": "late"}
    await trade.parts.mongo.collection("intercompany_transfers").insert_one(
        {k: v for k, v in late.items() if k != "_id"} | change
    )
    told = (await at.post("/generate-invoices")).json()
    assert [(one["supplement"], one["transfers_count"]) for one in told["invoices"]] == [(True, 1)]
    for entity in ("ZR7", "MDL"):
        rows = (await (await between(trade, entity=entity)).get("/invoices", direction="ZR7->MDL")).json()["invoices"]
        assert [(one["invoice_number"], one["amount_ttc"]) for one in rows] == [
            ("ZR7-2026-000002", "12.00"),
            ("ZR7-2026-000001", "24.00"),
        ]
    netting = (await at.get("/netting")).json()
    assert netting["positions"] == {"ZR7": "36.00", "MDL": "-36.00"}
    assert netting["settlement"] == "MDL règle 36,00\N{NO-BREAK SPACE}€ à ZR7"
    lines = (await (await desk(trade)).get("/billing/interfacturation")).json()["records"]
    assert [(one["units_total"], one["status"]) for one in lines] == [(1, "invoiced"), (2, "invoiced")]
    paid = await (await desk(trade)).put(f"/billing/interfacturation/{lines[1]['invoice_id']}", {"status": "paid"})
    assert paid.json()["invoice"]["status"] == "paid", paid.text
    assert (await at.get("/netting")).json()["positions"] == {"ZR7": "12.00", "MDL": "-12.00"}


async def test_a_unit_taken_back_is_cancelled_or_credited_at_the_next_run(trade: Trade) -> None:
    await internal_price(trade, "10.00")
    first, second = [await delivered(trade) for _ in range(2)]
    mdl = await desk(trade, entity="MDL")
    await mdl.post(f"/deliveries/{first['id']}/reject-leads", {"reason": "hors_zone"})
    await next_week(trade)
    at = await between(trade)
    [made] = (await at.post("/generate-invoices")).json()["invoices"]
    assert (made["amount_ht"], made["transfers_count"]) == ("10.00", 1)
    refused = await at.post(f"/transfers/{(await transfers(at, status='invoiced'))[0]['id']}/cancel")
    assert refused.status_code == 409
    forced = {"reason": "hors_zone", "reason_detail": "Accord commercial", "force": True}
    await mdl.post(f"/deliveries/{second['id']}/reject-leads", forced)
    told = (await at.post("/generate-invoices")).json()
    assert (told["invoices_created"], told["credit_notes_created"]) == (0, 1)
    seen = (await at.get(f"/invoices/{made['invoice_id']}")).json()
    assert (seen["invoice"]["status"], seen["credit_notes"][0]["invoice_number"]) == ("void", "ZR7-AV-2026-000001")
    assert (await at.get("/netting")).json()["positions"] == {"ZR7": "0.00", "MDL": "0.00"}
    await sound(trade)


async def test_the_monday_job_invoices_the_week_before_and_says_what_it_could_not(trade: Trade) -> None:
    await internal_price(trade, "10.00")
    await delivered(trade)
    await next_week(trade)
    await trade.parts.parametres.write("MDL", "legal", {"siren": ""}, "test")
    slot = await trade.parts.jobs.run_and_wait("intercompany_invoices", "test")
    assert (slot.state, "SIREN" in slot.error) == ("error", True)
    assert await trade.rows("invoices") == []
    await companies(trade)
    slot = await trade.parts.jobs.run_and_wait("intercompany_invoices", "test")
    assert (slot.state, slot.result and slot.result["invoices_created"]) == ("success", 1)
    await sound(trade)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/pricing", {"from_entity": "ZR7", "to_entity": "MDL", "product": "PV", "unit_price_ht": "1.00"}),
        ("POST", "/generate-invoices", None),
        ("POST", "/retry-errors", None),
    ],
)
async def test_only_those_who_manage_it_change_anything(trade: Trade, method: str, path: str, body: Any) -> None:
    assert (await Desk(trade.http, None, "/api/intercompany").ask(method, path, body)).status_code == 401
    assert (await (await between(trade, "ops")).ask(method, path, body)).status_code == 403
    assert (await (await between(trade)).ask(method, path, body)).status_code == 200
