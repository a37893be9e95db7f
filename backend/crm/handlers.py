"""The durable task `tell_crm`: leads were sold, put one call each in line for the company's CRM."""

from __future__ import annotations

from typing import Any

from backend.channels.contract import Done, Journal, Outcome
from backend.crm.service import CrmService


class TellCrm:
    """Handler of the outbox kind `tell_crm`. Payload: `deliveries`, their ids."""

    def __init__(self, crm: CrmService) -> None:
        self._crm = crm

    async def __call__(self, row: dict[str, Any], journal: Journal) -> Outcome:
        return Done(f"{await self._crm.put(row['payload']['deliveries'])} call(s) put in line")
