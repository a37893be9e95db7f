"""The steps. To change what is stored, add a function and a line: a few lines, safe to run twice, streamed if large.

Code deployed before its migration must still read the base, and the code before it should: add, fill, and only in a
later version remove.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.core.indexes import Index
from backend.core.migrations import Step
from backend.core.mongo import Mongo
from backend.core.sealing import Vault, place
from backend.core.weeks import week_of

INDEXES: dict[str, Sequence[Index]] = {}


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


def steps(vault: Vault) -> tuple[Step, ...]:
    """Every step, in order. `vault`: what seals the secrets kept in the base."""
    return (
        Step(1, "baseline", _baseline),
        Step(2, "seal_api_keys", lambda mongo: _seal_api_keys(mongo, vault)),
        Step(3, "batches_say_their_week", _batches_say_their_week),
    )


LATEST = 3
