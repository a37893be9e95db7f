"""Shapes of leads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.commandes.models import Produit
from backend.core import phone as phones
from backend.core.text import AdminBody, Line, LongText, OptionalEmail, folded
from backend.deliveries.models import Contact
from backend.deliveries.states import Outcome
from backend.deliveries.states import Status as DeliveryStatus
from backend.leads.consent import Consent
from backend.routing.models import Subject

Status = Literal[
    "new",
    "routed",
    "livre",
    "duplicate",
    "no_open_orders",
    "hold_source",
    "hold_consent",
    "pending_config",
    "invalid",
    "lb",
    "replaced_by_lb",
    "test",
]
SourceType = Literal["provider", "internal_lp", "direct", "saisie"]
ROUTABLE: tuple[Status, ...] = ("new", "no_open_orders", "duplicate")
HELD: tuple[Status, ...] = ("hold_source", "hold_consent", "pending_config")
STOCK: tuple[Status, ...] = ("new", "no_open_orders", "duplicate", "lb")


class Lead(BaseModel):
    """A stored lead. The delivery fields tell the current delivery only: history lives in `deliveries`."""

    id: str
    entity: str | None
    lead_owner_entity: str | None
    entity_locked: bool
    produit: str | None
    status: Status
    phone: str
    phone_raw: str
    phone_quality: phones.Quality
    nom: str
    prenom: str = ""
    email: str = ""
    departement: str
    departement_raw: str = ""
    reasons: dict[str, str] = Field(default_factory=dict)
    lead_source_type: SourceType
    provider_id: str | None = None
    provider_slug: str | None = None
    session_id: str = ""
    form_code: str = ""
    lp_code: str = ""
    liaison_code: str = ""
    source: str = ""
    source_key: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    ip: str = ""
    custom_fields: dict[str, Any] = Field(default_factory=dict)
    consent: Consent = Field(default_factory=Consent)
    hold_reason: str | None = None
    is_lb: bool = False
    lb_since: datetime | None = None
    lb_reason: str | None = None
    refused_clients: list[str] = Field(default_factory=list)
    sold_to: list[str] = Field(default_factory=list)
    delivery_id: str | None = None
    delivery_entity: str | None = None
    delivery_client_id: str | None = None
    delivery_client_name: str | None = None
    delivery_commande_id: str | None = None
    routing_mode: str | None = None
    routing_reason: str | None = None
    routed_at: datetime | None = None
    considered: list[dict[str, str]] = Field(default_factory=list)
    would_status: str | None = None
    delivered_at: datetime | None = None
    delivered_to_client_id: str | None = None
    delivered_to_client_name: str | None = None
    was_replaced: bool = False
    replacement_source: str | None = None
    replacement_lead_id: str | None = None
    notes: list[dict[str, Any]] = Field(default_factory=list)
    answer: dict[str, Any] = Field(default_factory=dict)
    keys: list[str] = Field(default_factory=list)
    expires_at: datetime | None = None
    register_date: int
    created_at: datetime
    updated_at: datetime

    def subject(self) -> Subject:
        """The lead as routing sees it; it has an entity, a produit and a phone by then."""
        assert self.entity is not None and self.produit is not None
        return Subject(
            lead_id=self.id,
            entity=self.entity,
            produit=self.produit,
            contact=self.contact(),
            entity_locked=self.entity_locked,
            is_lb=self.is_lb,
            proof=self.consent.proof,
            refused_clients=frozenset(self.refused_clients),
        )

    def contact(self) -> Contact:
        """Owner and housing as the prospect answered, empty when unknown (rule 14)."""
        return Contact(
            nom=self.nom,
            prenom=self.prenom,
            phone=self.phone,
            email=self.email,
            departement=self.departement,
            proprietaire=owner(str(self.custom_fields.get("statut_occupant", ""))),
            type_logement=str(self.custom_fields.get("type_logement", "")),
        )


def owner(answer: str) -> str:
    """`oui` for an owner, `non` for a tenant, empty when the answer says neither."""
    word = folded(answer)
    if word.startswith(("proprietaire", "oui")):
        return "oui"
    return "non" if word.startswith(("locataire", "non", "heberge")) else ""


class StatusBody(AdminBody):
    """A person may set a lead aside or bring it back; the rest of the states belong to the product."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"status": "invalid", "reason": "Faux numéro signalé par téléphone"}}
    )

    status: Literal["new", "invalid", "test"]
    reason: LongText = ""


class CorrectBody(AdminBody):
    """What a person corrects: what is absent stays. `departement` may be a postcode."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"departement": "34000", "phone": "01 99 00 12 34", "resubmit": True}}
    )

    phone: Line | None = None
    nom: Line | None = None
    prenom: Line | None = None
    email: OptionalEmail | None = None
    departement: Line | None = None
    produit: Produit | None = None
    resubmit: bool = Field(False, description="Reprendre aussi un lead invalide")


class Handled(BaseModel):
    """Where a lead stands once handled. `changed`: the fields corrected."""

    success: bool = True
    lead_id: str
    status: Status
    changed: list[str] = Field(default_factory=list)


class NoteBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"text": "À rappeler après 18 h."}})

    text: Annotated[LongText, StringConstraints(min_length=1, max_length=2000)]


class WithdrawBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Demande d'effacement du 11/03/2026"}})

    reason: LongText = ""


class Considered(BaseModel):
    """A commande examined for a lead and why it was not chosen; the other entity's are one line with their number."""

    entity: str
    commande_id: str | None = None
    client_id: str | None = None
    client_name: str | None = None
    reason: str | None = None
    commandes: int | None = None


class LeadShown(BaseModel):
    """A lead as a scope reads it (rule 23); what else is stored comes along."""

    model_config = ConfigDict(extra="allow")

    id: str
    entity: str | None
    produit: Literal["PV", "PAC", "ITE"] | None
    status: Status
    phone: str
    phone_raw: str
    phone_display: str
    phone_quality: phones.Quality
    nom: str
    prenom: str
    email: str
    departement: str
    source: str
    utm_source: str
    utm_campaign: str
    form_code: str
    lp_code: str
    lead_source_type: SourceType
    provider_slug: str | None
    entity_locked: bool
    hold_reason: str | None
    is_lb: bool
    delivery_id: str | None
    delivery_entity: str | None
    delivery_client_id: str | None
    delivery_client_name: str | None
    delivery_commande_id: str | None
    routing_reason: str | None
    routed_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime
    updated_at: datetime
    considered: list[Considered]
    would_status: Status | None = None


class LeadPage(BaseModel):
    leads: list[LeadShown]
    count: int
    total: int
    total_capped: bool = False


class LeadDelivery(BaseModel):
    """A delivery of a lead; of the other entity's, only state, dates, outcome and reason are told."""

    model_config = ConfigDict(extra="allow")

    id: str
    lead_id: str
    entity: str
    status: DeliveryStatus
    outcome: Outcome | None
    rejection_reason: str | None = None
    removal_reason: str | None = None
    client_id: str | None = None
    client_name: str | None = None
    commande_id: str | None = None
    batch_id: str | None = None
    sent_to: list[str] | None = None
    billable: bool | None = None
    last_error: str | None = None
    cancel_reason: str | None = None
    due_day: str | None = None
    created_at: datetime
    last_sent_at: datetime | None = None
    last_return_day: str | None = Field(None, description="Jusqu'à quand le client peut la refuser")


class LeadDetail(LeadShown):
    deliveries: list[LeadDelivery]
    custom_fields: dict[str, Any]
    consent: Consent
    notes: list[dict[str, Any]]
