"""Shapes of tasks and of their rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

State = Literal["preparing", "running", "done", "cancelled"]
RowState = Literal["pending", "succeeded", "failed", "ignored"]
MOST_ROWS = 20_000
"""Rows of one task; more is refused, never cut."""


class NewRow(BaseModel):
    """One object to work on. Rows of the same `unit` are done together, by one call; `code` says why one is ignored."""

    key: str
    entity: str
    label: str
    unit: str = ""
    code: str = ""
    detail: str = ""
    payload: dict[str, Any] = Field(default_factory=dict)


class Row(NewRow):
    """A stored row. `n` is its place; `detail` a French sentence: why it failed or was ignored, else what was done."""

    task_id: str
    n: int
    state: RowState = "pending"
    done_at: datetime | None = None


class Counts(BaseModel):
    """`processed` = succeeded + failed + ignored."""

    total: int = 0
    processed: int = 0
    succeeded: int = 0
    failed: int = 0
    ignored: int = 0


class Task(Counts):
    """What was asked, by whom, with the rights held at that moment. `entity` is null when rows are of several."""

    id: str
    kind: str
    entity: str | None
    user_id: str
    user: str
    state: State
    about: str = ""
    params: dict[str, Any] = Field(default_factory=dict)
    caller: dict[str, Any]
    created_at: datetime
    finished_at: datetime | None = None


class TaskShown(Counts):
    """A task as its owner sees it. `about` names what it is about: a client, a week."""

    id: str
    kind: str
    entity: str | None
    state: State
    about: str
    created_at: datetime
    finished_at: datetime | None


class TaskPage(BaseModel):
    tasks: list[TaskShown]
    count: int
    total: int
    total_capped: bool = False


class RowShown(BaseModel):
    key: str
    n: int
    entity: str
    label: str
    state: RowState
    code: str
    detail: str
    done_at: datetime | None


class TaskOne(BaseModel):
    """A task with a page of its rows: the failed ones first asked for, else all."""

    task: TaskShown
    rows: list[RowShown]
    count: int
    total: int
    total_capped: bool = False
