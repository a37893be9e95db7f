"""Shapes of the first screens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.accounts.models import UserShort
from backend.batches.models import Progress
from backend.commandes.models import Produit
from backend.core.money import Money
from backend.core.text import AdminBody
from backend.leads.models import Status as LeadStatus
from backend.monitoring.models import DaySent
from backend.outbox.models import ChannelState
from backend.preferences.models import Preferences
from backend.quality.models import Ranking

TileName = Literal["leads_received", "leads_assigned", "sent", "rejected", "lb_stock"]
TodoKind = Literal[
    "uncertain", "channel_stopped", "failed", "dead", "client_undeliverable", "ready_by_hand", "price_missing",
    "leads_waiting", "prepaid_low", "invoices_overdue", "provider_silent", "low_quota"
]  # fmt: skip
BlockName = Literal["bands", "todo", "orders", "tiles", "revenue", "sent_by_day", "top_clients", "sources", "waiting"]
BandState = Literal["held", "stopped", "sending", "late", "closed", "broken", "missed", "done", "ready"]
"""What the day's delivery is doing; what a person must see first."""


class EntityShown(BaseModel):
    code: str
    name: str
    simulation: str | None = Field(description="Adresse qui reçoit tout tant que l'entité est en simulation")


class Counts(BaseModel):
    """Things that wait, by page of the navigation; null when the caller may not see them."""

    deliveries: int | None = Field(description="Livraisons en échec ou incertaines")
    outbox: int | None = Field(description="Messages incertains ou abandonnés")
    tasks: int = Field(description="Tâches de l'appelant qui ne sont pas terminées")


class Bootstrap(BaseModel):
    """All that the frame of the dashboard needs, once."""

    user: UserShort
    entities: list[EntityShown]
    scope: str
    week: str
    now: datetime
    version: str
    environment: Literal["production", "development", "test"]
    demo: bool = Field(description="Base de démonstration, avec sa visite guidée")
    counts: Counts
    preferences: Preferences


class Band(BaseModel):
    """The day's delivery of one entity."""

    entity: str
    state: BandState
    held_reason: str = Field(description="Pourquoi tous les envois sont retenus ; vide : ils ne le sont pas")
    closed_reason: str | None
    leaves_at: datetime | None = Field(description="Prochain départ ; null : rien n'ouvre")
    waiting: int = Field(description="Livraisons en attente ou prêtes")
    clients: int
    failed: int
    uncertain: int
    channel_state: ChannelState = Field(description="Celui de la boîte d'envoi de l'entité")
    channel_reason: str
    due_at: datetime | None = Field(description="Heure prévue de l'envoi dont `state` parle")
    late_min: int | None
    done_at: datetime | None
    lots: Progress = Field(description="Lots du jour remis à l'envoi")
    sent: int = Field(description="Leads envoyés aujourd'hui")
    sent_clients: int


class Claim(BaseModel):
    """Somebody takes care of a line; over after a week."""

    key: str
    by: str
    name: str
    at: datetime


class Todo(BaseModel):
    """Something that waits for a person: how many, and the first names."""

    kind: TodoKind
    entity: str | None
    count: int
    names: list[str] = Field(default_factory=list, description="Trois noms au plus")
    status: LeadStatus | None = Field(None, description="Pour `leads_waiting`")
    client_id: str | None = None
    target: str = Field("", description="Produit, ou fournisseur, de la ligne")
    amount: Money | None = Field(None, description="TTC dû, pour `invoices_overdue`")
    key: str = Field("", description="Ce qui la désigne pour qui s'en occupe")
    claim: Claim | None = None


class Tile(BaseModel):
    """A figure of the week, the same figure a week earlier at the same hour, and, until the first delivery of this week
    has ended, that week whole."""

    name: TileName
    now: int
    before: int | None = None
    before_whole: int | None = None


class Revenue(BaseModel):
    """Billable amount HT of the week and of a week earlier at the same hour; of that week whole as `Tile` tells it."""

    now: Money
    before: Money
    before_whole: Money | None


class Orders(BaseModel):
    """The week's orders of one produit. A commande without a quota is counted in `unlimited`, its places apart."""

    produit: Produit
    taken: int
    quota: int
    unlimited: int
    unlimited_taken: int


class TopClient(BaseModel):
    client_id: str
    client_name: str
    entity: str
    sent: int
    rejected: int
    billable: int


class Waiting(BaseModel):
    entity: str | None
    produit: Produit | None
    status: LeadStatus
    count: int
    oldest: datetime


class Cockpit(BaseModel):
    """The Cockpit of one week. A block is null when it is in `hidden` or in `failed`."""

    week: str
    current_week: str
    now: datetime
    bands: list[Band] | None = None
    todo: list[Todo] | None = None
    orders: list[Orders] | None = None
    tiles: list[Tile] | None = None
    revenue: Revenue | None = None
    sent_by_day: list[DaySent] | None = None
    top_clients: list[TopClient] | None = None
    sources: Ranking | None = None
    waiting: list[Waiting] | None = None
    hidden: list[BlockName] = Field(default_factory=list)
    failed: list[BlockName] = Field(default_factory=list)


TodoKey = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z_]{1,40}:[A-Z0-9]{0,20}:[\w-]{0,80}$")]


class ClaimBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"key": "failed:ZR7:"}})

    key: TodoKey


class ClaimSaved(BaseModel):
    """`claim` is null once nobody takes care of the line."""

    success: bool = True
    claim: Claim | None
