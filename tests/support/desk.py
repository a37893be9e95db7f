"""A person in front of one part of the API: signs every request, sends JSON."""

from __future__ import annotations

from typing import Any

import httpx

from backend.bootstrap import Parts
from tests.support.people import headers


class Desk:
    """`Desk(http, signed, "/api/clients")`; without `signed`, an anonymous caller."""

    def __init__(self, http: httpx.AsyncClient, signed: dict[str, str] | None, prefix: str) -> None:
        self._http = http
        self._signed = signed
        self._prefix = prefix

    async def ask(self, method: str, path: str = "", body: Any = None, **params: Any) -> httpx.Response:
        """`body` is sent as JSON, `params` in the query."""
        return await self._http.request(method, f"{self._prefix}{path}", headers=self._signed, params=params, json=body)

    async def get(self, path: str = "", **params: Any) -> httpx.Response:
        return await self.ask("GET", path, **params)

    async def put(self, path: str, body: Any, **params: Any) -> httpx.Response:
        return await self.ask("PUT", path, body, **params)

    async def post(self, path: str, body: Any = None, **params: Any) -> httpx.Response:
        return await self.ask("POST", path, body, **params)


async def tasks(parts: Parts) -> list[dict[str, Any]]:
    """What the outbox was asked to route again."""
    rows = parts.mongo.collection("outbox").find({"kind": "route_waiting"})
    return [row["payload"] async for row in rows]


class ClientsDesk(Desk):
    """The same at the clients page."""

    async def create(self, **fields: Any) -> dict[str, Any]:
        answer = await self.post("", {"name": "Solaire du Midi", "email": "leads@solaire-midi.fr"} | fields)
        assert answer.status_code == 201, answer.text
        client: dict[str, Any] = answer.json()["client"]
        return client

    async def read(self, client_id: str) -> dict[str, Any]:
        answer = await self.get(f"/{client_id}")
        assert answer.status_code == 200, answer.text
        client: dict[str, Any] = answer.json()["client"]
        return client

    async def names(self, **params: Any) -> list[str]:
        answer = await self.get("", **params)
        assert answer.status_code == 200, answer.text
        return [client["name"] for client in answer.json()["clients"]]


async def at_settings(
    parts: Parts, http: httpx.AsyncClient, role: str, entity: str = "ZR7", scope: str | None = None
) -> Desk:
    return Desk(http, await headers(parts, role, entity, scope), "/api/settings")


async def at_clients(
    parts: Parts, http: httpx.AsyncClient, role: str, entity: str = "ZR7", scope: str | None = None
) -> ClientsDesk:
    return ClientsDesk(http, await headers(parts, role, entity, scope), "/api/clients")
