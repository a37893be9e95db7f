"""The handler of reminders: what was paid or credited while the message waited is not asked for."""

from __future__ import annotations

from typing import Any

from backend.channels.contract import Failed, Handler, Journal, Outcome
from backend.reminders.service import Reminders


class SendReminder:
    """`mail` sends the row."""

    def __init__(self, reminders: Reminders, mail: Handler) -> None:
        self._reminders = reminders
        self._mail = mail

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        reason = await self._reminders.settled(str(row["payload"]["reminder_id"]))
        return Failed(reason, "settled") if reason else await self._mail(row, journal)
