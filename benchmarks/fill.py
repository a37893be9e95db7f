"""A big base for the benches: a house at work, then a year of rows like the ones it wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backend import tables
from backend.bootstrap import Parts
from backend.core import indexes
from backend.core.ids import new_id
from backend.core.mongo import Doc
from benchmarks.year import DAYS, Year
from tests.browser.house import treasury, workshop
from tests.browser.test_pages import asked_for
from tests.support.trade import Trade

CHUNK = 5_000
_MODELS: dict[str, tuple[str, Doc]] = {
    "sold": ("leads", {"status": "livre", "nom": "Fournier"}),
    "unsold": ("leads", {"status": "no_open_orders"}),
    "delivery": ("deliveries", {"status": "sent"}),
    "claim": ("dedup_claims", {}),
    "batch": ("delivery_batches", {"status": "sent"}),
    "message": ("outbox", {"kind": "email", "state": "sent"}),
    "attempt": ("outbox_attempts", {"kind": "email", "outcome": "sent"}),
    "client": ("clients", {"name": "Solaire du Midi"}),
    "activity": ("client_activity", {"action": "client_created"}),
    "commande": ("commandes", {"departements": ["*"]}),
    "counter": ("quota_counters", {}),
    "provider": ("providers", {}),
    "price": ("client_product_pricing", {"billing_mode": "WEEKLY_INVOICE"}),
    "unit": ("billing_ledger", {"kind": "unit", "net_unit_eur": {"$ne": None}}),
    "week": ("billing_weeks", {"state": "open"}),
    "weekly": ("invoices", {"status": "draft", "week_key": {"$ne": None}}),
    "issued": ("invoices", {"status": "issued"}),
    "bound": ("invoice_units", {}),
    "payment": ("invoice_payments", {}),
    "transfer": ("intercompany_transfers", {"transfer_status": "pending"}),
}


async def fill(trade: Trade, leads: int, clients: int) -> None:
    """The house and its year. What every page of the browser tests opens is there."""
    async with workshop(trade) as ids:
        await treasury(trade, ids)
    await asked_for(trade)
    await _reports(trade)
    parts = trade.parts
    models = {name: await _model(trade, *where) for name, where in _MODELS.items()}
    year = Year(models, parts.clock.now(), leads, clients, await _series(parts))
    bare: set[str] = set()
    for collection, rows in year.blocks():
        if collection not in bare:
            bare.add(collection)
            await parts.mongo.collection(collection).drop_indexes()  # made once at the end, in one pass
        await _insert(parts, collection, rows)
    for name, last in year.series.items():
        await parts.mongo.collection("invoice_series").update_one({"_id": name}, {"$set": {"last": last}}, upsert=True)
    await indexes.apply(parts.mongo, tables.INDEXES)


async def _model(trade: Trade, collection: str, query: Mapping[str, Any]) -> Doc:
    found = await trade.row(collection, **query)
    del found["_id"]
    return found


async def _series(parts: Parts) -> dict[str, int]:
    return {one["_id"]: one["last"] async for one in parts.mongo.collection("invoice_series").find({})}


async def _insert(parts: Parts, collection: str, rows: list[Doc]) -> None:
    target = parts.mongo.collection(collection)
    parts_of = [rows[n : n + CHUNK] for n in range(0, len(rows), CHUNK)]
    await asyncio.gather(*(target.insert_many(some, ordered=False) for some in parts_of))


async def _reports(trade: Trade) -> None:
    """A run of each morning, as the house writes it once."""
    await trade.parts.jobs.run_now("daily_delivery", "test")
    model = await trade.row("cron_logs", job="daily_delivery")
    slots, reports = [], []
    for n in range(1, DAYS):
        at = trade.parts.clock.now() - timedelta(days=n)
        slot = f"daily_delivery:{at:%Y-%m-%d}"
        slots.append({**model, "_id": slot, "slot": f"{at:%Y-%m-%d}", "state": "success", "due_at": at, "run_at": at,
                      "completed_at": at, "asked_for": False})  # fmt: skip
        told = {"batches": 60, "handed_over": 230, "lb_filled": 20, "fresh_filled": 10}
        reports.append({"id": new_id(), "slot": slot, "run_at": at, "duration_seconds": 4.0, "routed": 12,
                        "entities": {"ZR7": told, "MDL": told}})  # fmt: skip
    await _insert(trade.parts, "cron_logs", slots)
    await _insert(trade.parts, "delivery_reports", reports)
