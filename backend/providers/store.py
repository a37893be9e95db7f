"""Queries of `providers`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope, Sort, TenantCollection
from backend.providers.models import Provider

BY_NAME: Sort = (("name", 1), ("id", 1))

INDEXES = {
    "providers": [
        index("id", unique=True),
        index("slug", unique=True),
        index("api_key_sha256", unique=True),
        index("entity", "name", "id"),
        index("entity", "active", "name", "id"),
    ]
}
_ALIVE: Doc = {"deleted_at": None}


class ProviderStore:
    def __init__(self, mongo: Mongo, everyone: Scope) -> None:
        self._everyone = everyone
        self._raw = mongo.collection("providers")
        self._rows = TenantCollection(self._raw)

    async def insert(self, tx: Tx, provider: Provider) -> None:
        await self._raw.insert_one(provider.model_dump(), session=tx)

    async def one(self, scope: Scope, provider_id: str, *, tx: Tx | None = None) -> Provider | None:
        """A provider that isn't deleted."""
        doc = await self._rows.one(scope, {"id": provider_id, **_ALIVE}, tx=tx)
        return Provider.model_validate(doc) if doc else None

    async def by_digest(self, digest: str) -> Provider | None:
        """The active provider whose key has this digest, of any entity."""
        doc = await self._rows.one(self._everyone, {"api_key_sha256": digest, "active": True, **_ALIVE})
        return Provider.model_validate(doc) if doc else None

    async def by_ids(self, ids: Iterable[str]) -> list[Provider]:
        """Deleted ones included: what refers to them still shows them."""
        cursor = self._rows.find(self._everyone, {"id": {"$in": list(set(ids))}})
        return [Provider.model_validate(doc) async for doc in cursor]

    async def page(self, scope: Scope, filters: Mapping[str, Any], page: Page) -> Paged[Provider]:
        index_keys = [("entity", 1), *((name, 1) for name in filters), *BY_NAME]
        found = await self._rows.page(scope, {**filters, **_ALIVE}, page, sort=BY_NAME, hint=index_keys)
        return Paged([Provider.model_validate(doc) for doc in found.rows], found.total, found.capped)

    async def update(self, tx: Tx, provider: Provider, fields: Mapping[str, Any]) -> None:
        await self._rows.update(tx, Scope((provider.entity,)), {"id": provider.id}, {"$set": dict(fields)})
