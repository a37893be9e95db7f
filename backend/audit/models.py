"""Shapes of the event log."""

from __future__ import annotations

from datetime import datetime
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


class EventRow(Event):
    """A line as it is read back."""

    id: str
    created_at: datetime
    request_id: str = ""


class EventFilters(BaseModel):
    """What a page of events is asked for. `search` wins over `entity_id`; every text is literal."""

    action: str | None = None
    entity_type: str | None = None
    entity_id: str | None = None
    week: str | None = None
    user: str | None = None
    search: str | None = None


class EventPage(BaseModel):
    events: list[EventRow]
    count: int
    total: int
    total_capped: bool | None = None


class EventActions(BaseModel):
    actions: list[str]
