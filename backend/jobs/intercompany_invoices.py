"""Monday 08:00 Paris: what the sister companies sold for each other in the week before is invoiced (rule 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.tenancy import Scope
from backend.core.weeks import shift_week
from backend.jobs.models import Run
from backend.netting.service import WeeklyInvoices


class NotInvoiced(RuntimeError):
    """A direction could not be invoiced: the slot is in error, and says why."""


@dataclass(frozen=True, slots=True)
class IntercompanyInvoices:
    """The job `intercompany_invoices`. Its slot is the week it runs in; it invoices the one before."""

    weekly: WeeklyInvoices
    entities: Sequence[str]

    async def __call__(self, run: Run) -> dict[str, Any]:
        week = shift_week(run.slot.partition("#")[0], -1)
        told = await self.weekly.generate(Scope(tuple(self.entities)), week, f"system:{run.job}", run.fence)
        await self.weekly.tell_run(run.slot_id, told)
        if told.refused:
            raise NotInvoiced("; ".join(f"{one['direction']} : {one['reason']}" for one in told.refused))
        return told.model_dump(mode="json", exclude={"success", "message"})
