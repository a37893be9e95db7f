"""Queries of `tasks` and `task_rows`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.core.clock import utcnow
from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, TenantCollection
from backend.tasks.models import Counts, NewRow, Row, Task

_MINE = index("entity", "user_id", "-created_at", "-id")
_ROWS = index("task_id", "n")
_BY_STATE = index("task_id", "state", "n")
INDEXES = {
    "tasks": [index("id", unique=True), _MINE, index("user_id", "state"), index("expires_at", ttl_s=0)],
    "task_rows": [_ROWS, _BY_STATE, index("task_id", "unit", "n"), index("expires_at", ttl_s=0)],
}
_KEPT = timedelta(days=90)


class TasksStore:
    def __init__(self, mongo: Mongo) -> None:
        self._tasks = TenantCollection(mongo.collection("tasks"))
        self._raw = mongo.collection("tasks")
        self._rows = mongo.collection("task_rows")

    async def insert(self, task: Task) -> None:
        await self._raw.insert_one({**task.model_dump(), "expires_at": utcnow() + _KEPT})

    async def add_rows(self, task_id: str, first: int, rows: Sequence[NewRow]) -> None:
        expires = utcnow() + _KEPT
        docs = [
            {**Row(**row.model_dump(), task_id=task_id, n=first + at, state="ignored" if row.code else "pending")
             .model_dump(), "_id": f"{task_id}:{row.key}", "unit": row.unit or row.key, "expires_at": expires}
            for at, row in enumerate(rows)
        ]  # fmt: skip
        await self._rows.insert_many(docs)

    async def discard(self, task_id: str) -> None:
        """Forget a task that could not be made ready."""
        await self._rows.delete_many({"task_id": task_id})
        await self._raw.delete_one({"id": task_id, "state": "preparing"})

    async def move(self, tx: Tx | None, task_id: str, states: Sequence[str], change: Mapping[str, Any]) -> bool:
        query = {"id": task_id, "state": {"$in": list(states)}}
        return (await self._raw.update_one(query, {"$set": dict(change)}, session=tx)).matched_count == 1

    async def task(self, task_id: str) -> Task | None:
        """For the worker: whatever the entity."""
        doc = await self._raw.find_one({"id": task_id})
        return Task(**doc) if doc else None

    async def mine(self, scope: Scope, user_id: str, task_id: str) -> Task | None:
        doc = await self._tasks.one(scope, {"id": task_id, "user_id": user_id})
        return Task(**doc) if doc else None

    async def page(self, scope: Scope, user_id: str, page: Page) -> Paged[Task]:
        found = await self._tasks.page(scope, {"user_id": user_id}, page, hint=_MINE.keys)
        return Paged([Task(**doc) for doc in found.rows], found.total, found.capped)

    async def under_way(self, user_id: str) -> int:
        return await self._raw.count_documents({"user_id": user_id, "state": "running"})

    async def counts(self, task_id: str) -> Counts:
        stages: list[Doc] = [{"$match": {"task_id": task_id}}, {"$group": {"_id": "$state", "n": {"$sum": 1}}}]
        found = {doc["_id"]: doc["n"] async for doc in self._rows.aggregate(stages, hint=dict(_BY_STATE.keys))}
        ended = {name: found.get(name, 0) for name in ("succeeded", "failed", "ignored")}
        return Counts(total=sum(found.values()), processed=sum(ended.values()), **ended)

    async def rows(self, task_id: str, state: str | None, page: Page) -> Paged[Row]:
        """In their order. The caller has checked whose task it is."""
        query = {"task_id": task_id} | ({"state": state} if state else {})
        cursor = self._rows.find(query).sort("n", 1).skip(page.skip).limit(page.limit)
        rows = [Row(**doc) async for doc in cursor]
        return Paged(rows, await self._rows.count_documents(query), capped=False)

    async def not_done(self, task_id: str) -> AsyncIterator[Row]:
        """What failed, was ignored or was left undone, streamed in order."""
        async for doc in self._rows.find({"task_id": task_id, "state": {"$ne": "succeeded"}}).sort("n", 1):
            yield Row(**doc)

    async def next_unit(self, task_id: str) -> list[Row]:
        """The rows of the next unit to do, all of them; empty when nothing is left."""
        query = {"task_id": task_id, "state": "pending"}
        first = await self._rows.find_one(query, sort=[("n", 1)])
        if first is None:
            return []
        unit = {"task_id": task_id, "unit": first["unit"]}
        return [Row(**doc) async for doc in self._rows.find(unit).sort("n", 1) if doc["state"] == "pending"]

    async def mark(self, tx: Tx | None, rows: Sequence[Row], token: str, change: Mapping[str, Any]) -> int:
        """End these rows, if nobody else did; `token` names the try, that may say it twice. How many were ours."""
        ids = [f"{row.task_id}:{row.key}" for row in rows]
        query = {"_id": {"$in": ids}, "$or": [{"state": "pending"}, {"token": token}]}
        done = await self._rows.update_many(query, {"$set": {**change, "token": token}}, session=tx)
        return done.matched_count


def ended(state: str, at: datetime, code: str = "", detail: str = "") -> Doc:
    """What a row becomes."""
    return {"state": state, "done_at": at, "code": code, "detail": detail}
