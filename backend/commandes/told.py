"""How changes of a commande are told in the event log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.audit.models import Event
from backend.commandes.models import Commande, plain


def event(action: str, commande: Commande, user: str, details: dict[str, Any]) -> Event:
    related = {"client_id": commande.client_id, "produit": commande.produit}
    return Event(
        action=action, entity_type="commande", entity_id=commande.id, entity=commande.entity,
        user=user, details=details, related=related,
    )  # fmt: skip


def told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as an event tells them: decimals as text, no dates of ours."""
    hidden = {"updated_at", "opened_week"}
    told = {"lb_target_pct": plain(fields["lb_target_pct"])} if "lb_target_pct" in fields else {}
    return {name: value for name, value in fields.items() if name not in hidden} | told


def difference(before: Commande, changed: Mapping[str, Any], reason: str) -> dict[str, Any]:
    old = {name: getattr(before, name) for name in changed}
    return {"old": told(old), "new": told(changed)} | ({"reason": reason} if reason else {})
