"""Shapes of the hold."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from backend.core.text import AdminBody, FilledLine


class Held(BaseModel):
    """Why nothing leaves, since when, by whom."""

    reason: str
    since: datetime
    by: str


class HoldState(BaseModel):
    """Whether anything leaves; when nothing does: why, since when, by whom."""

    held: bool
    reason: str = ""
    since: datetime | None = None
    by: str = ""


class HoldAsk(AdminBody):
    reason: FilledLine = Field(description="Motif affiché à l'exploitation")


class HoldSaid(BaseModel):
    """The plain answer of both actions."""

    success: bool = True
    held: bool
