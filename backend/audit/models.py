"""Shapes of the event log."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class Event(BaseModel):
    """One line of `event_log`. `user` is an e-mail, or `system:<part>`, `provider:<slug>`, `public`."""

    action: str
    entity_type: str
    entity_id: str
    entity: str | None = None
    user: str = "system"
    details: dict[str, Any] = Field(default_factory=dict)
    related: dict[str, str] = Field(default_factory=dict)
