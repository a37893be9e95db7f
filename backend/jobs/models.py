"""Shapes of cron_logs and of what the routes answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.mongo import Fence
from backend.jobs.slots import Daily, Weekly

State = Literal["due", "running", "success", "error", "skipped"]


class Slot(BaseModel):
    """One slot as it is stored. `asked_for` slots (`…#2`) were wanted by a person."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(alias="_id")
    job: str
    slot: str
    state: State
    due_at: datetime
    until: datetime | None
    asked_for: bool
    requested_by: str
    owner: str
    fence: int
    lease_until: datetime | None
    steps: int
    takeovers: int
    run_at: datetime | None
    completed_at: datetime | None
    result: dict[str, Any] | None
    error: str


@dataclass(frozen=True, slots=True)
class Run:
    """What a job receives: its slot, and the fence under which each of its transactions must run."""

    slot_id: str
    job: str
    slot: str
    due_at: datetime
    requested_by: str
    takeovers: int
    fence: Fence


@dataclass(frozen=True, slots=True)
class Job:
    """Scheduled work. `run` may be killed anywhere and started again; what it answers is kept in the slot."""

    name: str
    schedule: Daily | Weekly
    run: Callable[[Run], Awaitable[dict[str, Any] | None]]
    text: str = ""


class SlotLine(BaseModel):
    """A slot in the answers."""

    id: str
    job: str
    slot: str
    state: State
    due_at: datetime
    requested_by: str
    takeovers: int
    run_at: datetime | None
    completed_at: datetime | None
    duration_s: float | None
    error: str
    result: dict[str, Any] | None = None


class JobLine(BaseModel):
    """A job: when it runs, when next, and its last slot."""

    job: str
    text: str
    schedule: str
    next_at: datetime
    last: SlotLine | None


class CronAnswer(BaseModel):
    jobs: list[JobLine]
    runs: list[SlotLine]
    count: int
    total: int
    total_capped: bool = False


class RunAsked(BaseModel):
    """The slot made for the run asked for: follow it in `GET /api/system/cron`."""

    success: bool = True
    slot: str
