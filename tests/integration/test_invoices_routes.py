"""Invoices over HTTP: drafts, issue, avoirs, payments, acomptes, documents, who may do what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from pypdf import PdfReader

from backend.core.mongo import Doc
from tests.support.books import WEEK, close, companies, customer, desk, identified, next_week, sound
from tests.support.departure import delivered, settle
from tests.support.desk import Desk
from tests.support.money import priced
from tests.support.smtp import MailServer, mail_server
from tests.support.trade import Trade

FREE = {"description": "Mise en place", "amount_ht": "100.00"}
ACTIONS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("GET", "/units", None),
    ("GET", "/pdf", None),
    ("PUT", "", {"description": "Autre"}),
    ("POST", "/issue", None),
    ("POST", "/send", None),
    ("POST", "/credit-note", {"reason": "Erreur"}),
    ("POST", "/payments", {"amount": "10.00"}),
    ("POST", "/mark-paid", None),
    ("DELETE", "", None),
]


@pytest_asyncio.fixture(autouse=True)
async def mail(trade: Trade) -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        server.serve(trade.parts)
        await companies(trade)
        yield server


async def draft(trade: Trade, at: Desk, **given: Any) -> Doc:
    client = await customer(trade)
    answer = await at.post("", {"client_id": client.id} | FREE | given)
    assert answer.status_code == 201, answer.text
    told: Doc = answer.json()["invoice"]
    return told


async def invoices(trade: Trade, role: str = "admin", entity: str = "ZR7") -> Desk:
    return await desk(trade, role, entity, "/api/invoices")


async def billed(trade: Trade, units: int = 2) -> tuple[Doc, list[Doc]]:
    """A week's invoice, issued, and its deliveries."""
    await customer(trade, quota_semaine=0)
    rows = [await delivered(trade) for _ in range(units)]
    await next_week(trade)
    told = (await close(trade, issue=True))["clients"][0]
    return await trade.row("invoices", id=told["invoice_id"]), rows


@pytest.mark.parametrize(("method", "path", "body"), ACTIONS)
async def test_an_invoice_is_closed_to_strangers_to_ops_and_to_the_other_company(
    trade: Trade, method: str, path: str, body: Any
) -> None:
    one = await draft(trade, await invoices(trade))
    url = f"/{one['id']}{path}"
    assert (await Desk(trade.http, None, "/api/invoices").ask(method, url, body)).status_code == 401
    assert (await (await invoices(trade, "ops")).ask(method, url, body)).status_code == 403
    before = await trade.row("invoices", id=one["id"])
    assert (await (await invoices(trade, "admin", "MDL")).ask(method, url, body)).status_code == 404
    assert await trade.row("invoices", id=one["id"]) == before


async def test_a_free_draft_changes_until_it_is_issued_and_never_after(trade: Trade) -> None:
    at = await invoices(trade)
    one = await draft(trade, at)
    assert (one["status"], one["invoice_number"], one["amount_ttc"]) == ("draft", None, "120.00")
    lines = [{"label": "Forfait", "quantity": 2, "unit_price_ht": "40.00", "discount_pct": "25"}]
    changed = await at.put(f"/{one['id']}", {"line_items": lines})
    assert changed.json()["invoice"]["amount_ht"] == "60.00"
    issued = (await at.post(f"/{one['id']}/issue")).json()["invoice"]
    assert (issued["invoice_number"], issued["status"], issued["due_at"]) == ("ZR7-2026-000001", "issued", "2026-04-10")
    assert (await at.put(f"/{one['id']}", {"description": "Trop tard"})).status_code == 409
    assert (await at.ask("DELETE", f"/{one['id']}")).status_code == 409
    assert (await at.post(f"/{one['id']}/issue")).status_code == 409
    await sound(trade)


async def test_an_issue_without_its_mentions_takes_no_number(trade: Trade) -> None:
    at = await invoices(trade)
    client, _ = await trade.buyer()
    one = (await at.post("", {"client_id": client.id} | FREE)).json()["invoice"]
    refused = await at.post(f"/{one['id']}/issue")
    assert (refused.status_code, refused.json()["error"]) == (409, "mentions_missing")
    assert "SIREN" in refused.json()["detail"]
    await identified(trade, client)
    issued = (await at.post(f"/{one['id']}/issue")).json()["invoice"]
    assert issued["invoice_number"] == "ZR7-2026-000001"
    await sound(trade)


async def test_a_unit_rejected_before_the_issue_leaves_the_draft(trade: Trade) -> None:
    await customer(trade, quota_semaine=0)
    rows = [await delivered(trade) for _ in range(2)]
    await next_week(trade)
    invoice_id = (await close(trade))["clients"][0]["invoice_id"]
    at = await desk(trade)
    await at.post(f"/deliveries/{rows[0]['id']}/reject-leads", {"reason": "hors_zone"})
    assert (await at.get(f"/invoices/{invoice_id}")).json()["invoice"]["amount_ht"] == "25.00"
    await at.post(f"/deliveries/{rows[1]['id']}/reject-leads", {"reason": "hors_zone"})
    assert (await at.get(f"/invoices/{invoice_id}")).status_code == 404, "nothing left to bill: the draft goes away"
    await sound(trade)


