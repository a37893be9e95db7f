"""Shapes of batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.clients.push import Proof
from backend.core.text import AdminBody, Email
from backend.deliveries.states import Status

Acknowledgement = Literal["none", "asked", "given"]
"""`none`: its e-mails carry no link, or it has no e-mail (the answer of the client's interface is the receipt)."""


class Batch(BaseModel):
    """Deliveries of one client and commande sent in one message. The CSV is frozen when it is handed over."""

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
    status: Status = "ready_to_send"
    handed_over: bool = False
    simulated: bool = False
    recipients: list[str] = Field(default_factory=list)
    proof: Proof = "email"
    by_lead: bool = False
    """The client's interface is called lead by lead, and that is the proof: each delivery follows its own row."""
    csv_filename: str
    csv: str
    csv_sha256: str
    day: str
    run_id: str | None = None
    created_at: datetime
    handed_over_at: datetime | None = None
    sent_at: datetime | None = None
    sent_week: str | None = None
    """The Paris week in which the first server accepted it: the one that is billed."""
    acknowledgement: Acknowledgement = "none"
    acknowledged_at: datetime | None = None
    acknowledged_ip: str = ""
    acknowledged_agent: str = ""

    def manifest(self) -> dict[str, Any]:
        """What may be shown of a batch: everything but the file."""
        return self.model_dump(exclude={"csv"})


class SendBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"force": True}})

    override_email: Email | None = None
    force: bool = False


class Preview(BaseModel):
    """What sending by hand would send now: the very message and the first rows of the very file."""

    kind: Literal["send", "copy", "again"] = Field(description="Envoi, copie, ou reprise d'un lot refusé")
    refused: str | None = Field(None, description="Pourquoi rien ne partirait")
    recipients: list[str]
    simulated: bool = Field(description="Part à l'adresse de simulation")
    sender: str
    subject: str
    text: str
    filename: str
    columns: list[str]
    rows: list[list[str]]
    leads: int


class Progress(BaseModel):
    """Lots handed over on one day: how many, how many whose fate is known, how many of those did not leave."""

    total: int = 0
    done: int = 0
    failed: int = 0
    last_at: datetime | None = None


class Tally(BaseModel):
    """What building and handing over did, for the report."""

    processed: int = 0
    batches: int = 0
    handed_over: int = 0
    ready_to_send: int = 0
    simulated: int = 0
    skipped_calendar: int = 0
    suspended: int = 0
    cancelled: int = 0
    errors: list[dict[str, str]] = Field(default_factory=list)
