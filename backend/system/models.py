"""Shapes of what the house says of itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.core.tenancy import Scope

Status = Literal["healthy", "warning", "degraded", "error"]
Check = Callable[[Scope], Awaitable[dict[str, Any]]]
"""A module's facts for the caller's scope; `status` among them."""


class Root(BaseModel):
    name: str
    version: str
    status: str
    entities: list[str]
    features: dict[str, bool]


class Alive(BaseModel):
    status: str


class Version(BaseModel):
    version: str
    tag: str
    git_sha: str
    build_date: str
    env: str


class Module(BaseModel):
    """One part of the house; what else it says depends on the part. `alarms`: codes, each with its RUNBOOK section."""

    model_config = ConfigDict(extra="allow")

    status: Status
    alarms: list[str] = Field(default_factory=list)


class Health(BaseModel):
    status: Status
    timestamp: datetime
    version: Version
    modules: dict[str, Module]


class Instance(BaseModel):
    """A process that says it is alive every few seconds."""

    id: str
    roles: list[str]
    host: str
    pid: int
    boot_id: str
    version: str
    started_at: datetime
    heartbeat_at: datetime
