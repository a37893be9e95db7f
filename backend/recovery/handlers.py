"""What the worker does of passwords: make the link that was asked for, and send the e-mail that carries one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from backend.channels.contract import Done, Failed, Journal, Outcome
from backend.recovery.service import RecoveryService

Send = Callable[[dict[str, Any], Journal], Awaitable[Outcome]]


class GiveLink:
    """Handler of `password_link`. Payload: `email`, of an account or of nobody."""

    def __init__(self, recovery: RecoveryService) -> None:
        self._recovery = recovery

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        return Done("link sent" if await self._recovery.give(row["payload"]["email"]) else "no such account")


class AccountMail:
    """Handler of `account_mail`: the link is put in the message as it leaves; the base never holds it."""

    def __init__(self, recovery: RecoveryService, send: Send) -> None:
        self._recovery = recovery
        self._send = send

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        text = await self._recovery.text(row)
        if text is None:
            return Failed("Le lien n'est plus valable : un autre a été demandé, ou son temps est passé.", "expired")
        return await self._send({**row, "payload": {**row["payload"], "text": text}}, journal)
