"""What a lead waits for, and what it becomes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from backend.leads.consent import Consent, hold_reason
from backend.leads.models import Lead, Status
from backend.routing.matching import summary
from backend.routing.models import Placement

FRESH_FOR = timedelta(days=8)


class Settings(Protocol):
    """What is read of the settings here."""

    def source_blocked(self, entity: str, source: str) -> bool: ...
    def consent_mode(self, entity: str) -> str: ...


def missing(phone_usable: bool, nom: str, departement: str) -> dict[str, str]:
    """Why a lead is not sellable (rule 3), per field; empty when it is."""
    reasons = {}
    if not phone_usable:
        reasons["phone"] = "Numéro de téléphone inutilisable."
    if not nom:
        reasons["nom"] = "Le nom manque."
    if not departement:
        reasons["departement"] = "Département inconnu."
    return reasons


def held(
    entity: str | None, produit: str | None, source: str, consent: Consent, settings: Settings
) -> tuple[Status, str] | None:
    """What a sellable lead waits for, `(status, hold_reason)`; None when it may be routed."""
    if entity is None or produit is None:
        return "pending_config", "entity_missing" if entity is None else "produit_missing"
    if settings.source_blocked(entity, source):
        return "hold_source", "source_blocked"
    reason = hold_reason(consent, settings.consent_mode(entity))
    return ("hold_consent", reason) if reason else None


def aged(lead: Lead, now: datetime) -> bool:
    """Received eight full days ago or more: the next marking makes it LB, it is no longer sold as fresh."""
    return not lead.is_lb and now - lead.created_at >= FRESH_FOR


def after(lead: Lead, placement: Placement, now: datetime) -> dict[str, Any]:
    """The fields of a lead once routing has answered."""
    told = {"considered": list(placement.considered), "hold_reason": None, "updated_at": now}
    made = placement.delivery
    if made is not None:
        return told | {
            "status": "routed",
            "delivery_id": made.id,
            "delivery_entity": made.entity,
            "delivery_client_id": made.client_id,
            "delivery_client_name": made.client_name,
            "delivery_commande_id": made.commande_id,
            "routing_mode": made.routing_mode,
            "routing_reason": None,
            "routed_at": now,
        }
    status, reason = summary((one["reason"] for one in placement.considered), locked=lead.entity_locked)
    return told | {"status": "lb" if lead.is_lb else status, "routing_reason": reason}


def without_delivery(*, is_lb: bool, now: datetime) -> dict[str, Any]:
    """The fields of a lead whose delivery was cancelled, rejected or removed: it waits again."""
    cleared = ("delivery_id", "delivery_entity", "delivery_client_id", "delivery_client_name",
               "delivery_commande_id", "routing_mode", "routed_at", "delivered_at", "delivered_to_client_id",
               "delivered_to_client_name")  # fmt: skip
    return dict.fromkeys(cleared, None) | {"status": "lb" if is_lb else "new", "updated_at": now}


_PRIVATE = ("keys", "source_key", "answer", "expires_at", "sold_to", "refused_clients")


def visible(doc: Mapping[str, Any], entities: Iterable[str]) -> dict[str, Any]:
    """A lead as these entities may read it (rule 23): of a lead that crossed, never the buyer nor the commande."""
    mine = set(entities)
    told = {key: value for key, value in doc.items() if key not in _PRIVATE}
    if doc.get("delivery_entity") not in {None, *mine}:
        told |= dict.fromkeys(("delivery_client_id", "delivery_client_name", "delivery_commande_id"), None)
        told |= dict.fromkeys(("delivered_to_client_id", "delivered_to_client_name"), None)
    return told | {"considered": _considered(doc.get("considered", []), mine)}


def _considered(rows: Iterable[Mapping[str, str]], mine: set[str]) -> list[dict[str, Any]]:
    """Own commandes one by one; the other entities' as one line with their number."""
    own = [dict(row) for row in rows if row["entity"] in mine]
    others: dict[str, int] = {}
    for row in rows:
        if row["entity"] not in mine:
            others[row["entity"]] = others.get(row["entity"], 0) + 1
    return own + [{"entity": entity, "commandes": number} for entity, number in sorted(others.items())]


def crossed(delivery: Mapping[str, Any]) -> dict[str, Any]:
    """A delivery of the other entity, as the collecting one may read it: entity, dates, state, outcome and reason."""
    shown = ("id", "lead_id", "entity", "status", "outcome", "rejection_reason", "removal_reason",
             "created_at", "last_sent_at")  # fmt: skip
    return {key: delivery.get(key) for key in shown}
