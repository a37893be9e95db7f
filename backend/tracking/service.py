"""Use cases of tracking: a visitor's session, and what happens in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from pymongo.errors import DuplicateKeyError

from backend.core.clock import Clock
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Mongo, Tx
from backend.tracking import rules
from backend.tracking.models import EventAnswer, EventAsk, SessionAsk, VisitAsk, VisitorSession
from backend.tracking.store import TrackingStore

_CODES = ("lp_code", "form_code", "liaison_code")


class TrackingService:
    def __init__(self, mongo: Mongo, store: TrackingStore, clock: Clock) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock

    # What leads ask

    async def get_session(self, session_id: str, *, tx: Tx | None = None) -> VisitorSession | None:
        return await self._store.session(session_id, tx=tx) if session_id else None

    async def mark_converted(self, tx: Tx, session_id: str, lead_id: str) -> bool:
        """Tie a session to the first lead it brought; False when it is unknown or has one already."""
        return await self._store.convert(tx, session_id, lead_id)

    # What landing pages do

    async def open_session(self, visitor_id: str | None, ask: SessionAsk, ip: str) -> tuple[VisitorSession, bool]:
        """The visitor's session on this page: one of less than 30 minutes again (True), else a new one (False)."""
        known = await self._current(visitor_id, ask.lp_code)
        if known is not None:
            return known, True
        now = self._clock.now()
        session = VisitorSession(
            id=new_id(),
            visitor_id=visitor_id or new_id(),
            **ask.model_dump(),
            ip=ip,
            current=bool(ask.lp_code),
            created_at=now,
        )

        async def work(tx: Tx) -> None:
            if session.current:
                await self._store.retire(tx, session.visitor_id, session.lp_code, now - rules.REUSED_FOR)
            await self._store.insert(tx, session)

        try:
            await self._mongo.transaction(work)
        except DuplicateKeyError:
            return await self._lost_race(session), True
        return session, False

    async def _current(self, visitor_id: str | None, lp_code: str) -> VisitorSession | None:
        if not visitor_id or not lp_code:
            return None
        return await self._store.current(visitor_id, lp_code, self._clock.now() - rules.REUSED_FOR)

    async def _lost_race(self, session: VisitorSession) -> VisitorSession:
        """The session opened by another request at the same moment."""
        won = await self._store.current(session.visitor_id, session.lp_code, session.created_at - rules.REUSED_FOR)
        if won is None:
            raise NotFound("Session introuvable.")
        return won

    async def visit(self, ask: VisitAsk, ip: str) -> EventAnswer:
        """Count the page as seen, once per session, and fill in the campaign values that the session lacks."""
        given = ask.model_dump(exclude={"session_id", "lp_code"})

        async def work(tx: Tx) -> str:
            session = await self._known(ask.session_id, tx)
            missing = rules.filled_in(session, given)
            if missing:
                await self._store.fill_in(tx, session.id, missing)
            return await self._add(tx, session, "lp_visit", ip, {"lp_code": ask.lp_code or session.lp_code, **given})

        return await self._counted(ask.session_id, "lp_visit", work)

    async def event(self, ask: EventAsk, ip: str) -> EventAnswer:
        """Store an event; its codes are the session's where it gives none."""

        async def work(tx: Tx) -> str:
            session = await self._known(ask.session_id, tx)
            codes = {name: getattr(ask, name) or getattr(session, name) for name in _CODES}
            return await self._add(tx, session, ask.event_type, ip, codes)

        return await self._counted(ask.session_id, ask.event_type, work)

    async def _known(self, session_id: str, tx: Tx) -> VisitorSession:
        session = await self._store.session(session_id, tx=tx)
        if session is None:
            raise NotFound("Session inconnue : ouvrez-en une d'abord.", extra={"success": False})
        return session

    async def _add(self, tx: Tx, session: VisitorSession, event: str, ip: str, fields: dict[str, Any]) -> str:
        doc: Doc = {
            "id": new_id(),
            "session_id": session.id,
            "visitor_id": session.visitor_id,
            "event": event,
            "once": event in rules.ONCE,
            **fields,
            "ip": ip,
            "created_at": self._clock.now(),
        }
        await self._store.add_event(tx, doc)
        return str(doc["id"])

    async def _counted(self, session_id: str, event: str, work: Callable[[Tx], Awaitable[str]]) -> EventAnswer:
        try:
            return EventAnswer(event_id=await self._mongo.transaction(work))
        except DuplicateKeyError:
            first = await self._store.once_event(session_id, event)
            return EventAnswer(event_id=first or "", duplicate=True)
