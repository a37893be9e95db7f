"""Weeks and periods given in a query: they exist, or the request is impossible (400)."""

from __future__ import annotations

from datetime import date

from backend.core.errors import BadRequest
from backend.core.weeks import week_monday


def valid_week(week: str | None) -> str | None:
    """A week that exists, or 400."""
    if week is not None:
        try:
            known = 2000 <= week_monday(week).year <= 2098
        except ValueError:
            known = False
        if not known:
            raise BadRequest({"week_key": "Semaine attendue : AAAA-Wss, par exemple 2026-W11."})
    return week


def period(first: date, last: date) -> tuple[date, date]:
    """Two Paris days in order, at most about ten years apart, or 400."""
    if not 2000 <= first.year <= last.year <= 2099 or last < first:
        raise BadRequest({"last": "La fin de la période précède son début, ou une date est hors limites."})
    return first, last
