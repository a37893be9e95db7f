"""Clients' API keys at rest: never in clear in the base, readable with the old key while it is replaced."""

from __future__ import annotations

import pytest
import pytest_asyncio

from backend import bootstrap
from backend.bootstrap import Parts
from backend.clients.models import ClientUpdate
from backend.core.errors import Conflict
from backend.core.migrations import apply
from backend.core.sealing import Unreadable, Vault
from backend.migrations.store import steps
from backend.settings import load
from tests.support.people import headers
from tests.support.trade import Trade

SECRET = "s3cr3t-de-client"


async def in_clear(parts: Parts) -> list[str]:
    """The collections where the secret can be read."""
    found = []
    for name in await parts.mongo.db.list_collection_names():
        async for doc in parts.mongo.collection(name).find({}):
            found += [name] if SECRET in repr(doc) else []
    return found


@pytest_asyncio.fixture
async def client_id(trade: Trade) -> str:
    return (await trade.client(api_key=SECRET, api_endpoint="https://api.client.fr/leads")).id


async def test_a_key_is_sealed_when_given_and_when_changed(trade: Trade, client_id: str) -> None:
    clients, everyone = trade.parts.clients, trade.parts.everyone
    assert await clients.secret(client_id) == SECRET and await in_clear(trade.parts) == []
    await clients.update(everyone, client_id, ClientUpdate(api_key=f"{SECRET}-2"), "test")
    assert await clients.secret(client_id) == f"{SECRET}-2" and await in_clear(trade.parts) == []
    body = {"enabled": False, "url": "", "secret": f"{SECRET}-3", "auth": "bearer"}
    boss = await headers(trade.parts, "admin", "ZR7")
    saved = await trade.http.put(f"/api/clients/{client_id}/push", json=body, headers=boss)
    assert saved.status_code == 200, saved.text
    assert await clients.secret(client_id) == f"{SECRET}-3" and await in_clear(trade.parts) == []
    await clients.update(everyone, client_id, ClientUpdate(api_key=""), "test")
    assert await clients.secret(client_id) == ""


async def test_a_key_copied_to_another_client_does_not_open(trade: Trade, client_id: str) -> None:
    other = await trade.client("Autre")
    stolen = (await trade.row("clients", id=client_id))["api_key"]
    await trade.parts.mongo.collection("clients").update_one({"id": other.id}, {"$set": {"api_key": stolen}})
    with pytest.raises(Unreadable):
        await trade.parts.clients.secret(other.id)


async def test_keys_stored_in_clear_are_read_and_then_sealed_by_the_migration(trade: Trade, client_id: str) -> None:
    parts, raw = trade.parts, trade.parts.mongo.collection("clients")
    await trade.client("Sans cle")
    await raw.update_one({"id": client_id}, {"$set": {"api_key": SECRET}})
    assert await parts.clients.secret(client_id) == SECRET
    assert await parts.clients.sealed_otherwise() == [client_id]
    for _ in range(2):
        await parts.mongo.collection("migrations").delete_many({})
        await apply(parts.mongo, steps(parts.vault))
        assert await parts.clients.secret(client_id) == SECRET and await in_clear(parts) == []
    assert await parts.clients.sealed_otherwise() == []


async def test_the_key_is_replaced_in_two_steps(trade: Trade, client_id: str, environ: dict[str, str]) -> None:
    new = {"SECRETS_KEY": "n" * 40}
    during = bootstrap.build(load({**environ, **new, "SECRETS_KEY_OLD": environ["JWT_SECRET"]}))
    after = bootstrap.build(load({**environ, **new}))
    try:
        assert await during.clients.secret(client_id) == SECRET
        with pytest.raises(Conflict, match="illisible"):
            await after.pushes.test(after.everyone, client_id, "test")
        assert await after.clients.reseal() == (0, [client_id])
        assert await during.clients.reseal() == (1, [])
        assert await after.clients.secret(client_id) == SECRET
        assert await during.clients.reseal() == (0, [])
    finally:
        await bootstrap.stop(during)
        await bootstrap.stop(after)


async def test_a_call_whose_secret_cannot_be_read_waits(trade: Trade, client_id: str) -> None:
    """The channel stops, no attempt is spent, and nothing is refused that a key given back would send."""
    sealed = Vault("another key, another key, another key").seal(SECRET, f"clients:{client_id}:api_key")
    await trade.parts.mongo.collection("clients").update_one({"id": client_id}, {"$set": {"api_key": sealed}})

    async def journal() -> None:
        raise AssertionError("nothing may be sent")

    found = await trade.parts.pushes.calls({"client_id": client_id, "id": "x", "payload": {"body": "{}"}}, journal)
    assert type(found).__name__ == "Pause"
