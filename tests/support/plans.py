"""Asks MongoDB how it would run the commands that a `CommandLog` kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from backend.core.mongo import Doc, Mongo
from tests.support.commands import CommandLog

_PARTS = {
    "find": ("filter", "sort", "projection", "limit", "skip", "hint", "singleBatch", "let"),
    "aggregate": ("pipeline", "cursor", "hint", "let"),
    "count": ("query", "limit", "skip", "hint"),
    "distinct": ("key", "query", "hint"),
    "findAndModify": ("query", "sort", "update", "new", "upsert", "remove", "fields", "hint"),
    "update": ("updates",),
    "delete": ("deletes",),
}


def distinct(log: CommandLog) -> list[Doc]:
    """The commands that differ by more than their values, stripped of session and transaction, one write each."""
    kept: dict[str, Doc] = {}
    for command in log.seen:
        for one in _single(command):
            kept.setdefault(repr(_shape(one)), one)
    return list(kept.values())


def _single(command: Doc) -> Iterator[Doc]:
    name = next(iter(command))
    bare = {name: command[name]} | {part: command[part] for part in _PARTS[name] if part in command}
    if name in {"update", "delete"}:
        part = f"{name}s"
        yield from ({**bare, part: [one]} for one in bare[part])
    else:
        yield bare


def _shape(value: Any) -> Any:
    """The same for two commands that differ by their values only; a list of values counts up to two."""
    if isinstance(value, dict):
        return {key: one if key in _PARTS or key in {"sort", "hint"} else _shape(one) for key, one in value.items()}
    if isinstance(value, list):
        shapes = [_shape(one) for one in value]
        return shapes if any(isinstance(one, dict | list) for one in shapes) else sorted({str(s) for s in shapes[:2]})
    return value if value is None or isinstance(value, bool) else type(value).__name__


async def faults(mongo: Mongo, commands: Iterable[Doc], tiny: Iterable[str]) -> list[str]:
    """Each command that reads a whole collection or sorts in memory, with its plan; `tiny` collections may."""
    known = set(tiny)
    told = []
    for command in commands:
        if command[next(iter(command))] in known or _follows(command):
            continue
        plan = await mongo.db.command({"explain": command, "verbosity": "queryPlanner"})
        stages = set(_stages(plan))
        wrong = sorted(stages & {"COLLSCAN", "SORT", "$sort"}) or ([] if stages - {"EOF"} else ["nothing to plan"])
        if wrong:
            told.append(f"{', '.join(wrong)}: {command} through {sorted(_indexes(plan))}")
    return told


def _follows(command: Doc) -> bool:
    """A change stream reads the journal of the base, not the collection."""
    return any("$changeStream" in stage for stage in command.get("pipeline", ()))


def _stages(plan: Any, *, winning: bool = False) -> Iterator[str]:
    if isinstance(plan, list):
        for one in plan:
            yield from _stages(one, winning=winning)
    elif isinstance(plan, dict):
        if winning and isinstance(plan.get("stage"), str):
            yield plan["stage"]
        yield from ("$sort" for _ in range("$sort" in plan and not winning))
        for key, one in plan.items():
            if key not in {"rejectedPlans", "command", "slotBasedPlan"}:
                yield from _stages(one, winning=winning or key == "winningPlan")


def _indexes(plan: Any) -> set[str]:
    if isinstance(plan, list):
        return {name for one in plan for name in _indexes(one)}
    if not isinstance(plan, dict):
        return set()
    own = {plan["indexName"]} if "indexName" in plan else set()
    return own | {name for key, one in plan.items() if key != "rejectedPlans" for name in _indexes(one)}
