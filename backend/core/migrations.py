"""Numbered changes of what is stored: each run once per base, in order, before anything else reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pymongo.errors import DuplicateKeyError

from backend.core import log
from backend.core.clock import utcnow
from backend.core.ids import new_id
from backend.core.mongo import Mongo
from backend.core.snapshot import CONFIG, RESTORING

logger = log.get("rdz.migrations")
_NAME = "migrations"
_LEASE = timedelta(minutes=10)
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """One change. `run` is idempotent: a process may die in the middle of it, and another runs it whole again."""

    number: int
    name: str
    run: Callable[[Mongo], Awaitable[None]]


class StartRefused(SystemExit):
    """The base is not one this code may work on; the message says what to do."""


async def apply(mongo: Mongo, steps: Sequence[Step]) -> list[Step]:
    """Run what this base has not seen, one process at a time; answers what was run here.

    `StartRefused` when the base is newer than the code, or half restored.
    """
    if not await pending(mongo, steps):
        return []
    me = new_id()
    await _turn(mongo, me)
    try:
        missing = await pending(mongo, steps)
        for step in missing:
            logger.info("migration_started", number=step.number, name=step.name)
            await step.run(mongo)
            done = {"name": step.name, "applied_at": utcnow()}
            await mongo.collection(_NAME).update_one({"_id": step.number}, {"$set": done}, upsert=True)
        return missing
    finally:
        await mongo.collection(_NAME).delete_one({"_id": "lock", "owner": me})


async def pending(mongo: Mongo, steps: Sequence[Step]) -> list[Step]:
    """What this base has not seen. `StartRefused` as `apply`."""
    known = {step.number for step in steps}
    found = {doc["_id"]: doc async for doc in mongo.collection(_NAME).find({"_id": {"$type": "number"}})}
    newer = sorted(number for number in found if number not in known)
    if newer:
        told = ", ".join(f"{number} ({found[number]['name']})" for number in newer)
        raise StartRefused(
            f"Démarrage refusé : la base {mongo.db.name} est plus récente que ce code :"
            f" elle a reçu la migration {told}.\n"
            "Installez la version qui la connaît, ou restaurez la sauvegarde d'avant : rdz restore FICHIER --replace."
        )
    if await mongo.collection(CONFIG).find_one({"_id": RESTORING}):
        raise StartRefused(
            f"Démarrage refusé : une restauration de la base {mongo.db.name} est inachevée.\n"
            "Attendez sa fin, ou relancez : rdz restore FICHIER --replace."
        )
    return [step for step in steps if step.number not in found]


async def _turn(mongo: Mongo, owner: str) -> None:
    while True:
        if await _taken(mongo, owner):
            return
        await asyncio.sleep(_LOOK_S)


async def _taken(mongo: Mongo, owner: str) -> bool:
    """True when the lock is ours. The lease only serves when its holder died."""
    now = utcnow()
    free = {"_id": "lock", "until": {"$lt": now}}
    mine = {"$set": {"owner": owner, "until": now + _LEASE}}
    try:
        await mongo.collection(_NAME).update_one(free, mine, upsert=True)
    except DuplicateKeyError:
        return False
    return True
