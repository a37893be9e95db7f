"""Shapes of purchase prices and margins."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.clients.models import Amount, Day
from backend.commandes.models import Produit
from backend.core.money import Money
from backend.core.text import AdminBody

Range = Literal["24h", "7d", "30d", "90d"]


class Cost(BaseModel):
    """What one lead of a provider costs HT, from a Paris day on; null: nobody knows from that day on."""

    model_config = ConfigDict(extra="ignore")

    provider_id: str
    entity: str
    produit: Produit
    cost_ht: Money | None
    valid_from: str = Field(description="Jour (Paris) AAAA-MM-JJ")
    by: str
    at: datetime


class CostBody(AdminBody):
    """`valid_from` absent: today. The same day again replaces what was said of it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"produit": "PV", "cost_ht": "12.50", "valid_from": "2026-03-01"}}
    )
    produit: Produit
    cost_ht: Amount | None = Field(description="null : prix inconnu à partir de ce jour")
    valid_from: Day | None = None


class CostSaved(BaseModel):
    success: bool = True
    cost: Cost


class Bought(BaseModel):
    """Leads of a source that are paid for, received on one Paris day; `client_id`: who was sold them first."""

    provider_id: str
    produit: str
    day: str
    client_id: str | None
    n: int


class Sold(BaseModel):
    """Ledger lines that share what they are counted by. `units` are signed; `unpriced` have no price yet."""

    provider_id: str | None = None
    source_key: str = ""
    source: str = ""
    produit: str = ""
    client_id: str = ""
    client_name: str = ""
    day: str = ""
    units: int
    unpriced: int
    revenue: Decimal


class Margin(BaseModel):
    """`cost` and `margin` are null when not one of the leads bought has a known price; `partial` when some have none.

    `unpriced`: units sold without a price, which bring nothing yet.
    """

    units: int
    unpriced: int
    revenue: Money
    leads_bought: int
    leads_unknown: int
    cost: Money | None
    margin: Money | None
    partial: bool


class ProviderMargin(Margin):
    """`provider_id` null: leads of landing pages and those entered by hand, which are not bought."""

    provider_id: str | None
    name: str


class ProduitMargin(Margin):
    produit: str


class ClientMargin(Margin):
    """`client_id` null: leads bought and not sold."""

    client_id: str | None
    name: str


class WeekMargin(BaseModel):
    week_key: str
    total: Margin
    providers: list[ProviderMargin]
    produits: list[ProduitMargin]
    clients: list[ClientMargin]


class SourceMargin(Margin):
    """What the leads of one source, received in the period, cost and have brought so far."""

    provider_id: str | None
    source_key: str
    source: str


class SourceMargins(BaseModel):
    """Cut at `shown_at_most` sources, those that bring or cost most first; `sources_total` says how many there are."""

    range: Range
    product: str
    since: datetime
    until: datetime
    total: Margin
    sources: list[SourceMargin]
    sources_total: int
    shown_at_most: int


class ProviderWeek(Margin):
    """The leads received that week: what they cost, and what they have brought so far."""

    week_key: str


class ProviderBooks(BaseModel):
    """The purchase prices of a provider, those of today first, and its last weeks."""

    provider_id: str
    current: list[Cost | None] = Field(description="Par produit, dans l'ordre de `produits`")
    produits: list[Produit]
    history: list[Cost]
    weeks: list[ProviderWeek]
