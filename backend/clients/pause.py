"""A pause that ends by itself: until which Paris day, written beside `active`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.core.errors import InvalidInput


def paused(given: Mapping[str, Any], today: date) -> dict[str, Any]:
    """`given` with the end of its pause: a date means paused; opening or pausing without one forgets the date kept.

    422 when the day is not to come, or when the same body opens.
    """
    until = given.get("paused_until")
    if until is not None and (given.get("active") or until <= today.isoformat()):
        raise InvalidInput({"paused_until": "Choisissez un jour à venir, pour une mise en pause."})
    if until is None and given.get("active") is None:
        return dict(given)
    return {**given, "active": bool(given.get("active")) and until is None, "paused_until": until}
