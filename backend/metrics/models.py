"""Figures read from the base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows of one channel in one state. `oldest`: creation (business time) of the one that was there first."""

    channel: str
    state: str
    rows: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Attempts:
    """Attempts of one channel that ended one way, lately."""

    channel: str
    outcome: str
    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Alert:
    """A threshold passed on one channel; `text` is for people."""

    kind: Literal["depth", "success", "slow"]
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it. `leads`: (entity, status) -> received lately; `late`: job -> seconds its oldest due slot waits."""

    queues: tuple[Queue, ...]
    attempts: tuple[Attempts, ...]
    leads: dict[tuple[str, str], int]
    late: dict[str, float]
    processes: dict[str, int]
    held: bool
