"""Shapes of routing: the lead as it is seen, the commandes it could go to, what was decided and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.clients.deliverability import Reach
from backend.clients.models import Client
from backend.commandes.models import Commande, Counter
from backend.deliveries.models import Contact, Delivery


@dataclass(frozen=True, slots=True)
class Subject:
    """What routing reads of a lead. `proof`: the evidence of consent is complete."""

    lead_id: str
    entity: str
    produit: str
    contact: Contact
    entity_locked: bool
    is_lb: bool
    proof: bool
    refused_clients: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A commande that covers the lead's département, with all that decides."""

    commande: Commande
    client: Client | None
    reach: Reach
    counter: Counter
    week: str
    due_day: date | None
    closed: str | None
    consent_required: bool
    crossing: bool
    units_left: int | None = None
    """Prepaid units left to the client for the produit; None: it pays by the weekly invoice."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a commande did not get the lead: codes of http-api.md."""

    commande_id: str
    client_id: str
    client_name: str
    entity: str
    reason: str

    @classmethod
    def of(cls, one: Candidate, reason: str) -> Refused:
        name = one.client.name if one.client else ""
        return cls(one.commande.id, one.commande.client_id, name, one.commande.entity, reason)

    def told(self) -> dict[str, str]:
        return {
            "commande_id": self.commande_id,
            "client_id": self.client_id,
            "client_name": self.client_name,
            "entity": self.entity,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The commandes to try, in order, and those refused already. `moved` were put last by the overlap guard."""

    ordered: tuple[Candidate, ...]
    refusals: tuple[Refused, ...]
    moved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placement:
    """What came of a plan: the delivery made, or none; `reason` is then what the caller is told."""

    delivery: Delivery | None
    reason: str
    considered: tuple[dict[str, Any], ...]
