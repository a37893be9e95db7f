"""What people do to leads."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from backend.accounts.caller import Caller
from backend.core.clock import Clock
from backend.core.errors import Conflict, InvalidInput
from backend.core.ids import new_id
from backend.core.mongo import Busy, Mongo, Tx
from backend.deliveries.service import DeliveriesService
from backend.dispatch.service import DispatchService
from backend.handling import rules
from backend.leads.consent import Consent, ConsentBody
from backend.leads.models import HELD, ROUTABLE, CorrectBody, Handled, Lead, NoteBody, StatusBody
from backend.leads.service import LeadsService, as_read, event_about
from backend.outbox.service import OutboxService


class HandlingService:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        deliveries: DeliveriesService,
        dispatch: DispatchService,
        leads: LeadsService,
        outbox: OutboxService,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._deliveries = deliveries
        self._dispatch = dispatch
        self._leads = leads
        self._outbox = outbox

    async def set_status(self, caller: Caller, lead_id: str, body: StatusBody) -> dict[str, Any]:
        """Set a waiting lead aside (`invalid`, `test`), or bring one back (`new`), which routes it."""
        lead = await self._leads.get(caller.scope, lead_id)
        if lead.status not in {*rules.WAITING, "invalid"}:
            raise Conflict(f"Un lead « {lead.status} » ne change pas d'état à la main.")
        if body.status == "new" and (why := rules.closed(lead) or rules.ended(lead)):
            raise Conflict(why)
        if body.status == "new" and lead.reasons:
            raise Conflict("Ce lead n'est pas vendable : " + " ".join(lead.reasons.values()))
        status = "lb" if body.status == "new" and lead.is_lb else body.status
        change = {"status": status, "hold_reason": body.reason or None, "updated_at": self._clock.now()}
        event = event_about("lead_status_change", lead, caller.email, {"old": lead.status, "new": status})

        async def work(tx: Tx) -> None:
            await self._leads.change(tx, lead, {"$set": change}, event, guard=as_read(lead))
            await self._outbox.put_task(tx, "route_waiting", {"lead_id": lead.id})

        return await self._then_route(caller, lead, work)

    async def correct(self, caller: Caller, lead_id: str, body: CorrectBody) -> Handled:
        """Correct what was received and route it again, through the checks of the intake. A delivery that has not
        left is taken back first; `resubmit` brings back an invalid lead that can be sold. 409 when it is over."""
        lead = await self._leads.get(caller.scope, lead_id)
        if why := rules.closed(lead) or (rules.ended(lead) if body.resubmit else None):
            raise Conflict(why)
        if wrong := rules.refused(body):
            raise InvalidInput(wrong)
        after = rules.corrected(lead, body)
        changed = rules.differences(lead, after)
        back = body.resubmit and lead.status == "invalid"
        if back and after.reasons:
            raise Conflict("Ce lead n'est pas vendable : " + " ".join(after.reasons.values()))
        if not changed and not back:
            return await self._routed_again(caller, lead)
        await self._mongo.transaction(lambda tx: self._correct(tx, caller, lead, after, changed, back=back))
        return (await self._routed_again(caller, lead)).model_copy(update={"changed": sorted(changed)})

    async def _correct(
        self, tx: Tx, caller: Caller, lead: Lead, after: Lead, changed: dict[str, dict[str, str]], *, back: bool
    ) -> None:
        guard, change = as_read(lead), rules.written(after, self._clock.now())
        if lead.status == "routed":
            await self._dispatch.release(tx, str(lead.delivery_id), "lead_corrected", caller.email)
            guard = {"delivery_id": None}
        if back:
            change |= {"status": "lb" if lead.is_lb else "new", "hold_reason": None}
        event = event_about(
            "lead_corrected" if changed else "lead_resubmitted", lead, caller.email, {"changes": changed}
        )
        await self._leads.change(tx, lead, {"$set": change}, event, guard=guard)
        await self._outbox.put_task(tx, "route_waiting", {"lead_id": lead.id})

    async def _routed_again(self, caller: Caller, lead: Lead) -> Handled:
        with suppress(Busy):  # the task takes it
            await self._leads.route_one(lead.id)
        return Handled(lead_id=lead.id, status=(await self._leads.get(caller.scope, lead.id)).status)

    async def add_note(self, caller: Caller, lead_id: str, body: NoteBody) -> dict[str, Any]:
        """Append a note; it changes nothing else."""
        lead = await self._leads.get(caller.scope, lead_id)
        note = {"id": new_id(), "text": body.text, "author": caller.email, "created_at": self._clock.now()}
        event = event_about("lead_note", lead, caller.email, {"text": body.text[:100]})
        await self._mongo.transaction(lambda tx: self._leads.change(tx, lead, {"$push": {"notes": note}}, event))
        return {"success": True, "note": note}

    async def reroute(self, caller: Caller, lead_id: str) -> dict[str, Any]:
        """Look for a buyer now; a lead already routed, delivered or ended is refused."""
        lead = await self._leads.get(caller.scope, lead_id)
        if lead.status not in {*ROUTABLE, *HELD}:
            raise Conflict(f"Un lead « {lead.status} » ne se route pas à la main.")
        await self._leads.route(lead, "realtime")
        again = await self._leads.get(caller.scope, lead_id)
        return {"success": True, "lead_id": lead_id, "status": again.status, "routing_reason": again.routing_reason}

    async def withdraw(self, caller: Caller, lead_id: str, reason: str) -> dict[str, Any]:
        """Take a lead out of the trade: it ends `invalid`; a delivery that has not left is cancelled."""
        lead = await self._leads.get(caller.scope, lead_id)
        if lead.status == "livre":
            raise Conflict("Ce lead est livré : rejetez-le ou retirez-le depuis sa livraison.")
        change = {"status": "invalid", "hold_reason": "withdrawn", "updated_at": self._clock.now()}
        event = event_about("lead_withdrawn", lead, caller.email, {"reason": reason})

        async def work(tx: Tx) -> None:
            guard = as_read(lead)
            if lead.status == "routed":
                await self._dispatch.release(tx, str(lead.delivery_id), "lead_withdrawn", caller.email)
                guard = {"delivery_id": None}
            await self._leads.change(tx, lead, {"$set": change}, event, guard=guard)

        await self._mongo.transaction(work)
        return {"success": True, "lead_id": lead_id, "status": "invalid"}

    async def late_consent(self, caller: Caller, lead_id: str, body: ConsentBody) -> dict[str, Any]:
        """Evidence that came after the lead. It routes a lead that waited for it; a refusal takes back one that
        has not left."""
        lead = await self._leads.get(caller.scope, lead_id)
        told = body.model_dump()
        kept = Consent(**told, rgpd_consent=bool(body.given), received_at=self._clock.now(), origin=caller.email)
        stops = kept.refused and lead.status == "routed" and await self._dispatch.may_release(str(lead.delivery_id))
        details = {"proof": kept.proof, "before": lead.consent.model_dump(mode="json")}
        event = event_about("lead_consent", lead, caller.email, details)

        async def work(tx: Tx) -> None:
            await self._leads.change(tx, lead, {"$set": {"consent": kept.model_dump()}}, event)
            if lead.delivery_id is not None:
                await self._deliveries.note_proof(tx, lead.delivery_id, kept.proof)
            if stops:
                await self._dispatch.release(tx, str(lead.delivery_id), "consent_refused", caller.email)
            await self._outbox.put_task(tx, "route_waiting", {"lead_id": lead.id})

        return {**await self._then_route(caller, lead, work), "proof": kept.proof}

    async def _then_route(self, caller: Caller, lead: Lead, work: Any) -> dict[str, Any]:
        """Commit, route what may be, and tell where the lead stands."""
        await self._mongo.transaction(work)
        with suppress(Busy):  # the task takes it
            await self._leads.route_one(lead.id)
        again = await self._leads.get(caller.scope, lead.id)
        return {"success": True, "lead_id": lead.id, "status": again.status}
