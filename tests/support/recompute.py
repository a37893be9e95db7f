"""The money of a base worked out again from its deliveries, prices and credits alone: an independent script.

It imports nothing of the house. `python -m tests.support.recompute MONGO_URL DB_NAME` prints what differs.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pymongo import MongoClient

PARIS = ZoneInfo("Europe/Paris")
CENT = Decimal("0.01")
Row = dict[str, Any]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def money(value: Any) -> Decimal:
    return value.to_decimal() if hasattr(value, "to_decimal") else Decimal(str(value))


def differences(url: str, name: str) -> list[str]:
    """What an invoice, an avoir or a transfer says, against what the deliveries say."""
    client: MongoClient[Row] = MongoClient(url, tz_aware=True, tzinfo=UTC)
    base = client[name]
    sent = list(base.deliveries.find({"status": "sent"}))
    prices = list(base.client_product_pricing.find({"active": True}))
    discounts = {one["client_id"]: one["discount_pct_global"] for one in base.client_pricing.find({})}
    credits = list(base.billing_credits.find({}))
    invoices = list(base.invoices.find({"status": {"$ne": "draft"}}))
    transfers = list(base.intercompany_transfers.find({}))
    client.close()
    net = {one["id"]: _net(one, prices, discounts) for one in sent}
    return [
        *_weekly(sent, invoices, credits, net),
        *_avoirs(sent, invoices, credits, net),
        *_between(sent, invoices, transfers),
    ]


def _net(one: Row, prices: list[Row], discounts: dict[str, Any]) -> Decimal | None:
    """Net of one unit: the last price in force on the Paris day it was sent, less its discount, to the cent."""
    day = one["last_sent_at"].astimezone(PARIS).date().isoformat()
    held = [row for row in prices if (row["client_id"], row["product_code"]) == (one["client_id"], one["produit"])]
    held = [row for row in held if row["valid_from"] <= day]
    if not held:
        return None
    row = max(held, key=lambda each: str(each["valid_from"]))
    discount = row["discount_pct"] if row["discount_pct"] is not None else discounts.get(one["client_id"]) or 0
    return cents(money(row["unit_price_eur"]) * (1 - money(discount) / 100))


def _week(moment: datetime) -> str:
    year, week, _ = moment.astimezone(PARIS).date().isocalendar()
    return f"{year:04d}-W{week:02d}"


def _back(one: Row) -> datetime | None:
    """When the unit was taken back, if it was."""
    return one.get("rejected_at") or one.get("removed_at")


def _billed(sent: list[Row], invoice: Row, net: dict[str, Decimal | None]) -> list[Row]:
    """The units that stood when the week's invoice was issued, in the order they were sent."""
    mine = [one for one in sent if one["client_id"] == invoice["client_id"] and not one.get("prepaid")]
    week = [one for one in mine if _week(one["last_sent_at"]) == invoice["week_key"] and net[one["id"]] is not None]
    stood = [one for one in week if (gone := _back(one)) is None or gone > invoice["issued_at"]]
    return sorted(stood, key=lambda one: (one["last_sent_at"], f"unit:{one['id']}"))


def _free(units: list[Row], invoice: Row, credits: list[Row]) -> set[str]:
    left: dict[tuple[str, str], int] = defaultdict(int)
    for one in credits:
        if (one["client_id"], one["week_key"]) == (invoice["client_id"], invoice["week_key"]):
            left[one["order_id"], one["product_code"]] += one["quantity_units_free"]
    free = set()
    for one in units:
        key = (one["commande_id"], one["produit"])
        if left[key] > 0:
            left[key] -= 1
            free.add(one["id"])
    return free


def _weekly(sent: list[Row], invoices: list[Row], credits: list[Row], net: dict[str, Decimal | None]) -> Iterator[str]:
    for invoice in invoices:
        if invoice["type"] == "invoice" and invoice["week_key"]:
            units = _billed(sent, invoice, net)
            free = _free(units, invoice, credits)
            owed = sum((net[one["id"]] or Decimal() for one in units if one["id"] not in free), Decimal())
            yield from _compare(invoice, owed, cents(owed * money(invoice["vat_rate"]) / 100))


def _avoirs(sent: list[Row], invoices: list[Row], credits: list[Row], net: dict[str, Decimal | None]) -> Iterator[str]:
    """All the avoirs on an invoice together: its units taken back after it was issued, and already closed."""
    by_id = {one["id"]: one for one in invoices}
    given: dict[str, Decimal] = defaultdict(Decimal)
    last: dict[str, datetime] = {}
    for one in invoices:
        if one["type"] == "credit_note" and one["client_id"]:
            origin = one["corrects"]["invoice_id"]
            given[origin] += money(one["amount_ht"])
            last[origin] = max(last.get(origin, one["issued_at"]), one["issued_at"])
    for origin, amount in given.items():
        invoice = by_id[origin]
        units = _billed(sent, invoice, net)
        free = _free(units, invoice, credits)
        gone = [one for one in units if (at := _back(one)) is not None and at <= last[origin] and one["id"] not in free]
        back = sum((net[one["id"]] or Decimal() for one in gone), Decimal())
        if back != amount:
            yield f"avoirs sur {invoice['invoice_number']} : {amount}, recalculé {back}"


def _between(sent: list[Row], invoices: list[Row], transfers: list[Row]) -> Iterator[str]:
    crossed = {one["id"] for one in sent if one["lead_entity"] and one["lead_entity"] != one["entity"]}
    known = {one["delivery_id"] for one in transfers}
    if crossed != known:
        yield f"transferts : {len(known)}, livraisons croisées {len(crossed)}"
    for invoice in invoices:
        if invoice["type"] == "intercompany":
            mine = [one for one in transfers if one["invoice_id"] == invoice["id"]]
            owed = sum((money(one["unit_price_ht"]) for one in mine), Decimal())
            yield from _compare(invoice, owed, cents(owed * money(invoice["vat_rate"]) / 100))


def _compare(invoice: Row, ht: Decimal, vat: Decimal) -> Iterator[str]:
    said = (money(invoice["amount_ht"]), money(invoice["vat_amount"]))
    if said != (ht, vat):
        yield f"{invoice['invoice_number']} : {said}, recalculé {(ht, vat)}"


if __name__ == "__main__":
    found = differences(sys.argv[1], sys.argv[2])
    sys.stdout.write("\n".join(found or ["rien ne diffère"]) + "\n")
    sys.exit(bool(found))