async def test_a_unit_rejected_after_the_issue_is_an_avoir_at_the_next_closing(trade: Trade) -> None:
    invoice, rows = await billed(trade)
    at = await desk(trade)
    await at.post(f"/deliveries/{rows[0]['id']}/reject-leads", {"reason": "hors_zone"})
    again = await trade.row("invoices", id=invoice["id"])
    assert again == invoice, "an issued invoice never changes"
    await next_week(trade)
    told = (await close(trade, "2026-W12", issue=True))["clients"][0]
    assert (told["credit_notes"], told["invoice_number"]) == (["ZR7-AV-2026-000001"], None)
    seen = (await at.get(f"/invoices/{invoice['id']}")).json()
    assert (seen["invoice"]["balance_due"], seen["credit_notes"][0]["amount_ttc"]) == ("30.00", "30.00")
    assert [one["credited"] for one in (await at.get(f"/invoices/{invoice['id']}/units")).json()["units"]].count(
        True
    ) == 1
    await sound(trade)


async def test_an_avoir_from_selected_units_then_the_rest_voids_the_invoice(trade: Trade) -> None:
    invoice, rows = await billed(trade, 3)
    at = await invoices(trade)
    url = f"/{invoice['id']}/credit-note"
    strange = await at.post(url, {"delivery_ids": ["inconnue"], "reason": "Geste"})
    assert strange.status_code == 422
    first = (await at.post(url, {"delivery_ids": [rows[0]["id"]], "reason": "Geste"})).json()["invoice"]
    assert (first["invoice_number"], first["amount_ht"], first["type"]) == (
        "ZR7-AV-2026-000001",
        "25.00",
        "credit_note",
    )
    again = await at.post(url, {"delivery_ids": [rows[0]["id"]], "reason": "Geste"})
    assert again.status_code == 409
    rest = await at.post(url, {"reason": "Tout le reste"})
    assert rest.json()["invoice"]["amount_ht"] == "50.00"
    seen = (await at.get(f"/{invoice['id']}")).json()["invoice"]
    assert (seen["status"], seen["balance_due"]) == ("void", "0.00")
    assert (await at.post(url, {"reason": "Encore"})).status_code == 409
    await (await desk(trade)).post(f"/deliveries/{rows[0]['id']}/reject-leads", {"reason": "hors_zone"})
    await next_week(trade)
    assert (await close(trade, "2026-W12"))["clients"][0]["credit_notes"] == [], (
        "what was credited is not credited twice"
    )
    await sound(trade)


async def test_payments_add_up_and_a_mistake_is_undone_once(trade: Trade) -> None:
    invoice, _ = await billed(trade)
    at = await invoices(trade)
    url = f"/{invoice['id']}"
    part = (await at.post(f"{url}/payments", {"amount": "20.00", "method": "virement", "reference": "VIR 1"})).json()
    assert (part["invoice"]["status"], part["invoice"]["partially_paid"], part["invoice"]["balance_due"]) == (
        "issued", True, "40.00"
    )  # fmt: skip
    over = await at.post(f"{url}/payments", {"amount": "40.01"})
    assert (over.status_code, over.json()["error"]) == (409, "overpaid")
    paid = (await at.post(f"{url}/mark-paid")).json()["invoice"]
    assert (paid["status"], paid["balance_due"]) == ("paid", "0.00")
    undo = f"{url}/payments/{part['payment']['id']}/undo"
    assert (await at.post(undo)).json()["invoice"]["status"] == "issued"
    assert (await at.post(undo)).status_code == 409
    assert [one["amount"] for one in (await at.get(url)).json()["payments"]] == ["20.00", "40.00", "-20.00"]
    await sound(trade)


async def test_late_invoices_show_by_client_and_no_reading_changes_them(trade: Trade) -> None:
    invoice, _ = await billed(trade)
    at = await invoices(trade)
    assert (await at.get("/overdue-dashboard")).json()["client_count"] == 0
    await next_week(trade, 6)
    board = (await at.get("/overdue-dashboard")).json()
    assert (board["client_count"], board["total_overdue_ttc"]) == (1, "60.00")
    assert [one["id"] for one in (await at.get("", status="overdue")).json()["invoices"]] == [invoice["id"]]
    assert (await trade.row("invoices", id=invoice["id"]))["status"] == "issued"
    await at.post(f"/{invoice['id']}/mark-paid")
    assert (await at.get("", status="overdue")).json()["total"] == 0


