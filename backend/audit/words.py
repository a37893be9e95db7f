"""The words an event is found by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.core.text import folded

_NAMED = ("reason", "client_name", "name", "nom")
_MOST = 24


def words_of(action: str, user: str, details: Mapping[str, Any]) -> list[str]:
    """Folded words of the action (whole, and its parts), the user, the reason and the names."""
    texts = [action, action.replace("_", " "), user, *(str(details[key]) for key in _NAMED if details.get(key))]
    return sorted({word for text in texts for word in folded(text).split()})[:_MOST]


def wanted_words(search: str) -> list[str]:
    """The words of a search; an event must have them all."""
    return sorted(set(folded(search).split()))[:_MOST]
