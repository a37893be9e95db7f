"""Shapes of monitoring."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from backend.commandes.models import Produit

EXAMPLES = 5


class Check(BaseModel):
    """One invariant of the trade: how often it is broken, with a few examples. It must be zero."""

    name: str
    meaning: str
    count: int = 0
    examples: list[str] = Field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(example)


class ClientLeads(BaseModel):
    """What was handed to a client, newest first."""

    leads: list[dict[str, Any]]
    count: int
    total: int
    total_capped: bool = False
    client_id: str


class Delivered(BaseModel):
    total_delivered: int
    this_week: int
    by_product: dict[str, int]
    rejected: int
    removed: int
    rejection_rate: str = Field(description="En pour cent de ce qui a été envoyé, une décimale")


class ClientStats(BaseModel):
    client_id: str
    client_name: str
    reserved_leads: int = Field(description="Leads réservés pas encore partis : ce qu'une mise en pause libérerait")
    stats: Delivered


class Outcomes(BaseModel):
    """What was sent and what became of it. `billable`: sent and accepted."""

    sent: int
    rejected: int
    removed: int
    billable: int
    reject_rate: str = Field(description="En pour cent de ce qui a été envoyé, une décimale")


class Period(Outcomes):
    """One Paris day, ISO week or month. What was sent counts when it was sent, the rest when it was reserved."""

    period: str
    failed: int
    ready_to_send: int
    pending_csv: int
    by_produit: dict[str, int]


class Sent(BaseModel):
    """What left on a Paris day and on the same weekday a week earlier. `sent` null: the day has not begun."""

    sent: int | None
    before: int
    before_so_far: int | None = Field(None, description="La semaine précédente à la même heure, pour le jour en cours")


class DaySent(Sent):
    day: str
    by_produit: dict[Produit, Sent] = Field(default_factory=dict)


class WeekOutcomes(BaseModel):
    """What was sent in an ISO week and what became of it. All null: the client was not there yet."""

    week: str
    sent: int | None
    rejected: int | None
    billable: int | None


class Totals(Outcomes):
    failed: int


class LastDelivery(BaseModel):
    sent_at: datetime
    sent_to: list[str]


class ClientSummary(BaseModel):
    client_id: str
    client_name: str
    entity: str
    group_by: str
    from_: str = Field(serialization_alias="from")
    to: str
    periods: list[Period]
    totals: Totals
    weeks: list[WeekOutcomes] = Field(description="Les douze dernières semaines, celle en cours comprise")
    days: list[DaySent] = Field(description="La semaine en cours, et celle d'avant")
    last_delivery: LastDelivery | None
    next_delivery_day: str | None = Field(description="« lundi 16/03 » ; null : rien n'est ouvert avant 400 jours")
    auto_send_enabled: bool


class OrderRef(BaseModel):
    commande_id: str
    produit: str
    quota: int


class CoverageLine(BaseModel):
    """`remaining_week` is the commande's, -1 when it is unlimited."""

    departement: str
    produit: str
    quota_week: int
    billable_week: int
    remaining_week: int
    non_billable: int
    status: Literal["on_remaining", "saturated"]
    commandes: list[OrderRef]


class CoverageTotals(BaseModel):
    produced_week: int
    billable_week: int
    quota_week: int
    remaining_week: int


class ClientCoverage(BaseModel):
    client_id: str
    client_name: str
    week: str
    product: str
    aggregates: CoverageTotals
    departements: list[CoverageLine]
    count: int


AreaStatus = Literal["no_order", "on_remaining", "saturated", "inactive_blocked"]


class AreaLine(BaseModel):
    """One département for one produit in a week. `remaining` null: a commande without end covers it."""

    departement: str
    name: str
    received: int
    received_before: int = Field(description="La semaine précédente")
    billable: int
    non_billable: int
    remaining: int | None
    unlimited: bool
    status: AreaStatus
    clients: int
    client_names: list[str] = Field(description="Les trois premiers")


class AreaOverview(BaseModel):
    week: str
    produit: Produit
    entity: str
    departements: list[AreaLine]
    counts: dict[AreaStatus, int]


class AreaOrder(BaseModel):
    """A commande that covers the département. `quota` and `remaining` are the whole commande's."""

    commande_id: str
    client_id: str
    client_name: str
    entity: str
    active: bool
    reserved: int
    quota: int
    remaining: int | None


class AreaDetail(BaseModel):
    departement: str
    name: str
    week: str
    produit: Produit
    orders: list[AreaOrder]