async def test_prepaid_units_are_sold_with_their_acompte_or_not_at_all(trade: Trade) -> None:
    client, _ = await trade.buyer(quota_semaine=0)
    at = await desk(trade)
    url = f"/clients/{client.id}/prepayment/add-units"
    bare = await at.post(url, {"product_code": "PV", "units_to_add": 5})
    assert (bare.status_code, bare.json()["error"]) == (409, "pricing_missing")
    await priced(trade, client, "20.00", mode="PREPAID")
    incomplete = await at.post(url, {"product_code": "PV", "units_to_add": 5})
    assert (incomplete.status_code, incomplete.json()["error"]) == (409, "mentions_missing")
    assert (await at.get(f"/clients/{client.id}/prepayment")).json()["balances"][0]["units_remaining"] == 0
    await identified(trade, client)
    sold = (await at.post(url, {"product_code": "PV", "units_to_add": 5})).json()["invoice"]
    assert (sold["type"], sold["invoice_number"], sold["amount_ttc"]) == ("prepayment", "ZR7-2026-000001", "120.00")
    await delivered(trade)
    await next_week(trade)
    assert (await close(trade, issue=True))["clients"][0]["invoice_id"] is None, (
        "prepaid units are on no weekly invoice"
    )
    back = await at.post(f"/invoices/{sold['id']}/credit-note", {"units": 5, "reason": "Remboursement"})
    assert (back.status_code, back.json()["error"]) == (409, "prepaid_used")
    back = await at.post(f"/invoices/{sold['id']}/credit-note", {"units": 4, "reason": "Remboursement"})
    assert back.json()["invoice"]["amount_ht"] == "80.00"
    assert (await at.get(f"/clients/{client.id}/prepayment")).json()["balances"][0]["units_remaining"] == 0
    await sound(trade)


async def test_an_invoice_is_sent_with_its_document_and_says_when_it_was_taken(trade: Trade, mail: MailServer) -> None:
    invoice, _ = await billed(trade)
    mail.messages.clear()
    at = await invoices(trade)
    refused = await at.post(f"/{invoice['id']}/send", {"to": ["quelqu.un@ailleurs.fr"]})
    assert refused.status_code == 422
    sent = await at.post(f"/{invoice['id']}/send")
    assert sent.status_code == 202, sent.text
    await settle(trade)
    [message] = mail.messages
    assert message.subject == f"Facture {invoice['invoice_number']} - {trade.parts.settings.entity['ZR7'].name}"
    [(name, content)] = message.attachments.items()
    assert name == f"{invoice['invoice_number']}.pdf"
    assert content == (await at.get(f"/{invoice['id']}/pdf")).content, "the document is made once"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert "ZR7-2026-000001" in text and "60,00" in text
    seen = (await at.get(f"/{invoice['id']}")).json()["invoice"]
    assert seen["sent_at"] and seen["sent_to"] == [message.to]


async def test_in_simulation_an_invoice_leaves_as_a_marked_copy_and_is_not_sent(trade: Trade, mail: MailServer) -> None:
    invoice, _ = await billed(trade)
    mode = {"domains": [], "simulation_mode": True, "simulation_email": "essais@zr7-digital.fr"}
    await trade.parts.parametres.write("ZR7", "email_denylist", mode, "test")
    mail.messages.clear()
    at = await invoices(trade)
    assert (await at.post(f"/{invoice['id']}/send")).json()["sent_to"] == ["essais@zr7-digital.fr"]
    await settle(trade)
    [copy] = mail.messages
    assert (copy.to, copy.subject.startswith("[SIMULATION] Facture")) == ("essais@zr7-digital.fr", True)
    assert (await at.get(f"/{invoice['id']}")).json()["invoice"]["sent_at"] is None


async def test_the_accountant_takes_the_month_away(trade: Trade) -> None:
    await billed(trade)
    at = await desk(trade)
    days = {"first": "2026-03-01", "last": "2026-03-31"}
    text = (await at.get("/billing/export", **days)).text
    assert "ZR7-2026-000001" in text
    fec = await at.get("/billing/export", **days, format="fec")
    assert "FEC20260331.txt" in fec.headers["content-disposition"]
    assert fec.text.splitlines()[0].startswith("JournalCode\tJournalLib\tEcritureNum")
    assert (await at.get("/billing/export", **days, format="xlsx")).content[:2] == b"PK"
    assert (await at.get("/billing/export", first="2026-03-31", last="2026-03-01")).status_code == 400
    month = (await at.get("/billing/month-summary", month="2026-03")).json()
    assert (month["totals"]["net_ht"], month["summary"]["units_delivered"]) == ("50.00", 2)
    assert (await at.get("/billing/month-summary", month="2026-13")).status_code == 400
    records = (await at.get("/billing/records", week_key=WEEK)).json()["records"]
    assert [(one["status"], one["units_billable"]) for one in records] == [("invoiced", 2)]
    noted = await at.put(f"/billing/records/{records[0]['record_id']}", {"external_invoice_number": "FA-1"})
    assert noted.json()["external_invoice_number"] == "FA-1"
    assert (await at.put(f"/billing/records/{records[0]['record_id']}", {"status": "paid"})).status_code == 409
