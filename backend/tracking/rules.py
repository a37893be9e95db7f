"""Decisions of tracking: which events count once, what a cookie says, what is filled in late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from backend.tracking.models import CAMPAIGN, VisitorSession

ONCE = frozenset({"lp_visit", "cta_click", "form_start"})
REUSED_FOR = timedelta(minutes=30)
COOKIE = "_rdz_vid"
_YEAR = 365 * 24 * 3600


def visitor_of(cookie: str | None) -> str | None:
    """The visitor id a cookie carries; None when it isn't one of ours."""
    try:
        return str(UUID(cookie)) if cookie and len(cookie) <= 50 else None
    except ValueError:
        return None


def visitor_cookie(visitor_id: str, *, https: bool) -> str:
    """The Set-Cookie line: readable from landing pages of other sites on https; plain http is for loopback only."""
    reach = "Secure; SameSite=None; Partitioned" if https else "SameSite=Lax"
    return f"{COOKIE}={visitor_id}; Path=/; Max-Age={_YEAR}; HttpOnly; {reach}"


def filled_in(session: VisitorSession, given: Mapping[str, str]) -> dict[str, str]:
    """Campaign values that the session lacks and the visit brings."""
    return {name: given[name] for name in CAMPAIGN if given.get(name) and not getattr(session, name)}
