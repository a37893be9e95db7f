"""The handler of pushed rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from backend.channels.contract import Down, Failed, Journal, Outcome, Pause
from backend.channels.http_push.models import Destination
from backend.channels.http_push.replies import outcome, unanswered
from backend.channels.http_push.signature import headers
from backend.core.addresses import BadAddress
from backend.core.clock import utcnow
from backend.core.http import HttpDoor, NoAnswer, NotSent
from backend.core.sealing import Unreadable

Find = Callable[[dict[str, Any]], Awaitable[Destination | None]]
"""Where the call of a row goes, None when it goes nowhere any more."""


async def _nothing_to_note() -> None:
    """A test call leaves no trace in the outbox."""


class HttpPush:
    """Makes one call per row, to the interface as it is at that moment; the body was frozen before."""

    def __init__(self, door: HttpDoor, find: Find) -> None:
        self.door = door
        self._find = find

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        try:
            to = await self._find(row)
        except Unreadable:
            return Pause("Secret du client illisible avec SECRETS_KEY : à ressaisir.", "secret_unreadable")
        if to is None:
            return Failed("Aucune adresse d'API.", "no_endpoint")
        return await self.call(to, row["id"], row["payload"]["body"], journal)

    async def call(self, to: Destination, row_id: str, body: str, journal: Journal = _nothing_to_note) -> Outcome:
        """One POST; the journal is written once connected, just before the request."""
        content = body.encode()
        try:
            answer = await self.door.post(to.url, headers(to, row_id, content, utcnow()), content, journal)
        except BadAddress as exc:
            return Failed(str(exc), "address_refused")
        except NotSent as exc:
            return Down(str(exc), "not_sent")
        except NoAnswer as exc:
            return unanswered(to, str(exc))
        return outcome(to, answer, utcnow())
