"""Money in tests: companies that may invoice, buyers with a price, weeks that pass, what is closed and issued."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from backend.billing.models import RecordUpdate
from backend.cli.market import DEMO, invented_siren
from backend.clients.models import Client, ClientUpdate
from backend.core.ids import new_id
from backend.core.mongo import Doc, Tx
from backend.intercompany.models import InternalPriceBody, Transfer
from backend.invoices.drafting import bound
from backend.invoices.models import InvoiceCreate, PaymentBody
from backend.ledger.models import Entry
from backend.parametres.models import LegalBody
from backend.reminders.models import Reminded, Reminder
from tests.support.desk import Desk
from tests.support.money import priced
from tests.support.people import headers
from tests.support.trade import Trade

WEEK = "2026-W11"
"""The week of the tests' Wednesday."""


async def companies(trade: Trade) -> None:
    """Both entities have what the law asks on an invoice."""
    for entity, values in DEMO.legal.items():
        body = LegalBody.model_validate(values)
        await trade.parts.parametres.write(entity, "legal", body.model_dump(exclude={"entity"}), "test")


async def identified(trade: Trade, client: Client, number: int = 77) -> None:
    """The client has what an invoice to it needs."""
    place = {"billing_address": "3 rue de l'Essai", "billing_postcode": "99999", "billing_city": "Exempleville"}
    body = ClientUpdate.model_validate({"siren": invented_siren(number), **place})
    await trade.parts.clients.update(trade.parts.everyone, client.id, body, "test")


async def customer(
    trade: Trade, name: str = "Solaire du Midi", entity: str = "ZR7", price: str = "25.00", **order: Any
) -> Client:
    """A buyer with an order, a price and an identity."""
    client, _ = await trade.buyer(name, entity, **order)
    await identified(trade, client)
    await priced(trade, client, price, produit=order.get("produit", "PV"))
    return client


async def internal_price(trade: Trade, price: str = "10.00", source: str = "ZR7", target: str = "MDL") -> None:
    body = InternalPriceBody.model_validate(
        {"from_entity": source, "to_entity": target, "product": "PV", "unit_price_ht": price}
    )
    await trade.parts.intercompany.put_price(trade.parts.everyone, body, "test")


async def next_week(trade: Trade, weeks: int = 1) -> None:
    """The same hour, some weeks later."""
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=7 * weeks))


async def desk(trade: Trade, role: str = "admin", entity: str = "ZR7", prefix: str = "/api") -> Desk:
    return Desk(trade.http, await headers(trade.parts, role, entity), prefix)


async def close(trade: Trade, week: str = WEEK, entity: str = "ZR7", **given: Any) -> Doc:
    """Close the week of every client of the entity (and issue, when asked): the answer."""
    answer = await (await desk(trade, entity=entity)).post(f"/billing/week/{week}/close", given)
    assert answer.status_code == 200, answer.text
    told: Doc = answer.json()
    return told


async def bills(trade: Trade, client: Client) -> None:
    """A row in each collection of money: an issued invoice with a unit and a payment, a note, a transfer, its price."""
    parts = trade.parts
    await companies(trade)
    await identified(trade, client)
    await internal_price(trade)
    body = InvoiceCreate.model_validate({"client_id": client.id, "amount_ht": "10.00"})
    draft = await parts.invoices.create(client.entity, body, "test")
    await parts.invoices.issue(parts.everyone, draft.id, "test")
    await parts.payments.pay(parts.everyone, draft.id, PaymentBody.model_validate({"amount": "1.00"}), "test")
    line = await trade.row("billing_ledger", client_id=client.id)
    board = (await (await desk(trade, entity=client.entity)).get("/billing/week", week_key=WEEK)).json()
    record = board["weekly_invoice"][0]["record_id"]
    await parts.billing.update_record(parts.everyone, record, RecordUpdate(external_invoice_number="FA-1"), "test")
    await reminder(trade, client, draft.id)
    entry = Entry(**line)
    now = parts.clock.now()
    transfer = Transfer(
        id=new_id(), lead_id=entry.lead_id, delivery_id=entry.delivery_id, commande_id=entry.order_id,
        from_entity="MDL", to_entity="ZR7", product="PV", unit_price_ht=Decimal(10), transfer_status="pending",
        routing_mode="normal", week_key=WEEK, sent_at=now, created_at=now,
    )  # fmt: skip

    async def write(tx: Tx) -> None:
        await parts.invoices.store.bind(tx, [bound(draft, entry, 0)])
        await parts.intercompany.store.insert(tx, transfer)

    await parts.mongo.transaction(write)


async def reminder(trade: Trade, client: Client, invoice_id: str) -> None:
    """A row in `reminders`, of an invoice that need not be late."""
    now = trade.parts.clock.now()
    one = Reminded(invoice_id=invoice_id, invoice_number="ZR7-2026-000001", issue_date="2026-03-11",
                   due_at="2026-04-10", days_overdue=1, balance_due=Decimal(10))  # fmt: skip
    kept = Reminder(
        id=f"{client.id}:courteous:2026-03-11:1", entity=client.entity, client_id=client.id, client_name=client.name,
        level="courteous", day="2026-03-11", to=client.email, subject="Rappel", text="Bonjour", invoices=[one],
        total_due=Decimal(10), simulated=False, state="sent", sent_at=now, created_at=now, created_by="test",
    )  # fmt: skip
    await trade.parts.mongo.transaction(lambda tx: trade.parts.reminders.store.insert(tx, kept))


async def sound(trade: Trade) -> None:
    """Every promise of the house holds."""
    broken = [check for check in await trade.parts.monitoring.invariants() if check.count]
    assert not broken, broken
