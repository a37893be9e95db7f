"""The kernel on a real replica set: transactions, indexes, the error shape."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import httpx
import pytest
from pymongo.errors import DuplicateKeyError

from backend.bootstrap import Parts
from backend.core.indexes import IndexFailure, apply, index
from backend.core.mongo import Tx


async def test_conflicting_transactions_are_tried_again_until_each_has_counted(parts: Parts) -> None:
    counters = parts.mongo.collection("probe")
    await counters.insert_one({"_id": "n", "n": 0})

    async def bump(tx: Tx) -> None:
        await counters.update_one({"_id": "n"}, {"$inc": {"n": 1}}, session=tx)

    await asyncio.gather(*(parts.mongo.transaction(bump, budget=20) for _ in range(30)))
    doc = await counters.find_one({"_id": "n"})
    assert doc is not None and doc["n"] == 30


async def test_a_failed_transaction_leaves_nothing(parts: Parts) -> None:
    rows = parts.mongo.collection("probe")
    await rows.insert_one({"_id": "there"})

    async def half(tx: Tx) -> None:
        await rows.insert_one({"_id": "new"}, session=tx)
        await rows.insert_one({"_id": "there"}, session=tx)

    with pytest.raises(DuplicateKeyError):
        await parts.mongo.transaction(half)
    assert await rows.count_documents({}) == 1


async def test_money_is_decimal_in_the_base(parts: Parts) -> None:
    await parts.mongo.collection("probe").insert_one({"_id": 1, "ht": Decimal("12.50")})
    doc = await parts.mongo.collection("probe").find_one({"_id": 1})
    assert doc is not None and doc["ht"] == Decimal("12.50")


async def test_an_index_that_cannot_be_made_is_fatal_and_named(parts: Parts) -> None:
    await parts.mongo.collection("probe_unique").insert_many([{"a": 1}, {"a": 1}])
    with pytest.raises(IndexFailure, match=r"probe_unique\.a_1"):
        await apply(parts.mongo, [{"probe_unique": [index("a", unique=True)]}])


async def test_an_unknown_address_answers_the_one_error_shape(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/nowhere")
    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
