"""Queries of `visitor_sessions` and `tracking`. Both are kept 13 months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.tracking.models import VisitorSession

_KEPT_S = 395 * 24 * 3600

INDEXES = {
    "visitor_sessions": [
        index("id", unique=True),
        index("visitor_id", "lp_code", unique=True, partial={"current": True}),
        index("created_at", ttl_s=_KEPT_S),
    ],
    "tracking": [
        index("id", unique=True),
        index("session_id", "event", unique=True, partial={"once": True}),
        index("session_id", "created_at"),
        index("created_at", ttl_s=_KEPT_S),
    ],
}


class TrackingStore:
    def __init__(self, mongo: Mongo) -> None:
        self._sessions = mongo.collection("visitor_sessions")
        self._events = mongo.collection("tracking")

    async def session(self, session_id: str, *, tx: Tx | None = None) -> VisitorSession | None:
        doc = await self._sessions.find_one({"id": session_id}, session=tx)
        return VisitorSession.model_validate(doc) if doc else None

    async def current(self, visitor_id: str, lp_code: str, since: datetime) -> VisitorSession | None:
        """The session this visitor has on this page, if it was opened after `since`."""
        query = {"visitor_id": visitor_id, "lp_code": lp_code, "current": True, "created_at": {"$gt": since}}
        doc = await self._sessions.find_one(query)
        return VisitorSession.model_validate(doc) if doc else None

    async def retire(self, tx: Tx, visitor_id: str, lp_code: str, until: datetime) -> None:
        """Make room for a new current session: one opened up to `until` no longer is."""
        query = {"visitor_id": visitor_id, "lp_code": lp_code, "current": True, "created_at": {"$lte": until}}
        await self._sessions.update_one(query, {"$set": {"current": False}}, session=tx)

    async def insert(self, tx: Tx, session: VisitorSession) -> None:
        await self._sessions.insert_one(session.model_dump(), session=tx)

    async def fill_in(self, tx: Tx, session_id: str, fields: Mapping[str, str]) -> None:
        await self._sessions.update_one({"id": session_id}, {"$set": dict(fields)}, session=tx)

    async def convert(self, tx: Tx, session_id: str, lead_id: str) -> bool:
        change = {"$set": {"status": "converted", "lead_id": lead_id}}
        done = await self._sessions.update_one({"id": session_id, "status": "active"}, change, session=tx)
        return done.matched_count == 1

    async def add_event(self, tx: Tx, doc: Doc) -> None:
        await self._events.insert_one(doc, session=tx)

    async def once_event(self, session_id: str, event: str) -> str | None:
        """The id of the one event of this type that the session has."""
        doc = await self._events.find_one({"session_id": session_id, "event": event, "once": True}, {"id": 1})
        return str(doc["id"]) if doc else None
