"""Queries of the outbox. Leases are the server's time (`$$NOW`); every write of a holder is guarded by its fence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import TOTAL_CAP, Page, Paged
from backend.core.tenancy import NEWEST, Scope, TenantCollection
from backend.outbox.models import TASKS, Attempt, Row, State

INDEXES = {
    "outbox": [
        index("id", unique=True),
        index("state", "channel", "next_at", "_id"),
        index("state", "phase", "lease_until"),
        index("batch_id", "_id"),
        index("task_key", "state", partial={"channel": TASKS}),
        index("message_id", unique=True, partial={"message_id": {"$exists": True}}),
        index("expires_at", ttl_s=0),
        index("entity", "-created_at", "-id"),
        index("entity", "state", "-created_at", "-id"),
        index("entity", "channel", "-created_at", "-id"),
        index("entity", "state", "channel", "-created_at", "-id"),
        index("entity", "client_id", "-created_at", "-id"),
        index("entity", "kind", "-created_at", "-id"),
    ],
    "outbox_attempts": [index("outbox_id", "at", "_id")],
}
_DUPLICATE = 11000
_AFTER = ReturnDocument.AFTER
_LEASE_OVER: Doc = {"$expr": {"$lt": ["$lease_until", "$$NOW"]}}
_LEASE_LIVE: Doc = {"$expr": {"$gte": ["$lease_until", "$$NOW"]}}


def _until(lease: timedelta) -> Doc:
    amount = int(lease.total_seconds() * 1000)
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": amount}}


def _held(row: Row) -> Doc:
    return {"_id": row.id, "fence": row.fence, "state": "leased"}


def _first_error(exc: BulkWriteError) -> PyMongoError:
    """The refusal of a bulk insert, without the documents that its text would show."""
    error = exc.details["writeErrors"][0] if exc.details else {}
    if error.get("code") == _DUPLICATE:
        return DuplicateKeyError("outbox: duplicate key", _DUPLICATE, {"keyPattern": error.get("keyPattern")})
    return OperationFailure("outbox: insert refused", error.get("code"))


def _row(doc: Doc | None) -> Row | None:
    return Row.model_validate(doc) if doc else None


class OutboxStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._raw = mongo.collection("outbox")
        self._attempts = mongo.collection("outbox_attempts")
        self._channels = mongo.collection("outbox_channels")
        self._rows = TenantCollection(self._raw)

    # What waits

    async def insert(self, tx: Tx, docs: Sequence[Doc]) -> None:
        try:
            await self._raw.insert_many(list(docs), session=tx)
        except BulkWriteError as exc:
            raise _first_error(exc) from None

    async def known(self, tx: Tx, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that are in the outbox, in any state."""
        return {doc["_id"] async for doc in self._raw.find({"_id": {"$in": list(ids)}}, {"_id": 1}, session=tx)}

    async def hurry_task(self, tx: Tx, task_key: str, now: datetime) -> bool:
        """Make the pending task of this key due. A write, so that it conflicts with a claim made meanwhile."""
        found = await self._raw.update_one(
            {"task_key": task_key, "state": "pending", "channel": TASKS},
            {"$min": {"next_at": now}, "$inc": {"asked": 1}},
            session=tx,
        )
        return found.matched_count == 1

    async def of_batches(self, batch_ids: Sequence[str], *, tx: Tx | None = None) -> list[Row]:
        """Rows of these batches, in the order of their ids."""
        cursor = self._raw.find({"batch_id": {"$in": list(batch_ids)}}, session=tx).sort([("batch_id", 1), ("_id", 1)])
        return [Row.model_validate(doc) async for doc in cursor]

    async def standing(self, tx: Tx, batch_id: str, kind: str) -> list[tuple[str, bool]]:
        attempted = {"$ne": ["$first_attempt_at", None]}
        stages: list[Doc] = [
            {"$match": {"batch_id": batch_id, "kind": kind}},
            {"$group": {"_id": {"state": "$state", "attempted": attempted}}},
        ]
        found = [doc["_id"] async for doc in self._raw.aggregate(stages, session=tx)]
        return [(one["state"], one["attempted"]) for one in found]

    async def make_due(self, tx: Tx, batch_ids: Sequence[str], now: datetime) -> int:
        query = {"batch_id": {"$in": list(batch_ids)}, "state": "pending", "next_at": {"$gt": now}}
        return (await self._raw.update_many(query, {"$set": {"next_at": now}}, session=tx)).modified_count

    async def make_channel_due(self, channel: str, now: datetime) -> int:
        query = {"state": "pending", "channel": channel, "next_at": {"$gt": now}}
        return (await self._raw.update_many(query, {"$set": {"next_at": now}})).modified_count

    async def move(self, tx: Tx, row: Row, change: Mapping[str, Any]) -> Row | None:
        """Change a row that nobody holds, if it is still as `row` (state and fence)."""
        query = {"_id": row.id, "state": row.state, "fence": row.fence}
        return _row(await self._raw.find_one_and_update(query, {"$set": change}, return_document=_AFTER, session=tx))

    async def inserted(self) -> AsyncIterator[None]:
        """One beat per row put in line by anybody, as it is committed. Ends with an error, never by itself."""
        put: list[Doc] = [{"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}}]
        async with self._raw.watch(put, max_await_time_ms=1_000) as changes:
            async for _ in changes:
                yield

    # What is being done

    async def claim(self, channels: Sequence[str], owner: str, lease: timedelta, now: datetime) -> Row | None:
        """Take the row due first on one of `channels`; None when there is none."""
        change = {
            "state": "leased",
            "phase": "claimed",
            "owner": owner,
            "fence": {"$add": ["$fence", 1]},
            "lease_until": _until(lease),
        }
        doc = await self._raw.find_one_and_update(
            {"state": "pending", "channel": {"$in": list(channels)}, "next_at": {"$lte": now}},
            [{"$set": change}],
            sort=[("next_at", 1), ("_id", 1)],
            hint=[("state", 1), ("channel", 1), ("next_at", 1), ("_id", 1)],
            return_document=_AFTER,
        )
        return _row(doc)

    async def beat(self, row: Row, lease: timedelta) -> bool:
        """Extend the lease; False when it is no longer ours."""
        found = await self._raw.update_one(_held(row), [{"$set": {"lease_until": _until(lease)}}])
        return found.matched_count == 1

    async def journal(self, tx: Tx, row: Row, lease: timedelta, business_now: datetime) -> Row | None:
        """Note the point of no return, while the lease lives."""
        change = {
            "phase": "data",
            "lease_until": _until(lease),
            "first_attempt_at": {"$ifNull": ["$first_attempt_at", business_now]},
            "data_at": business_now,
        }
        doc = await self._raw.find_one_and_update(
            {**_held(row), **_LEASE_LIVE}, [{"$set": change}], return_document=_AFTER, session=tx
        )
        return _row(doc)

    async def finish(self, tx: Tx, row: Row, change: Mapping[str, Any], *, expired: bool) -> Row | None:
        """End the hold of `row`; `expired`: only when its lease is over (the sweeper)."""
        query = {**_held(row), **(_LEASE_OVER if expired else {})}
        return _row(await self._raw.find_one_and_update(query, {"$set": change}, return_document=_AFTER, session=tx))

    async def add_attempt(self, tx: Tx, doc: Doc) -> None:
        await self._attempts.insert_one(doc, session=tx)

    async def release_expired(self) -> int:
        """Rows whose holder went silent before the journal wait again, due at once."""
        change = {"state": "pending", "phase": None, "owner": "", "lease_until": None, "next_at": "$$NOW"}
        query = {"state": "leased", "phase": "claimed", **_LEASE_OVER}
        return (await self._raw.update_many(query, [{"$set": change}])).modified_count

    async def lost_after_journal(self) -> list[Row]:
        """Rows whose holder went silent past the point of no return."""
        query = {"state": "leased", "phase": "data", **_LEASE_OVER}
        return [Row.model_validate(doc) async for doc in self._raw.find(query)]

    # Channels

    async def know_channel(self, channel: str) -> None:
        await self._channels.update_one({"_id": channel}, {"$setOnInsert": {"state": "active"}}, upsert=True)

    async def set_channel(self, tx: Tx, channel: str, state: str, reason: str, user: str, now: datetime) -> bool:
        """False when the channel was in `state` already."""
        change = {"state": state, "reason": reason, "changed_at": now, "changed_by": user}
        query = {"_id": channel, "state": {"$ne": state}}
        return (await self._channels.update_one(query, {"$set": change}, session=tx)).matched_count == 1

    async def channel_docs(self) -> dict[str, Doc]:
        return {doc["_id"]: doc async for doc in self._channels.find({})}

    async def channel(self, tx: Tx, channel: str) -> Doc | None:
        return await self._channels.find_one({"_id": channel}, session=tx)

    async def set_circuit(self, tx: Tx, channel: str, change: Mapping[str, Any]) -> None:
        await self._channels.update_one({"_id": channel}, {"$set": dict(change)}, session=tx)

    async def heal(self, channel: str, change: Mapping[str, Any]) -> bool:
        """False when nothing was held against it."""
        query = {"_id": channel, "$or": [{"failures": {"$gt": 0}}, {"trips": {"$gt": 0}}]}
        return (await self._channels.update_one(query, {"$set": dict(change)})).matched_count == 1

    async def take_probe(self, channel: str, now: datetime, length: timedelta) -> bool:
        """True for the one who may try a channel whose stop is over."""
        free = {"$or": [{"probe_until": None}, {"probe_until": {"$lte": now}}]}
        query = {"_id": channel, "trips": {"$gt": 0}, "down_until": {"$lte": now}, **free}
        return (await self._channels.update_one(query, {"$set": {"probe_until": now + length}})).matched_count == 1

    async def any_due(self, channel: str, now: datetime) -> bool:
        query = {"state": "pending", "channel": channel, "next_at": {"$lte": now}}
        return await self._raw.find_one(query, {"_id": 1}) is not None

    async def count_on(self, channel: str, state: str) -> int:
        return await self._raw.count_documents({"state": state, "channel": channel}, limit=TOTAL_CAP)

    # What people see

    async def one(self, scope: Scope, row_id: str, *, tx: Tx | None = None) -> Row | None:
        return _row(await self._rows.one(scope, {"id": row_id}, tx=tx))

    async def page(self, scope: Scope, page: Page, query: Mapping[str, str]) -> Paged[Doc]:
        """Newest first. Read through the index of the narrowest filter; the others are checked on the way."""
        narrow = next((keys for keys in _NARROWEST if set(keys) <= set(query)), ())
        through = [("entity", 1), *((key, 1) for key in narrow), *NEWEST]
        return await self._rows.page(scope, query, page, fields=_LINE, hint=through)

    async def oldest_waiting(self, scope: Scope) -> datetime | None:
        """When the row that waits for the longest was put in line (business time)."""
        found = self._rows.find(scope, {"state": "pending"}, sort=_OLDEST, fields=("created_at",)).limit(1)
        found.hint([("entity", 1), ("state", 1), *NEWEST])
        return next((doc["created_at"] for doc in await found.to_list(1)), None)

    async def given_up(self, channel: str) -> AsyncIterator[tuple[str, str | None]]:
        """(id, entity) of what failed or died on `channel`, oldest first, streamed."""
        for state in ("failed", "dead"):
            query = {"state": state, "channel": channel}
            cursor = self._raw.find(query, {"entity": 1}).sort([("next_at", 1), ("_id", 1)])
            async for doc in cursor:
                yield doc["_id"], doc["entity"]

    async def unsettled(self) -> AsyncIterator[Row]:
        """What is about to leave, or may have left: every row, the oldest first on each channel."""
        query = {"state": {"$in": list(_UNSETTLED)}, "channel": {"$ne": TASKS}}
        async for doc in self._raw.find(query).sort([("state", 1), ("channel", 1), ("next_at", 1), ("_id", 1)]):
            yield Row.model_validate(doc)

    async def unsettled_page(self, scope: Scope, page: Page, before: datetime) -> Paged[Doc]:
        """Of what is about to leave, or may have left: what was put in line before then, newest first."""
        query = {"state": {"$in": list(_UNSETTLED)}, "channel": {"$ne": TASKS}, "created_at": {"$lt": before}}
        through = [("entity", 1), ("state", 1), *NEWEST]
        return await self._rows.page(scope, query, page, fields=_LINE, hint=through)

    async def attempts(self, row_id: str) -> list[Attempt]:
        cursor = self._attempts.find({"outbox_id": row_id}).sort([("at", 1), ("_id", 1)])
        return [Attempt.model_validate(doc) async for doc in cursor]

    async def counts(self, scope: Scope, states: Sequence[State]) -> dict[str, int]:
        """Rows per state, each counted up to 10,000."""
        counted: dict[str, int] = {}
        for state in states:
            query = {"entity": scope.predicate(), "state": state}
            counted[state] = await self._raw.count_documents(query, limit=TOTAL_CAP)
        return counted


_UNSETTLED = ("pending", "leased", "uncertain")
_NARROWEST = (("client_id",), ("state", "channel"), ("state",), ("channel",), ("kind",))
_OLDEST = (("created_at", 1), ("id", 1))
_LINE = ("id", "kind", "channel", "entity", "batch_id", "client_id", "to", "state", "n", "next_at", "last_error",
         "first_attempt_at", "sent_at", "answer", "message_id", "deadline_at", "created_at")  # fmt: skip
