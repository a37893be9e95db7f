"""Shapes of the delivery to come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.clients.models import Suspension
from backend.core.text import AdminBody, Line
from backend.parametres.overview import CalendarShown

Answer = Literal["go", "by_hand", "wait", "hold", "never"]
"""What the run would do: send; leave ready for a person; wait for an open day; hold: suspended; cancel, route again."""


class LotPlanned(BaseModel):
    """What one commande of a client would send."""

    commande_id: str
    produit: str
    planned: int = Field(description="Leads attribués, pas encore en fichier")
    ready: int = Field(description="Leads déjà en fichier")
    failed: int = Field(description="Leads refusés à un envoi précédent, retentés par l'envoi du jour")
    without_proof: int = Field(description="Ceux dont la preuve de consentement manque : ils seront annulés")
    answer: Answer
    reason: str = Field("", description="Code de la raison ; vide quand le lot part")


class ClientPlanned(BaseModel):
    """What one client would receive, and how."""

    entity: str
    client_id: str
    client_name: str
    leads: int = Field(description="Leads planifiés, prêts ou à retenter")
    leaving: int = Field(description="Ceux que l'envoi ferait partir")
    recipients: list[str] = Field(description="Adresses et interface, ou l'adresse de simulation")
    by_email: bool
    by_api: bool
    lots: list[LotPlanned]
    suspension: Suspension | None = None


class EntityPlanned(BaseModel):
    """The next delivery of one entity."""

    entity: str
    day: date | None = Field(description="Prochain jour où l'envoi part ; absent quand rien n'ouvre")
    open_today: bool
    closed_reason: str | None
    simulation: str | None
    leads: int = Field(description="Leads que l'envoi ferait partir")
    clients: int
    held: int = Field(description="Leads qui resteraient")
    waiting: int = Field(description="Leads sans acheteur pour l'instant, que l'envoi essaie d'attribuer")
    calendar: CalendarShown


class RunPreview(BaseModel):
    """Who will receive what at the next delivery. `…_now`: what a run started by hand would send, open today only."""

    now: datetime
    next_run_at: datetime
    leads_now: int
    clients_now: int
    entities: list[EntityPlanned]
    clients: list[ClientPlanned]


class SuspendBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Demande du client"}})

    reason: Line = ""


class SuspensionSaved(BaseModel):
    success: bool = True
    client_id: str
    suspension: Suspension | None
