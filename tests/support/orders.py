"""Commandes for tests, and a person at the orders page."""

from __future__ import annotations

from typing import Any

import httpx

from backend.bootstrap import Parts
from backend.clients.models import Client, ClientCreate
from backend.commandes.models import Commande, NewCommande
from backend.core.ids import new_id
from tests.support.desk import Desk
from tests.support.people import headers

WEEK = "2026-W11"


async def add_commande(parts: Parts, *, entity: str = "ZR7", active: bool = True, **fields: Any) -> Commande:
    """Insert a commande of a client that need not exist: what is under test is the commande."""
    body = NewCommande(**{"client_id": new_id(), "produit": "PV", "departements": ["13"]} | fields)
    now = parts.clock.now()
    kept = body.model_dump(exclude={"entity", "prix_lead", "lb_percent_max", "remise_percent"})
    commande = Commande(
        id=new_id(), entity=entity, active=active, opened_week=WEEK, created_at=now, updated_at=now, **kept
    )
    await parts.mongo.collection("commandes").insert_one(commande.model_dump())
    return commande


async def add_client(parts: Parts, entity: str = "ZR7", name: str = "Solaire du Midi") -> Client:
    body = ClientCreate(name=name, email=f"{new_id()[:8]}@solaire-midi.fr")
    return await parts.clients.create(entity, body, "demo@zr7.fr")


def order(client: Client, **fields: Any) -> dict[str, Any]:
    """The body of a creation."""
    return {"client_id": client.id, "produit": "PV", "departements": ["13", "83"], "quota_semaine": 10, **fields}


class OrdersDesk(Desk):
    """A person at the orders page."""

    async def post(self, path: str = "", body: Any = None, **params: Any) -> httpx.Response:
        return await self.ask("POST", path, body, **params)

    async def delete(self, path: str) -> httpx.Response:
        return await self.ask("DELETE", path)


async def at_commandes(
    parts: Parts, http: httpx.AsyncClient, role: str, entity: str = "ZR7", scope: str | None = None
) -> OrdersDesk:
    return OrdersDesk(http, await headers(parts, role, entity, scope), "/api/commandes")
