"""Queries of `cron_logs`. Leases are the server's time (`$$NOW`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from backend.core.clock import utcnow
from backend.core.indexes import index
from backend.core.mongo import CODEC, Doc, Mongo, Tx
from backend.core.paging import TOTAL_CAP, Page, Paged
from backend.jobs.models import Slot

INDEXES = {
    "cron_logs": [
        index("job", unique=True, partial={"state": "running"}),
        index("job", "state", "due_at", "_id"),
        index("job", "asked_for", "-due_at"),
        index("job", "-due_at", "-_id"),
        index("-due_at", "-_id"),
    ]
}
_INSTALLED = "installed"
_SHOWN = 100
_AFTER = ReturnDocument.AFTER
_NEWEST = [("due_at", -1), ("_id", -1)]
_OLDEST = [("due_at", 1), ("_id", 1)]


def _until(lease: timedelta) -> Doc:
    amount = int(lease.total_seconds() * 1000)
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": amount}}


def _held(slot: Slot) -> Doc:
    return {"_id": slot.id, "fence": slot.fence, "state": "running"}


def _silent(job: str) -> Doc:
    return {"job": job, "state": "running", "$expr": {"$lt": ["$lease_until", "$$NOW"]}}


def _slot(doc: Doc | None) -> Slot | None:
    return Slot.model_validate(doc) if doc else None


class JobsStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._slots = mongo.collection("cron_logs")
        self._config = mongo.collection("system_config")

    # Slots

    async def add(self, tx: Tx | None, doc: Doc) -> bool:
        """Insert a slot; False when it is there already. Inside a transaction the duplicate is raised."""
        try:
            await self._slots.insert_one(doc, session=tx)
        except DuplicateKeyError:
            if tx is not None:
                raise
            return False
        return True

    async def last_planned(self, job: str) -> datetime | None:
        """When the newest slot that the calendar made was due."""
        query, sort = {"job": job, "asked_for": False}, [("due_at", -1)]
        through = [("job", 1), ("asked_for", 1), *sort]
        doc = await self._slots.find_one(query, {"due_at": 1}, sort=sort, hint=through)
        return doc["due_at"] if doc else None

    async def keys(self, job: str, key: str) -> set[str]:
        """The slots of `key`: itself and those asked for (`key#2`, …)."""
        prefix = f"{job}:{key}"
        query = {"_id": {"$gte": prefix, "$lt": prefix + "$"}}  # "$" follows "#"
        return {doc["_id"] async for doc in self._slots.find(query, {"_id": 1})}

    async def one(self, slot_id: str) -> Slot | None:
        return _slot(await self._slots.find_one({"_id": slot_id}))

    async def skip_late(self, job: str, now: datetime) -> list[str]:
        """Slots nobody started in time become `skipped`; which."""
        query = {"job": job, "state": "due", "until": {"$lt": now}}
        late = [doc["_id"] async for doc in self._slots.find(query, {"_id": 1})]
        skipped = []
        for slot_id in late:
            found = await self._slots.update_one({"_id": slot_id, "state": "due"}, {"$set": {"state": "skipped"}})
            skipped += [slot_id] * found.modified_count
        return skipped

    # Running

    async def claim(self, job: str, owner: str, lease: timedelta, now: datetime) -> Slot | None:
        """Start the oldest due slot; None when there is none, or when another slot of the job runs."""
        change = {**_start(owner, lease, now), "takeovers": "$takeovers"}
        try:
            doc = await self._slots.find_one_and_update(
                {"job": job, "state": "due", "$or": [{"until": None}, {"until": {"$gte": now}}]},
                [{"$set": change}],
                sort=_OLDEST,
                hint=[("job", 1), ("state", 1), *_OLDEST],
                return_document=_AFTER,
            )
        except DuplicateKeyError:
            return None
        return _slot(doc)

    async def take_over(self, job: str, owner: str, lease: timedelta, now: datetime) -> Slot | None:
        """Continue the running slot whose runner went silent."""
        change = {**_start(owner, lease, now), "sessions": [], "takeovers": {"$add": ["$takeovers", 1]}}
        doc = await self._slots.find_one_and_update(
            _silent(job),
            [{"$set": change}],
            return_document=_AFTER,
        )
        return _slot(doc)

    async def note_session(self, slot: Slot, session: bytes) -> None:
        """Remember a session that writes for this run, so that an heir can end what it leaves open."""
        await self._slots.update_one(_held(slot), {"$addToSet": {"sessions": session}})

    async def silent_sessions(self, job: str) -> list[bytes]:
        """The sessions of the running slot whose runner went silent."""
        doc = await self._slots.find_one(_silent(job), {"sessions": 1})
        return list(doc.get("sessions", ())) if doc else []

    async def beat(self, slot: Slot, lease: timedelta) -> bool:
        change = {"lease_until": _until(lease), "heartbeat": "$$NOW"}
        return (await self._slots.update_one(_held(slot), [{"$set": change}])).matched_count == 1

    async def step(self, tx: Tx, slot: Slot) -> bool:
        """Count one transaction of the run; False when the slot is no longer ours."""
        found = await self._slots.update_one(_held(slot), {"$inc": {"steps": 1}}, session=tx)
        return found.matched_count == 1

    async def finish(self, slot: Slot, change: Mapping[str, Any]) -> bool:
        return (await self._slots.update_one(_held(slot), {"$set": {**change, "lease_until": None}})).matched_count == 1

    async def let_go(self, slot: Slot) -> None:
        """Give the slot back unfinished: another may take it over at once."""
        await self._slots.update_one(_held(slot), [{"$set": {"lease_until": {"$subtract": ["$$NOW", 1]}}}])

    # Reading

    async def page(self, page: Page, job: str | None = None) -> Paged[Slot]:
        query = {"job": job} if job else {}
        through = [*((key, 1) for key in query), *_NEWEST]
        cursor = self._slots.find(query).hint(through).sort(_NEWEST).skip(page.skip).limit(page.limit)
        through = [("job", 1), *_NEWEST] if job else _NEWEST
        total = await self._slots.count_documents(query, limit=TOTAL_CAP + 1, hint=through)
        return Paged([Slot.model_validate(doc) async for doc in cursor], min(total, TOTAL_CAP), total > TOTAL_CAP)

    async def last(self, job: str, states: Sequence[str] | None = None) -> Slot | None:
        query = {"job": job, **({"state": {"$in": list(states)}} if states else {})}
        return _slot(await self._slots.find_one(query, sort=_NEWEST, hint=[("job", 1), *_NEWEST]))

    async def open_ids(self, job: str, due_by: datetime) -> list[str]:
        """Slots due by then and not over, oldest first."""
        query = {"job": job, "state": {"$in": ["due", "running"]}, "due_at": {"$lt": due_by}}
        return [doc["_id"] async for doc in self._slots.find(query, {"_id": 1}).sort(_OLDEST).limit(_SHOWN)]

    async def oldest_due(self, job: str) -> datetime | None:
        """Since when the oldest slot not started waits."""
        doc = await self._slots.find_one({"job": job, "state": "due"}, {"due_at": 1}, sort=_OLDEST)
        return doc["due_at"] if doc else None

    async def count_since(self, job: str, states: Sequence[str], since: datetime) -> int:
        query = {"job": job, "state": {"$in": list(states)}, "due_at": {"$gte": since}}
        return await self._slots.count_documents(query)

    # The house

    async def installed_at(self, now: datetime) -> datetime:
        """When this base was first started, in business time; noted at the first call."""
        doc = await self._config.find_one_and_update(
            {"_id": _INSTALLED}, {"$setOnInsert": {"at": now}}, upsert=True, return_document=_AFTER
        )
        at: datetime = doc["at"]
        return at

    async def skew(self) -> timedelta:
        """Real time here minus the server's."""
        before = utcnow()
        hello = await self._mongo.db.command("hello", codec_options=CODEC)
        local: datetime = hello["localTime"]
        here = before + (utcnow() - before) / 2
        return here - local


def _start(owner: str, lease: timedelta, now: datetime) -> Doc:
    return {
        "state": "running",
        "owner": owner,
        "fence": {"$add": ["$fence", 1]},
        "lease_until": _until(lease),
        "heartbeat": "$$NOW",
        "run_at": {"$ifNull": ["$run_at", now]},
    }
