"""Until when clients may refuse what was sent to them (rule 16): their own window, else their entity's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.clients.service import ClientsService
from backend.core.mongo import Doc
from backend.deliveries.due import last_return_day
from backend.parametres.service import ParametresService


@dataclass(frozen=True, slots=True)
class ReturnWindow:
    clients: ClientsService
    parametres: ParametresService

    async def last_days(self, rows: Sequence[Doc]) -> dict[str, date]:
        """Delivery id -> the last Paris day, for those that were sent."""
        sent = [one for one in rows if one["status"] == "sent" and one.get("last_sent_at")]
        known = await self.clients.by_ids({one["client_id"] for one in sent})
        current = await self.parametres.current()
        own = {key: client.return_window_days for key, client in known.items()}
        return {
            one["id"]: last_return_day(
                one["last_sent_at"], own.get(one["client_id"]) or current.return_window_days(one["entity"])
            )
            for one in sent
        }
