"""Listens to what the stores ask MongoDB, so that tests can explain it."""

from __future__ import annotations

from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

_EXPLAINABLE = {"find", "aggregate", "count", "update", "delete", "findAndModify", "distinct"}


class CommandLog(CommandListener):
    """Keeps the explainable commands while `recording`; `asked` tells them all, in order, with their collection."""

    def __init__(self) -> None:
        self.recording = False
        self.seen: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        if self.recording:
            of = event.command.get(event.command_name)
            self.asked.append(f"{event.command_name} {of if isinstance(of, str) else ''}".strip())
        if self.recording and event.command_name in _EXPLAINABLE:
            self.seen.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None: ...

    def failed(self, event: CommandFailedEvent) -> None: ...
