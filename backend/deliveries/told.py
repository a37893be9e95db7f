"""What is told of a delivery: its line in the event log, the answer to an outcome."""

from __future__ import annotations

from typing import Any

from backend.audit.models import Event
from backend.deliveries.models import Delivery


def event(action: str, delivery: Delivery, user: str, details: dict[str, Any]) -> Event:
    return Event(
        action=action,
        entity_type="delivery",
        entity_id=delivery.id,
        entity=delivery.entity,
        user=user,
        details=details,
        related={
            "lead_id": delivery.lead_id,
            "client_id": delivery.client_id,
            "commande_id": delivery.commande_id,
        },
    )


def decided(delivery: Delivery, outcome: str, *, already: bool) -> dict[str, Any]:
    sentence = {"rejected": "Lead rejeté par le client.", "removed": "Lead retiré de la livraison."}[outcome]
    return {
        "success": True,
        "delivery_id": delivery.id,
        "lead_id": delivery.lead_id,
        "outcome": outcome,
        f"already_{outcome}": already,
        "message": sentence,
    }
