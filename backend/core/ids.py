"""Identifiers."""

from __future__ import annotations

from uuid import uuid4


def new_id() -> str:
    """A UUIDv4, as text: the `id` of everything that travels over HTTP."""
    return str(uuid4())
