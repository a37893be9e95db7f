"""Shapes of delivery receipts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from backend.batches.models import Acknowledgement
from backend.deliveries.states import Status
from backend.outbox.models import Attempt


class Manifest(BaseModel):
    """A batch without its file: how many leads, of which hash, to whom."""

    id: str
    entity: str
    client_id: str
    client_name: str
    commande_id: str
    produit: str
    delivery_ids: list[str]
    lead_count: int
    lb_count: int
    fresh_count: int
    status: Status
    handed_over: bool
    simulated: bool
    recipients: list[str]
    proof: str = "email"
    csv_filename: str
    csv_sha256: str
    day: str
    run_id: str | None
    created_at: datetime
    handed_over_at: datetime | None
    sent_at: datetime | None
    sent_week: str | None = None
    acknowledgement: Acknowledgement = "none"
    acknowledged_at: datetime | None = None


class ManifestPage(BaseModel):
    batches: list[Manifest]
    count: int
    total: int
    total_capped: bool = False


class Sending(BaseModel):
    """One recipient: what became of it. `answer` is the acceptance as their server said it."""

    id: str
    kind: str
    channel: str
    to: str
    state: str
    n: int
    sent_at: datetime | None
    answer: str
    message_id: str
    last_error: str
    replaced_by: str
    attempts: list[Attempt]


class Acknowledged(BaseModel):
    """Who said that it arrived, as far as a link can tell: when, from where."""

    at: datetime
    ip: str
    user_agent: str


class Receipt(BaseModel):
    """The proof of a delivery."""

    batch: Manifest
    sendings: list[Sending]
    acknowledged: Acknowledged | None


Presenting = Literal["unknown", "expired", "asked", "given"]


class Presented(BaseModel):
    """What a link leads to; nothing is told of a batch by a link that is not genuine or no longer good."""

    state: Presenting
    sender: str = ""
    filename: str = ""
    leads: int = 0
    day: date | None = None
    at: datetime | None = None
