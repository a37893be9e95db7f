"""The trade in a few words for tests: buyers, commandes, leads, and the day's end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

from backend.bootstrap import Parts
from backend.clients.models import Client, ClientCreate
from backend.commandes.models import Commande, NewCommande
from backend.core.mongo import Doc
from backend.core.text import folded
from tests.support.outbox import eventually, relaying

_numbers = count(1)


def phone() -> str:
    """A new number each time, in the ranges reserved for fiction."""
    return f"+3319900{next(_numbers) % 10_000:04d}"


@dataclass
class Trade:
    """A small market on an empty base."""

    parts: Parts
    http: httpx.AsyncClient
    clients: dict[str, Client] = field(default_factory=dict)

    async def client(self, name: str = "Solaire du Midi", entity: str = "ZR7", **given: Any) -> Client:
        slug = folded(name).replace(" ", ".")
        body = ClientCreate(**{"name": name, "email": f"{slug}@{entity.lower()}-buyers.fr"} | given)
        return await self.parts.clients.create(entity, body, "test")

    async def commande(self, client: Client, **given: Any) -> Commande:
        wanted = {"client_id": client.id, "produit": "PV", "departements": ["*"]} | given
        return await self.parts.commandes.create(client.entity, NewCommande(**wanted), "test")

    async def buyer(self, name: str = "Solaire du Midi", entity: str = "ZR7", **order: Any) -> tuple[Client, Commande]:
        client = await self.client(name, entity)
        return client, await self.commande(client, **order)

    async def submit(self, headers: Mapping[str, str] | None = None, /, **given: Any) -> httpx.Response:
        body = {"phone": phone(), "nom": "Durand", "departement": "75", "entity": "ZR7", "produit": "PV"} | given
        return await self.http.post("/api/public/leads", json=body, headers=dict(headers or {}))

    async def lead(self, **given: Any) -> Doc:
        """Submit a lead and read it back from the base."""
        answer = await self.submit(**given)
        assert answer.status_code in {200, 201}, answer.text
        return await self.stored(answer.json()["lead_id"])

    async def market(self, leads: int, buyers: int, at_once: int = 8) -> None:
        """Leads that wait, and buyers who want exactly those, each as many; it is 09:30 on Thursday."""
        turns = asyncio.Semaphore(at_once)

        async def one() -> None:
            async with turns:
                await self.lead()

        await asyncio.gather(*(one() for _ in range(leads)))
        await self.looked_at()
        for number in range(buyers):
            await self.buyer(f"Acheteur {number}", quota_semaine=leads // buyers)
        await self.parts.clock.move_to(self.parts.mongo, datetime(2026, 3, 12, 8, 30, tzinfo=UTC))

    async def looked_at(self) -> None:
        """On a slow base a lead is kept first and a worker routes it: let one, so that nothing is left to race."""
        waiting = {"kind": "route_waiting", "state": {"$in": ["pending", "leased"]}}
        async with relaying(self.parts.outbox):
            await eventually(lambda: self._none("outbox", waiting))

    async def _none(self, collection: str, query: Mapping[str, Any]) -> bool:
        return await self.parts.mongo.collection(collection).find_one(query) is None

    async def stored(self, lead_id: str) -> Doc:
        return await self.row("leads", id=lead_id)

    async def row(self, collection: str, **query: Any) -> Doc:
        doc = await self.parts.mongo.collection(collection).find_one(query)
        assert doc is not None, f"{collection}: {query}"
        return doc

    async def rows(self, collection: str, **query: Any) -> list[Doc]:
        return [doc async for doc in self.parts.mongo.collection(collection).find(query)]
