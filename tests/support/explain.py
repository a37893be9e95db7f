"""Explains what the stores asked MongoDB: every read goes through an index, in the order of the index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from backend.bootstrap import Parts
from tests.support.commands import CommandLog

_OF_THE_SESSION = {"lsid", "txnNumber", "startTransaction", "autocommit", "readConcern", "writeConcern"}


@contextmanager
def listening(commands: CommandLog) -> Iterator[None]:
    """Keep the commands sent meanwhile in `commands.seen`, all of them told in `asked`."""
    commands.seen.clear()
    commands.asked.clear()
    commands.recording = True
    try:
        yield
    finally:
        commands.recording = False


async def slow_plans(parts: Parts, commands: CommandLog) -> list[dict[str, Any]]:
    """Those of the commands kept whose plan reads a whole collection or sorts in memory."""
    return [command for command in commands.seen if _slow(await _explained(parts, command))]


def _slow(told: dict[str, Any]) -> bool:
    planner = told["queryPlanner"] if "queryPlanner" in told else told["stages"][0]["$cursor"]["queryPlanner"]
    return bool({"COLLSCAN", "SORT"} & set(_stages(planner["winningPlan"])))


async def _explained(parts: Parts, command: dict[str, Any]) -> dict[str, Any]:
    bare = {key: value for key, value in command.items() if not key.startswith("$") and key not in _OF_THE_SESSION}
    return await parts.mongo.db.command("explain", bare, verbosity="queryPlanner")


def _stages(plan: Any) -> Iterator[str]:
    if isinstance(plan, dict):
        if "stage" in plan:
            yield plan["stage"]
        for inner in plan.values():
            yield from _stages(inner)
    elif isinstance(plan, list):
        for inner in plan:
            yield from _stages(inner)
