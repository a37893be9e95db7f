"""Queries of `products`, `client_pricing` and `client_product_pricing`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.tenancy import Scope, TenantCollection
from backend.pricing.models import Defaults, Price, Product

INDEXES = {
    "products": [index("code", unique=True)],
    "client_pricing": [index("client_id", unique=True)],
    "client_product_pricing": [
        index("id", unique=True),
        index("client_id", "product_code", "valid_from", unique=True),
    ],
}


class PricingStore:
    def __init__(self, mongo: Mongo) -> None:
        self._mongo = mongo
        self._products = mongo.collection("products")
        self._raw_defaults = mongo.collection("client_pricing")
        self._defaults = TenantCollection(self._raw_defaults)
        self._raw_prices = mongo.collection("client_product_pricing")
        self._prices = TenantCollection(self._raw_prices)

    async def products(self, *, tx: Tx | None = None) -> list[Product]:
        """Those that people added, by code."""
        rows = self._products.find({}, {"_id": 0}, session=tx).sort("code", 1)
        return [Product.model_validate(doc) async for doc in rows]

    async def add_product(self, tx: Tx, product: Product) -> None:
        """DuplicateKeyError when the code is taken."""
        await self._products.insert_one(product.model_dump(), session=tx)

    async def defaults(self, scope: Scope, ids: Iterable[str], *, tx: Tx | None = None) -> dict[str, Defaults]:
        """Of the clients who have some."""
        rows = self._defaults.find(scope, {"client_id": {"$in": sorted(set(ids))}}, tx=tx)
        return {doc["client_id"]: Defaults.model_validate(doc) async for doc in rows}

    async def set_defaults(self, tx: Tx, defaults: Defaults) -> None:
        query = {"client_id": defaults.client_id}
        await self._raw_defaults.update_one(query, {"$set": defaults.model_dump()}, upsert=True, session=tx)

    async def priced(self, ids: Iterable[str], day: date) -> set[tuple[str, str]]:
        """(client, produit) of these clients that have a price in force that day."""
        query = {"client_id": {"$in": sorted(set(ids))}, "active": True, "valid_from": {"$lte": day.isoformat()}}
        rows = self._raw_prices.find(query, {"_id": 0, "client_id": 1, "product_code": 1})
        return {(doc["client_id"], doc["product_code"]) async for doc in rows}

    async def prices(
        self,
        scope: Scope,
        ids: Iterable[str],
        produits: Iterable[str] | None,
        *,
        day: date | None = None,
        tx: Tx | None = None,
    ) -> list[Price]:
        """The prices of these clients, of every produit when None; with `day`, only those that could be in force."""
        query: Doc = {"client_id": {"$in": sorted(set(ids))}}
        if produits is not None:
            query["product_code"] = {"$in": sorted(set(produits))}
        if day is not None:
            query |= {"active": True, "valid_from": {"$lte": day.isoformat()}}
        return [Price.model_validate(doc) async for doc in self._prices.find(scope, query, tx=tx)]

    async def insert(self, tx: Tx, price: Price) -> None:
        self._mongo.touched("client_product_pricing", tx)
        await self._prices.insert(tx, Scope((price.entity,)), price.model_dump())

    async def change(self, tx: Tx, price: Price) -> None:
        self._mongo.touched("client_product_pricing", tx)
        values: dict[str, Any] = price.model_dump(exclude={"id", "created_at"})
        await self._prices.update(tx, Scope((price.entity,)), {"id": price.id}, {"$set": values})
