"""Migrations: each once per base, in order, one process at a time; a base newer than the code refuses it."""

from __future__ import annotations

import asyncio

import pytest

from backend import bootstrap
from backend.bootstrap import Parts
from backend.core.migrations import StartRefused, Step, apply, pending
from backend.core.mongo import Mongo
from backend.core.sealing import Vault
from backend.migrations.store import LATEST
from backend.migrations.store import steps as declared

STEPS = declared(Vault("0" * 32))


async def _renames(mongo: Mongo) -> None:
    await mongo.collection("outbox_attempts").update_many({"old": {"$exists": True}}, {"$rename": {"old": "new"}})
    await mongo.collection("outbox_attempts").update_one({"_id": "runs"}, {"$inc": {"times": 1}}, upsert=True)
    await asyncio.sleep(0.05)


async def _breaks(_mongo: Mongo) -> None:
    raise ZeroDivisionError


def test_the_numbers_count_from_one_without_a_hole() -> None:
    assert [step.number for step in STEPS] == list(range(1, LATEST + 1))
    assert len({step.name for step in STEPS}) == LATEST


async def test_a_step_runs_once_whoever_starts_first(parts: Parts) -> None:
    attempts = parts.mongo.collection("outbox_attempts")
    await attempts.insert_one({"_id": "a", "old": 1})
    steps = (*STEPS, Step(LATEST + 1, "renames", _renames))
    ran = await asyncio.gather(*(apply(parts.mongo, steps) for _ in range(4)))
    assert sorted(len(one) for one in ran) == [0, 0, 0, LATEST + 1]
    assert (await attempts.find_one({"_id": "a"})) == {"_id": "a", "new": 1}
    assert (await attempts.find_one({"_id": "runs"})) == {"_id": "runs", "times": 1}
    assert await pending(parts.mongo, steps) == []
    kept = [doc async for doc in parts.mongo.collection("migrations").find({}).sort("_id", 1)]
    assert [(doc["_id"], doc["name"]) for doc in kept] == [(one.number, one.name) for one in steps]


async def test_a_step_that_breaks_is_run_again(parts: Parts) -> None:
    with pytest.raises(ZeroDivisionError):
        await apply(parts.mongo, (*STEPS, Step(LATEST + 1, "renames", _breaks)))
    assert [one.number for one in await apply(parts.mongo, (*STEPS, Step(LATEST + 1, "renames", _renames)))] == [
        LATEST + 1
    ]


async def test_a_base_newer_than_the_code_refuses_it(parts: Parts) -> None:
    await apply(parts.mongo, (*STEPS, Step(LATEST + 1, "renames", _renames)))
    with pytest.raises(StartRefused, match=rf"plus récente que ce code.*{LATEST + 1} \(renames\)"):
        await bootstrap.start(parts)


async def test_a_base_half_restored_refuses_everybody(parts: Parts) -> None:
    await parts.mongo.collection("system_config").insert_one({"_id": "restoring", "file": "rdz.bak"})
    with pytest.raises(StartRefused, match="inachevée"):
        await bootstrap.start(parts)
