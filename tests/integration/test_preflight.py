"""`rdz check` on the base: green on a house that works, red when nothing leaves or the base is not of this version."""

from __future__ import annotations

import pytest_asyncio

from backend.bootstrap import Parts
from backend.cli.preflight import base_findings
from backend.core.migrations import apply
from backend.core.sealing import Vault, place
from backend.migrations.store import LATEST, steps
from tests.support.trade import Trade


async def found(parts: Parts) -> dict[str, tuple[str, str]]:
    return {one.name: (one.state, one.text) for one in await base_findings(parts)}


@pytest_asyncio.fixture(autouse=True)
async def migrated(parts: Parts) -> None:
    await apply(parts.mongo, steps(parts.vault))


async def test_a_house_that_works_is_green(parts: Parts) -> None:
    told = await found(parts)
    assert {state for state, _ in told.values()} == {"ok"}
    assert str(LATEST) in told["migrations"][1]


async def test_a_house_on_hold_is_red_with_the_reason(parts: Parts) -> None:
    await parts.hold.hold("Base restaurée", "ops@exemple.fr")
    state, text = (await found(parts))["retenue"]
    assert state == "bad" and "Base restaurée" in text and "ops@exemple.fr" in text and "rdz release" in text


async def test_a_base_behind_or_ahead_is_red(parts: Parts) -> None:
    kept = parts.mongo.collection("migrations")
    await kept.delete_one({"_id": LATEST})
    state, text = (await found(parts))["migrations"]
    assert state == "bad" and f"{LATEST} " in text and "rdz migrate" in text
    await apply(parts.mongo, steps(parts.vault))
    await kept.insert_one({"_id": LATEST + 1, "name": "later"})
    state, text = (await found(parts))["migrations"]
    assert state == "bad" and "plus récente" in text


async def test_a_secret_under_another_key_is_to_be_looked_at(trade: Trade) -> None:
    client = await trade.client(api_key="s3cr3t")
    other = Vault("another key, another key, another key").seal("x", place("clients", client.id, "api_key"))
    await trade.parts.mongo.collection("clients").update_one({"id": client.id}, {"$set": {"api_key": other}})
    assert (await found(trade.parts))["secrets"][0] == "warn"
