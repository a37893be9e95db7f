"""Shapes of the outbox: rows, attempts, channels, and what the routes answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.text import AdminBody, Email, FilledLine, Instant, Line
from backend.hold.models import HoldState

State = Literal["pending", "leased", "sent", "failed", "dead", "uncertain", "cancelled"]
"""`failed`: definitely refused. `dead`: nobody refused it, we gave up; a person decides."""
STATES: tuple[State, ...] = ("pending", "leased", "uncertain", "failed", "dead", "sent", "cancelled")
TASKS = "tasks"
"""The channel of what stays inside the house."""


class NewRow(BaseModel):
    """One thing to do, once. `id` is deterministic: the same intent twice is refused by the base."""

    id: str
    kind: str
    channel: str
    entity: str | None
    batch_id: str = ""
    delivery_id: str = ""
    """The one delivery this row carries; empty when it carries its whole batch."""
    client_id: str = ""
    to: str = ""
    payload: dict[str, Any]
    deadline_at: datetime | None = None
    """Business time after which a refusal is final; 72 h after the enqueue when not given. Tasks never give up."""


class Row(BaseModel):
    """A row as it is stored. `n` counts the real attempts, `tries` those since it was last put in line by a person."""

    model_config = ConfigDict(extra="ignore")

    id: str
    kind: str
    channel: str
    entity: str | None
    batch_id: str
    delivery_id: str = ""
    client_id: str
    to: str
    payload: dict[str, Any]
    message_id: str = ""
    state: State
    phase: Literal["claimed", "data", "done"] | None
    fence: int
    n: int
    tries: int
    next_at: datetime
    lease_until: datetime | None
    owner: str
    last_error: str
    first_attempt_at: datetime | None
    data_at: datetime | None
    """When the last journal was written: an uncertain row was sent then or never."""
    sent_at: datetime | None
    answer: str
    deadline_at: datetime | None
    created_at: datetime
    replaced_by: str = ""
    """The row that goes to the corrected address instead."""


class Attempt(BaseModel):
    """One meeting with the outside world. `counted` is false when the channel itself refused."""

    n: int
    at: datetime
    duration_ms: int
    phase: str
    outcome: str
    code: str
    text: str
    counted: bool


class RowLine(BaseModel):
    """A row in the list: never its contents."""

    id: str
    kind: str
    channel: str
    entity: str | None
    batch_id: str
    client_id: str
    to: str
    state: State
    n: int
    next_at: datetime
    last_error: str
    first_attempt_at: datetime | None
    sent_at: datetime | None
    answer: str
    message_id: str = ""
    deadline_at: datetime | None
    created_at: datetime


class RowDetail(RowLine):
    """One row with its attempts. `resend_from`: from when an uncertain one may be sent again."""

    subject: str
    filename: str
    attempts: list[Attempt]
    resend_from: datetime | None


ChannelState = Literal["active", "paused", "down"]


class ChannelLine(BaseModel):
    """A channel: what it waits for, and why it is stopped when it is."""

    channel: str
    entity: str | None
    state: ChannelState
    reason: str
    until: datetime | None = Field(description="Prochain essai, quand le canal s'est arrêté de lui-même")
    changed_at: datetime | None
    changed_by: str
    pending: int


class RowList(BaseModel):
    rows: list[RowLine]
    count: int
    total: int
    total_capped: bool = False
    counts: dict[str, int]
    oldest_waiting_s: int | None = Field(description="Âge du plus ancien envoi en attente, en secondes")
    channels: list[ChannelLine]
    hold: HoldState


class Reconciliation(BaseModel):
    """What may have left before the house was held; nothing when it is not held."""

    hold: HoldState
    rows: list[RowLine]
    count: int
    total: int
    total_capped: bool = False


class ChannelList(BaseModel):
    channels: list[ChannelLine]


class Resolution(AdminBody):
    """What a person decides of an uncertain row."""

    verdict: Literal["sent", "failed", "resend"]
    note: Line = Field(default="", description="Preuve ou motif, gardé dans le journal")


class MarkAsk(AdminBody):
    """That a row left before the base was restored. `sent_at`: when its server accepted it; absent: now."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"note": "Message-ID vu chez l'hébergeur, 250 à 09:31", "sent_at": "2026-03-11T08:31:00+00:00"}
        }
    )

    note: FilledLine = Field(description="Preuve, gardée dans le journal")
    sent_at: Instant | None = Field(default=None, description="Semaine de facturation : celle de cette date")


class CancelAsk(AdminBody):
    reason: Line = Field(default="", description="Motif, gardé dans le journal")


class CorrectAsk(AdminBody):
    """The address to send to instead: one of the client's."""

    to: Email


class Corrected(BaseModel):
    success: bool = True
    row_id: str
    state: str


class Requeued(BaseModel):
    """`refused`: what may not leave any more (its batch was cancelled, its address corrected)."""

    success: bool = True
    requeued: int
    refused: int


class PauseAsk(AdminBody):
    reason: Line = Field(min_length=1, description="Motif affiché à l'exploitation")


class Said(BaseModel):
    """The plain answer of an action."""

    success: bool = True
    state: str
