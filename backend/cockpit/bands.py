"""What the day's delivery of each entity is doing: reads of its run, its lots and its mailbox for the Cockpit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.batches.service import BatchesService
from backend.cockpit import rules
from backend.cockpit.models import Band
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.tenancy import Scope
from backend.deliveries.due import DAILY_AT, due_day
from backend.deliveries.service import DeliveriesService
from backend.hold.models import Held
from backend.hold.service import HoldService
from backend.jobs.models import Slot
from backend.jobs.service import JobsService
from backend.outbox.service import OutboxService
from backend.parametres.service import ParametresService

_DAILY = "daily_delivery"
_WAITS = ["pending_csv", "ready_to_send"]


@dataclass(frozen=True, slots=True)
class Bands:
    clock: Clock
    parametres: ParametresService
    deliveries: DeliveriesService
    batches: BatchesService
    outbox: OutboxService
    jobs: JobsService
    hold: HoldService

    async def read(self, scope: Scope) -> list[Band]:
        run = await self.jobs.last(_DAILY, "running", "success", "error", "skipped")
        if run and weeks.paris_day(run.due_at) != weeks.paris_day(self.clock.now()):
            run = None
        since = (await self.jobs.waiting_since()).get(_DAILY)
        held = await self.hold.current()
        return [await self._band(entity, run, since, held) for entity in scope.entities]

    async def ran_since(self, moment: datetime) -> bool:
        """Whether a delivery of the day that was due since then has ended."""
        run = await self.jobs.last(_DAILY, "success")
        return run is not None and run.due_at >= moment

    async def _band(self, entity: str, run: Slot | None, since: datetime | None, held: Held | None) -> Band:
        own, now = Scope((entity,)), self.clock.now()
        calendar = (await self.parametres.current()).calendar(entity)
        today = weeks.paris_day(now)
        closed, leaves = calendar.closed_reason(today), due_day(now, calendar)
        lots = await self.batches.progress(entity, today.isoformat())
        waiting = await self.deliveries.count_unsent(own, None, ("client_id",), status={"$in": _WAITS})
        tomorrow = weeks.week_bounds(weeks.week_of(now))[1]
        sent = await self.deliveries.count_sent(own, (weeks.at_paris(today), tomorrow), ("client_id",))
        stuck = await self.deliveries.count_unsent(own, None, (), status={"$in": ["failed", "uncertain"]})
        mailbox = await self._mailbox(own)
        paused = mailbox["state"] == "paused"
        told = run.state if run else None
        going = rules.band_state(told, since, lots, is_open=closed is None, paused=paused, now=now)
        state = "held" if held else going
        late = state == "late" and since is not None
        return Band(
            entity=entity,
            state=state,
            held_reason=held.reason if held else "",
            closed_reason=closed,
            leaves_at=weeks.at_paris(leaves, DAILY_AT.hour, DAILY_AT.minute) if leaves else None,
            waiting=rules.total(waiting),
            clients=len({one.client_id for one in waiting}),
            failed=sum(one.n for one in stuck if one.status == "failed"),
            uncertain=sum(one.n for one in stuck if one.status == "uncertain"),
            channel_state=mailbox["state"],
            channel_reason=mailbox["reason"],
            due_at=since if late else run.due_at if run else None,
            late_min=int((now - since).total_seconds() // 60) if late and since else None,
            done_at=max((one for one in (lots.last_at, run.completed_at if run else None) if one), default=None),
            lots=lots,
            sent=rules.total(sent),
            sent_clients=len({one.client_id for one in sent}),
        )

    async def _mailbox(self, own: Scope) -> dict[str, str]:
        """The channel that the entity's e-mails leave by."""
        found = await self.outbox.channels(own)
        return next((one for one in found if one["channel"].startswith("smtp:")), {"state": "active", "reason": ""})
