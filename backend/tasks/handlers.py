"""The durable task `work_task`: a person's task goes on, a few seconds at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.channels.contract import Done, Journal, Outcome, Snooze
from backend.tasks.service import TasksService


class WorkTask:
    """Handler of the outbox kind `work_task`. Payload: `task_id`."""

    def __init__(self, tasks: TasksService) -> None:
        self._tasks = tasks

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        more = await self._tasks.work(row["payload"]["task_id"])
        return Snooze(timedelta(), "Tâche en cours.") if more else Done()
