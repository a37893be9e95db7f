"""Backup and restore: exact, consistent while the house works, refused when altered, held once restored."""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from backend import bootstrap
from backend.bootstrap import Parts
from backend.core.snapshot import BadBackup, Base, verify
from backend.settings import Settings, load
from tests.support.departure import hand_over
from tests.support.trade import Trade, phone

_RDZ = str(Path(sysconfig.get_path("scripts")) / "rdz")
HEADER = {"version": "x", "database": "x", "at": datetime(2026, 3, 11, tzinfo=UTC)}


@pytest.fixture
def elsewhere(environ: dict[str, str]) -> dict[str, str]:
    """The environment of another, empty base on the same server."""
    return {**environ, "DB_NAME": f"{environ['DB_NAME']}_restored"}


@pytest_asyncio.fixture
async def target(parts: Parts, elsewhere: dict[str, str]) -> AsyncIterator[Settings]:
    settings = load(elsewhere)
    await parts.mongo.client.drop_database(settings.db_name)
    yield settings
    await parts.mongo.client.drop_database(settings.db_name)


async def rdz(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run, [_RDZ, *words], env={**os.environ, **environ, "COLUMNS": "200"},
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip


async def test_what_was_saved_comes_back_and_waits(
    trade: Trade, environ: dict[str, str], elsewhere: dict[str, str], target: Settings, tmp_path: Path
) -> None:
    await trade.buyer()
    lead = await trade.lead()
    await hand_over(trade, by_hand=True)
    odd = {"_id": "odd", "amount": Decimal("12.3400"), "at": datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "n": 2**40}
    await trade.parts.mongo.collection("outbox_attempts").insert_one(odd)
    folder = tmp_path / "sauvegardes"
    file = folder / "rdz.bak"
    missing = await rdz(elsewhere, "restore", str(file))
    assert missing.returncode == 1 and "n'existe pas" in missing.stderr
    saved = await rdz(environ, "backup", str(file))
    assert saved.returncode == 0, saved.stdout + saved.stderr
    assert file.stat().st_mode & 0o777 == 0o600 and [one.name for one in folder.iterdir()] == ["rdz.bak"]
    assert folder.stat().st_mode & 0o777 == 0o700
    again = await rdz(environ, "backup", str(file))
    assert again.returncode == 1 and "existe déjà" in again.stderr

    back = await rdz(elsewhere, "restore", str(file))
    assert back.returncode == 0, back.stdout + back.stderr
    assert "peut-être partis depuis : 1." in back.stdout
    [row] = await trade.rows("outbox", kind="email")
    assert row["message_id"] in (folder / "rdz.bak.rapprochement.csv").read_text()

    restored = bootstrap.build(target)
    try:
        kept = restored.mongo.collection
        assert await kept("outbox_attempts").find_one({"_id": "odd"}) == odd
        assert await kept("leads").find_one({"id": lead["id"]}) == lead
        held = await restored.hold.current()
        assert held is not None and held.reason.startswith("Base restaurée")
        assert await restored.outbox.active_channels() == ["tasks"]
        assert await kept("event_log").count_documents({"action": "base_restored"}) == 1
        assert not [check for check in await restored.monitoring.invariants() if check.count]
    finally:
        await bootstrap.stop(restored)

    full = await rdz(elsewhere, "restore", str(file))
    assert full.returncode == 1 and "--replace" in full.stderr


async def test_a_living_process_forbids_a_restoration(parts: Parts, environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "rdz.bak"
    source = Base(environ["MONGO_URL"], environ["DB_NAME"])
    source.dump(file, HEADER)
    source.close()
    await parts.system.beat(["worker"])
    refused = await rdz(environ, "restore", str(file), "--replace")
    assert refused.returncode == 1 and "Processus au travail" in refused.stderr
    assert await parts.hold.current() is None


@pytest.mark.parametrize("damage", ["flipped", "cut", "edited", "foreign"])
async def test_an_altered_file_is_refused(parts: Parts, environ: dict[str, str], tmp_path: Path, damage: str) -> None:
    file = tmp_path / "rdz.bak"
    await parts.mongo.collection("outbox_attempts").insert_many([{"_id": n, "word": "bonjour"} for n in range(500)])
    source = Base(environ["MONGO_URL"], environ["DB_NAME"])
    source.dump(file, HEADER)
    source.close()
    assert verify(file)["collections"]["outbox_attempts"]["documents"] == 500
    whole, inside = file.read_bytes(), gzip.decompress(file.read_bytes())
    file.write_bytes(
        {
            "flipped": whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :],
            "cut": gzip.compress(inside[: len(inside) * 2 // 3]),
            "edited": gzip.compress(inside.replace(b"bonjour", b"bonsoir", 1)),
            "foreign": b"not a backup at all",
        }[damage]
    )
    with pytest.raises(BadBackup):
        verify(file)


async def test_a_refused_file_leaves_the_base_as_it_was(parts: Parts, environ: dict[str, str], tmp_path: Path) -> None:
    await parts.mongo.collection("leads").insert_one({"_id": "mine"})
    file = tmp_path / "rdz.bak"
    file.write_bytes(gzip.compress(b"\x05\x00\x00\x00\x00"))
    refused = await rdz(environ, "restore", str(file), "--replace")
    assert refused.returncode == 1 and "n'a pas été touchée" in refused.stderr
    assert await parts.mongo.collection("leads").count_documents({}) == 1
    assert await parts.hold.current() is None


async def test_a_backup_taken_while_leads_arrive_holds_every_promise(
    trade: Trade, environ: dict[str, str], target: Settings, tmp_path: Path
) -> None:
    """Leads, claims, places, deliveries and tasks of one instant: nothing half there."""
    await trade.buyer(quota_semaine=0)
    done = asyncio.Event()

    async def arrive() -> int:
        number = 0
        while not done.is_set() or number < 20:
            await asyncio.gather(*(trade.submit(phone=phone()) for _ in range(4)))
            number += 4
        return number

    arriving = asyncio.create_task(arrive())
    await asyncio.sleep(0.3)
    source, copy = Base(environ["MONGO_URL"], environ["DB_NAME"]), Base(environ["MONGO_URL"], target.db_name)
    for n in range(3):
        await asyncio.to_thread(source.dump, tmp_path / f"{n}.bak", HEADER)
    done.set()
    assert await arriving >= 20
    verify(tmp_path / "2.bak")
    await asyncio.to_thread(copy.load, tmp_path / "2.bak")
    source.close()
    copy.close()
    restored = bootstrap.build(target)
    kept = restored.mongo.collection
    sold = await kept("deliveries").count_documents({})
    assert sold == await kept("dedup_claims").count_documents({})
    assert sold == await kept("leads").count_documents({"status": "routed"})
    assert not [check for check in await restored.monitoring.invariants() if check.count]
    await bootstrap.stop(restored)
