"""Shapes of deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.core.text import AdminBody, Line, LongText
from backend.deliveries.states import Outcome, Status


class Contact(BaseModel):
    """What the buyer receives of a lead: copied into the delivery, so that the seller keeps it whatever follows."""

    nom: str
    prenom: str = ""
    phone: str
    email: str = ""
    departement: str
    proprietaire: str = ""
    type_logement: str = ""


class NewDelivery(BaseModel):
    """What routing decides; `week` is the week whose place is held."""

    lead_id: str
    lead_entity: str
    entity: str
    client_id: str
    client_name: str
    commande_id: str
    produit: str
    contact: Contact
    proof: bool
    is_lb: bool
    week: str
    due_day: str
    rank: int
    routing_mode: str
    delivery_method: str
    replaced_suspicious_id: str | None = None
    overlap_fallback_delivery: bool = False
    prepaid: bool = Field(False, description="Une unité prépayée est réservée ; figé à la réservation")


class Delivery(NewDelivery):
    """A stored delivery. `outcome` is null until it is sent."""

    id: str
    status: Status
    outcome: Outcome | None = None
    current: bool = True
    holds_place: bool = True
    batch_id: str | None = None
    csv_filename: str | None = None
    simulated: bool = False
    send_attempts: int = 0
    sent_to: list[str] = Field(default_factory=list)
    last_sent_at: datetime | None = None
    sent_week: str | None = None
    last_error: str | None = None
    cancel_reason: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def claim_id(self) -> str:
        return claim_id(self.client_id, self.produit, self.contact.phone)


class Counted(BaseModel):
    """How many deliveries share these values; what was not asked for is empty."""

    n: int
    status: Status
    day: str = ""
    entity: str = ""
    client_id: str = ""
    commande_id: str = ""
    produit: str = ""
    departement: str = ""
    outcome: Outcome | None = None


def claim_id(client_id: str, produit: str, phone: str) -> str:
    """The key of exclusivity (rule 7)."""
    return f"{client_id}|{produit}|{phone}"


class RejectBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "injoignable"}})

    reason: Line = ""
    reason_detail: LongText = ""
    force: bool = False


class RemoveBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "mauvaise_commande"}})

    reason: Line = ""
    reason_detail: LongText = ""


class DeliveryShown(Delivery):
    """A delivery as the API tells it; what else is stored comes along. `outcome` counts only once sent."""

    model_config = ConfigDict(extra="allow")

    outcome: Outcome
    billable: bool
    has_csv: bool
    last_return_day: str | None = Field(None, description="Dernier jour (Paris) où le client peut refuser")
    rejection_reason: str | None = None
    rejection_detail: str | None = None
    rejected_at: datetime | None = None
    rejected_by: str | None = None
    removal_reason: str | None = None
    removal_detail: str | None = None
    removed_at: datetime | None = None
    removed_by: str | None = None


class DeliveryPage(BaseModel):
    deliveries: list[DeliveryShown]
    count: int
    total: int
    total_capped: bool = False


def shown(doc: dict[str, Any]) -> dict[str, Any]:
    """A delivery as the API tells it: derived fields added (http-api 0.7)."""
    outcome = doc.get("outcome") or "accepted"
    told = {key: value for key, value in doc.items() if key != "keys"}
    return {
        **told,
        "outcome": outcome,
        "billable": doc["status"] == "sent" and outcome == "accepted",
        "has_csv": bool(doc.get("csv_filename")),
    }
