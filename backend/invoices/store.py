"""Queries of `invoices`, `invoice_series`, `invoice_units`, `invoice_payments` and `invoice_files`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pymongo import ReturnDocument

from backend.core import finding
from backend.core.indexes import Index, index
from backend.core.mongo import Doc, Mongo, Tx, insert_all
from backend.core.paging import TOTAL_CAP, Page, Paged
from backend.core.tenancy import NEWEST, Scope, TenantCollection
from backend.invoices.models import Invoice, Payment, Unit

_NEWEST = ("-created_at", "-id")
_GIVEN: Doc = {"origin_key": {"$gt": ""}}
_NUMBERED: Doc = {"invoice_number": {"$gt": ""}}
_OWED: Doc = {"status": "issued"}
FILTERS = ("keys", "client_id", "week_key", "status", "type")
_DUE = index("entity", "due_at", partial=_OWED)
_PRINTED = {"line_items", "vat_breakdown", "seller", "buyer", "legal"}
_DEBT = sorted(set(Invoice.model_fields) - _PRINTED)
_OF_INVOICE = index("invoice_id", "at")
INDEXES = {
    "invoices": [
        index("id", unique=True),
        index("invoice_number", unique=True, partial=_NUMBERED),
        index("origin_key", unique=True, partial=_GIVEN),
        index("entity", *_NEWEST),
        *(index("entity", name, *_NEWEST) for name in FILTERS),
        _DUE,
        index("entity", "issue_date", "invoice_number"),
        index("corrects.invoice_id"),
        index("type", "week_key"),
        index("type", "from_entity", *_NEWEST),
        index("type", "to_entity", *_NEWEST),
    ],
    "invoice_units": [index("invoice_id", "id"), index("delivery_id")],
    "invoice_payments": [index("id", unique=True), _OF_INVOICE],
}


class InvoicesStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("invoices")
        self._rows = TenantCollection(self._raw, always=True)
        self._received = TenantCollection(self._raw, "to_entity")
        self._series = mongo.collection("invoice_series")
        self._units = mongo.collection("invoice_units")
        self._raw_payments = mongo.collection("invoice_payments")
        self._payments = TenantCollection(self._raw_payments)
        self._files = mongo.collection("invoice_files")

    # -- invoices --------------------------------------------------------------------------------------------

    async def insert(self, tx: Tx, invoice: Invoice) -> None:
        """The same `origin_key` twice raises DuplicateKeyError: one invoice per week and client, and so on."""
        await self._raw.insert_one(invoice.model_dump() | _keys(invoice), session=tx)

    async def get(self, scope: Scope, invoice_id: str, *, tx: Tx | None = None) -> Invoice | None:
        doc = await self._rows.one(scope, {"id": invoice_id}, tx=tx)
        return Invoice(**doc) if doc else None

    async def received(self, scope: Scope, invoice_id: str) -> Invoice | None:
        """An invoice that a sister company addressed to one of the scope's."""
        query = {"id": invoice_id, "type": "intercompany", "status": {"$ne": "draft"}}
        doc = await self._received.one(Scope(scope.entities), query)
        return Invoice(**doc) if doc else None

    async def by_origin(self, origin_key: str, *, tx: Tx | None = None) -> Invoice | None:
        query = {"$and": [{"origin_key": origin_key}, _GIVEN]}  # said again, for the partial index to serve
        doc = await self._raw.find_one(query, {"_id": 0}, session=tx)
        return Invoice(**doc) if doc else None

    async def change(
        self, tx: Tx, invoice_id: str, change: Mapping[str, Any], *, guard: Mapping[str, Any] | None = None
    ) -> bool:
        """Change the invoice if it still is as `guard` says."""
        query = {"id": invoice_id, **(guard or {})}
        return (await self._raw.update_one(query, {"$set": dict(change)}, session=tx)).matched_count == 1

    async def save(self, tx: Tx, invoice: Invoice, *, guard: Mapping[str, Any]) -> bool:
        """Write the whole invoice, if the stored one still is as `guard` says."""
        return await self.change(tx, invoice.id, invoice.model_dump() | _keys(invoice), guard=guard)

    async def note_sent(self, tx: Tx, invoice_id: str, to: str, at: datetime | None) -> None:
        change = {"$set": {"sent_at": at}, "$addToSet": {"sent_to": to}}
        await self._raw.update_one({"id": invoice_id}, change, session=tx)

    async def drop_draft(self, tx: Tx, invoice_id: str) -> None:
        await self._raw.delete_one({"id": invoice_id, "status": "draft"}, session=tx)

    async def add(
        self, tx: Tx, invoice_id: str, amounts: Mapping[str, Decimal], guard: Mapping[str, Any]
    ) -> Invoice | None:
        """Add to the running amounts of an issued invoice (paid, credited): the invoice after, None when refused."""
        doc = await self._raw.find_one_and_update(
            {"id": invoice_id, **guard}, {"$inc": dict(amounts)}, {"_id": 0}, session=tx,
            return_document=ReturnDocument.AFTER,
        )  # fmt: skip
        return Invoice(**doc) if doc else None

    async def page(self, scope: Scope, query: Mapping[str, Any], page: Page) -> Paged[Invoice]:
        found = await self._rows.page(scope, query, page, hint=_listing(query).keys)
        return Paged([Invoice(**doc) for doc in found.rows], found.total, found.capped)

    async def page_overdue(self, scope: Scope, query: Mapping[str, Any], today: str, page: Page) -> Paged[Invoice]:
        """Issued, past their day, and something still owed."""
        found = await self._rows.page(scope, _late(query, today), page, sort=(("due_at", -1),), hint=_DUE.keys)
        return Paged([Invoice(**doc) for doc in found.rows], found.total, found.capped)

    async def stream(self, scope: Scope, query: Mapping[str, Any]) -> AsyncIterator[Invoice]:
        """The same as `page`, all of them."""
        async for doc in self._rows.find(scope, query, sort=NEWEST).hint(list(_listing(query).keys)):
            yield Invoice(**doc)

    async def stream_overdue(self, scope: Scope, query: Mapping[str, Any], today: str) -> AsyncIterator[Invoice]:
        """The same as `page_overdue`, all of them."""
        found = self._rows.find(scope, _late(query, today), sort=(("due_at", -1),))
        async for doc in found.hint(list(_DUE.keys)):
            yield Invoice(**doc)

    async def debts(self, scope: Scope, today: str) -> AsyncIterator[Invoice]:
        """Issued invoices whose day has passed, the oldest first, streamed; without what is printed on them."""
        query = {"status": "issued", "due_at": {"$lt": today}}
        async for doc in self._rows.find(scope, query, sort=(("due_at", 1),), fields=_DEBT):
            yield Invoice(**doc)

    async def overdue_of(self, scope: Scope, client_id: str, today: str, *, tx: Tx | None = None) -> list[Invoice]:
        """The same, of one client."""
        query = {"client_id": client_id, "status": "issued", "due_at": {"$lt": today}}
        found = self._rows.find(scope, query, sort=(("due_at", 1),), tx=tx)
        return [Invoice(**doc) async for doc in found.hint(list(_DUE.keys))]

    async def by_ids(self, ids: Sequence[str]) -> list[Invoice]:
        return [Invoice(**doc) async for doc in self._raw.find({"id": {"$in": list(ids)}}, {"_id": 0})]

    async def note_reminded(self, tx: Tx, ids: Sequence[str], level: str, at: datetime | None) -> None:
        change = {"$set": {"reminded_at": at, "reminder_level": level}}
        await self._raw.update_many({"id": {"$in": list(ids)}}, change, session=tx)

    async def issued_between(self, scope: Scope, first: str, last: str) -> AsyncIterator[Invoice]:
        """Invoices and avoirs issued on these Paris days, both included, by day and number."""
        query = {"issue_date": {"$gte": first, "$lte": last}}
        async for doc in self._rows.find(scope, query, sort=(("issue_date", 1), ("invoice_number", 1))):
            yield Invoice(**doc)

    async def issued_to(self, scope: Scope, client_id: str, first: str, last: str) -> list[Invoice]:
        """The same as `issued_between`, of one client."""
        query = {"client_id": client_id, "issue_date": {"$gte": first, "$lte": last}}
        found = self._rows.find(scope, query).hint(list(_listing(query).keys))
        rows = [Invoice(**doc) async for doc in found]
        return sorted(rows, key=lambda one: (one.issue_date or "", one.invoice_number or ""))

    async def of_week(self, scope: Scope, week: str) -> list[Invoice]:
        """Clients' invoices of that week."""
        return [Invoice(**doc) async for doc in self._rows.find(scope, {"week_key": week, "type": "invoice"})]

    async def credits_of(self, invoice_id: str, *, tx: Tx | None = None) -> list[Invoice]:
        """The avoirs of an invoice, drafts included."""
        cursor = self._raw.find({"corrects.invoice_id": invoice_id}, {"_id": 0}, session=tx)
        return sorted([Invoice(**doc) async for doc in cursor], key=lambda one: (one.created_at, one.id))

    async def every(self) -> AsyncIterator[Invoice]:
        """Every invoice, streamed (the invariants walk them all)."""
        async for doc in self._raw.find({}, {"_id": 0}).sort("id", 1):
            yield Invoice(**doc)

    # -- between entities ------------------------------------------------------------------------------------

    async def page_between(self, scope: Scope, query: Mapping[str, Any], page: Page) -> Paged[Invoice]:
        """Invoices between entities that one of the scope's sent or received, newest first."""
        wanted = {"$or": [{"type": "intercompany", **side, **query} for side in _sides(scope)]}
        cursor = self._raw.find(wanted, {"_id": 0}).sort([("created_at", -1), ("id", -1)])
        rows = [Invoice(**doc) async for doc in cursor.skip(page.skip).limit(page.limit)]
        total = await self._raw.count_documents(wanted, limit=TOTAL_CAP + 1)
        return Paged(rows, min(total, TOTAL_CAP), total > TOTAL_CAP)

    async def between(self, scope: Scope) -> list[Doc]:
        """{from, to, invoiced, credited, paid} of what is issued between entities, TTC."""
        match = {"type": "intercompany", "status": {"$ne": "draft"}, "$or": _sides(scope)}
        group = {
            "_id": {"from": "$from_entity", "to": "$to_entity"},
            "invoiced": {"$sum": "$amount_ttc"},
            "credited": {"$sum": "$credited_ttc"},
            "paid": {"$sum": "$paid_amount"},
        }
        found = self._raw.aggregate([{"$match": match}, {"$group": group}])
        return [{**doc["_id"], **{key: doc[key] for key in ("invoiced", "credited", "paid")}} async for doc in found]

    async def counts(self, scope: Scope) -> dict[str, int]:
        group = {"$group": {"_id": "$status", "n": {"$sum": 1}}}
        through = _listing({"status": None}).keys
        return {doc["_id"]: doc["n"] async for doc in self._rows.aggregate(scope, {}, [group], hint=through)}

    # -- numbers ---------------------------------------------------------------------------------------------

    async def next_rank(self, tx: Tx, series: str) -> int:
        """The next number of a series: taken in the issuing transaction, so an issue that fails takes none."""
        doc = await self._series.find_one_and_update(
            {"_id": series}, {"$inc": {"last": 1}}, upsert=True, session=tx, return_document=ReturnDocument.AFTER
        )
        return int(doc["last"])

    async def series(self) -> dict[str, int]:
        return {doc["_id"]: doc["last"] async for doc in self._series.find({})}

    # -- units -----------------------------------------------------------------------------------------------

    async def bind(self, tx: Tx, units: Sequence[Unit]) -> None:
        """Tie ledger lines to their invoice; one that already is on an invoice raises DuplicateKeyError."""
        if units:
            await insert_all(self._units, [one.model_dump() | {"_id": one.id} for one in units], tx)

    async def units_of(self, invoice_id: str, page: Page) -> Paged[Unit]:
        query = {"invoice_id": invoice_id}
        cursor = self._units.find(query, {"_id": 0}).sort([("invoice_id", 1), ("id", 1)])
        rows = [Unit(**doc) async for doc in cursor.skip(page.skip).limit(page.limit)]
        total = await self._units.count_documents(query)
        return Paged(rows, total, False)

    async def bound(self, invoice_id: str, delivery_ids: Sequence[str], *, tx: Tx) -> list[Unit]:
        """The units of the invoice, those of these deliveries only when given."""
        query: Doc = {"invoice_id": invoice_id} | ({"delivery_id": {"$in": list(delivery_ids)}} if delivery_ids else {})
        return [Unit(**doc) async for doc in self._units.find(query, {"_id": 0}, session=tx)]

    async def already(self, ids: Sequence[str], *, tx: Tx | None = None) -> set[str]:
        """Those of these ledger lines that an invoice or an avoir carries."""
        cursor = self._units.find({"_id": {"$in": list(ids)}}, {"_id": 1}, session=tx)
        return {doc["_id"] async for doc in cursor}

    async def every_unit(self) -> AsyncIterator[Unit]:
        async for doc in self._units.find({}, {"_id": 0}).sort("_id", 1):
            yield Unit(**doc)

    # -- payments --------------------------------------------------------------------------------------------

    async def add_payment(self, tx: Tx, payment: Payment) -> None:
        await self._raw_payments.insert_one(payment.model_dump(), session=tx)

    async def payments_of(self, invoice_id: str, *, tx: Tx | None = None) -> list[Payment]:
        cursor = self._raw_payments.find({"invoice_id": invoice_id}, {"_id": 0}, session=tx).sort("at", 1)
        return [Payment(**doc) async for doc in cursor]

    async def payments_by(self, scope: Scope, client_id: str, first: str, last: str) -> list[Payment]:
        """What a client paid on these Paris days, both included, whenever its invoices were issued."""
        query = {"client_id": client_id}
        known = self._rows.find(scope, query, fields=("id",)).hint(list(_listing(query).keys))
        ids = [doc["id"] async for doc in known]
        found = self._payments.find(scope, {"invoice_id": {"$in": ids}, "paid_on": {"$gte": first, "$lte": last}})
        rows = [Payment(**doc) async for doc in found.hint(list(_OF_INVOICE.keys))]
        return sorted(rows, key=lambda one: (one.paid_on, one.id))

    async def paid(self) -> dict[str, Decimal]:
        """The sum of the payments of each invoice."""
        group = {"$group": {"_id": "$invoice_id", "paid": {"$sum": "$amount"}}}
        return {doc["_id"]: doc["paid"] async for doc in self._raw_payments.aggregate([group])}

    # -- files -----------------------------------------------------------------------------------------------

    async def file(self, invoice_id: str) -> bytes | None:
        doc = await self._files.find_one({"_id": invoice_id})
        return bytes(doc["pdf"]) if doc else None

    async def keep_file(self, invoice_id: str, entity: str, pdf: bytes, sha256: str) -> bytes:
        """Keep the document of an issued invoice; the first one made stays the document."""
        doc = await self._files.find_one_and_update(
            {"_id": invoice_id}, {"$setOnInsert": {"entity": entity, "pdf": pdf, "sha256": sha256}}, upsert=True,
            return_document=ReturnDocument.AFTER,
        )  # fmt: skip
        return bytes(doc["pdf"])


def _keys(invoice: Invoice) -> Doc:
    """By its number once it has one, by its client and by the number it corrects."""
    numbers = [invoice.invoice_number or "", invoice.corrects.invoice_number if invoice.corrects else ""]
    found = {key for one in numbers if one for key in finding.number_keys(one)}
    return {"keys": sorted(found | finding.word_keys(invoice.client_name))}


def _listing(query: Mapping[str, Any]) -> Index:
    """The index a list is read through."""
    known = [name for name in FILTERS if name in query]
    return index("entity", *known[:1], *_NEWEST)


def _late(query: Mapping[str, Any], today: str) -> Doc:
    owed = {"$expr": {"$gt": [{"$subtract": ["$amount_ttc", {"$add": ["$credited_ttc", "$paid_amount"]}]}, 0]}}
    return {**query, "status": "issued", "due_at": {"$lt": today}, **owed}


def _sides(scope: Scope) -> list[Doc]:
    entities = {"$in": list(scope.entities)}
    return [{"from_entity": entities}, {"to_entity": entities}]
