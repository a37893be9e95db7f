"""The steps. To change what is stored, add a function and a line: a few lines, safe to run twice, streamed if large.

Code deployed before its migration must still read the base, and the code before it should: add, fill, and only in a
later version remove.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pymongo import UpdateOne

from backend.core import finding
from backend.core import phone as phones
from backend.core.indexes import Index
from backend.core.migrations import Step
from backend.core.mongo import Doc, Mongo
from backend.core.sealing import Vault, place
from backend.core.weeks import week_of

INDEXES: dict[str, Sequence[Index]] = {}
_AT_ONCE = 500


async def _baseline(_mongo: Mongo) -> None:
    """The base as the first version made it: nothing to change, a number to count from."""


async def _seal_api_keys(mongo: Mongo, vault: Vault) -> None:
    """Clients' API keys were stored in clear. One changed meanwhile is left: it was sealed by who changed it."""
    clients = mongo.collection("clients")
    in_clear = {"api_key": {"$type": "string", "$ne": ""}}
    async for doc in clients.find(in_clear, {"id": 1, "api_key": 1}):
        sealed = vault.seal(doc["api_key"], place("clients", doc["id"], "api_key"))
        await clients.update_one({"_id": doc["_id"], "api_key": doc["api_key"]}, {"$set": {"api_key": sealed}})


async def _batches_say_their_week(mongo: Mongo) -> None:
    """Batches sent before the filter by week get the Paris week in which they were accepted."""
    batches = mongo.collection("delivery_batches")
    async for doc in batches.find({"sent_at": {"$ne": None}, "sent_week": None}, {"sent_at": 1}):
        await batches.update_one({"_id": doc["_id"]}, {"$set": {"sent_week": week_of(doc["sent_at"])}})


async def _rows_are_found_by_keys(mongo: Mongo) -> None:
    """Leads get the beginnings of their number; deliveries, invoices and users their keys; clients their number."""
    await _each(mongo, "leads", ("nom", "prenom", "email", "phone"), _of_person)
    await _each(mongo, "deliveries", ("contact",), lambda doc: _of_person(doc["contact"]))
    await _each(mongo, "invoices", ("invoice_number", "corrects", "client_name"), _of_invoice)
    await _each(mongo, "users", ("nom", "email"), _of_user)
    clients = mongo.collection("clients")
    async for doc in clients.find({"phone": {"$gt": ""}}, {"phone": 1}):
        keys = finding.phone_keys(phones.parse(doc["phone"]).e164)
        await clients.update_one({"_id": doc["_id"]}, {"$addToSet": {"search_keys": {"$each": sorted(keys)}}})


async def _each(mongo: Mongo, name: str, fields: Sequence[str], keys: Callable[[Doc], list[str]]) -> None:
    """Write the keys of every row, streamed."""
    rows, changes = mongo.collection(name), []
    async for doc in rows.find({}, dict.fromkeys(fields, 1)):
        changes.append(UpdateOne({"_id": doc["_id"]}, {"$set": {"keys": keys(doc)}}))
        if len(changes) == _AT_ONCE:
            await rows.bulk_write(changes, ordered=False)
            changes = []
    if changes:
        await rows.bulk_write(changes, ordered=False)


def _of_person(doc: Doc) -> list[str]:
    return finding.person_keys(*(doc.get(name) or "" for name in ("nom", "prenom", "email", "phone")))


def _of_user(doc: Doc) -> list[str]:
    return finding.person_keys(doc["nom"], doc["email"].partition("@")[0], doc["email"], "")


def _of_invoice(doc: Doc) -> list[str]:
    numbers = (doc.get("invoice_number"), (doc.get("corrects") or {}).get("invoice_number"))
    found = {key for one in numbers if one for key in finding.number_keys(one)}
    return sorted(found | finding.word_keys(doc["client_name"]))


def steps(vault: Vault) -> tuple[Step, ...]:
    """Every step, in order. `vault`: what seals the secrets kept in the base."""
    return (
        Step(1, "baseline", _baseline),
        Step(2, "seal_api_keys", lambda mongo: _seal_api_keys(mongo, vault)),
        Step(3, "batches_say_their_week", _batches_say_their_week),
        Step(4, "rows_are_found_by_keys", _rows_are_found_by_keys),
    )


LATEST = 4
