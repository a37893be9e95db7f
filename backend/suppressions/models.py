"""Shapes of suppressed addresses."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Suppression(BaseModel):
    """An address of an entity, and what the server said of it. `hits`: how often it said so."""

    id: str
    entity: str
    address: str
    reason: str
    code: str
    row_id: str
    client_id: str
    hits: int
    created_at: datetime
    last_at: datetime


class SuppressionPage(BaseModel):
    suppressions: list[Suppression]
    count: int
    total: int
    total_capped: bool = False


class Lifted(BaseModel):
    success: bool = True
    address: str
    entities: list[str]
