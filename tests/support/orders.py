"""Commandes for tests, stored without their client: what is under test is the commande."""

from __future__ import annotations

from typing import Any

from backend.bootstrap import Parts
from backend.commandes.models import Commande, NewCommande
from backend.core.ids import new_id

WEEK = "2026-W11"


async def add_commande(parts: Parts, *, entity: str = "ZR7", active: bool = True, **fields: Any) -> Commande:
    """Insert a commande of a client of its own."""
    body = NewCommande(**{"client_id": new_id(), "produit": "PV", "departements": ["13"]} | fields)
    now = parts.clock.now()
    kept = body.model_dump(exclude={"entity", "prix_lead", "lb_percent_max", "remise_percent"})
    commande = Commande(
        id=new_id(), entity=entity, active=active, opened_week=WEEK, created_at=now, updated_at=now, **kept
    )
    await parts.mongo.collection("commandes").insert_one(commande.model_dump())
    return commande
