"""Closing a week, client by client: what is sold is settled, its invoice and the avoirs it calls for are drafted.

A closed week never takes a unit any more: what comes later goes to the next open one, with its own date.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.billing.models import CloseBody, ClosedClient
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import AppError, BadRequest, Conflict, NotFound
from backend.core.mongo import Mongo, Tx
from backend.core.paging import MAX_LIMIT, Page
from backend.core.tenancy import Scope
from backend.deliveries.service import DeliveriesService
from backend.invoices.models import Invoice
from backend.invoices.service import InvoicesService
from backend.ledger import rules as ledger_rules
from backend.ledger.service import LedgerService


class Closing:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        audit: AuditService,
        clients: ClientsService,
        deliveries: DeliveriesService,
        ledger: LedgerService,
        invoices: InvoicesService,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._deliveries = deliveries
        self._ledger = ledger
        self._invoices = invoices

    async def close(self, scope: Scope, week: str, body: CloseBody, by: str) -> list[ClosedClient]:
        """Close the week of the clients asked for; each on its own: one refused does not keep the others."""
        self._demand_over(week)
        if body.force and not body.reason:
            raise BadRequest({"reason": "Donnez le motif : il reste au journal."})
        forced = body.reason if body.force else ""
        wanted = await self._wanted(scope, week, body.client_id)
        return [await self._one(entity, client, name, week, by, forced, body.issue) for entity, client, name in wanted]

    def _demand_over(self, week: str) -> None:
        if weeks.week_bounds(week)[1] > self._clock.now():
            raise Conflict(f"La {weeks.week_in_words(week)}, n'est pas terminée.", code="week_not_over")

    async def _wanted(self, scope: Scope, week: str, client_id: str | None) -> list[tuple[str, str, str]]:
        """(entity, client, name) of those with lines in that week that is still open."""
        found: dict[str, tuple[str, str, str]] = {}
        async for one in self._ledger.in_week(scope, week):
            if client_id in {None, one.client_id}:
                found[one.client_id] = (one.entity, one.client_id, one.client_name)
        done = {one.client_id for one in await self._ledger.weeks(scope, week) if one.state != "open"}
        if client_id is not None and client_id in done:
            raise Conflict(f"La {weeks.week_in_words(week)}, de ce client est déjà close.", code="week_closed")
        if client_id is not None and not found:
            raise Conflict("Ce client n'a rien reçu cette semaine-là.", code="nothing_to_close")
        return sorted((one for key, one in found.items() if key not in done), key=lambda one: (one[0], one[2], one[1]))

    async def standing(self, scope: Scope, week: str) -> list[tuple[str, str, str, bool]]:
        """(entity, client, name, still open) of those with lines in that week, which must be over (409)."""
        self._demand_over(week)
        found = {
            one.client_id: (one.entity, one.client_id, one.client_name)
            async for one in self._ledger.in_week(scope, week)
        }
        done = {one.client_id for one in await self._ledger.weeks(scope, week) if one.state != "open"}
        lines = [(*one, one[1] not in done) for one in found.values()]
        return sorted(lines, key=lambda one: (one[0], one[2], one[1]))

    async def settle(self, scope: Scope, week: str, client_id: str, by: str, *, issue: bool) -> list[Invoice]:
        """Close the client's week unless it is, then issue its drafts when asked. Done again, it does what was left."""
        self._demand_over(week)
        entity = (await self._clients.get(scope, client_id)).entity
        if not await self._ledger.closed(client_id, week):
            await self._mongo.transaction(lambda tx: self._close(tx, entity, client_id, week, by, ""))
        if not issue:
            return []
        own = Scope((entity,))
        drafts = await self._invoices.listed(own, Page(MAX_LIMIT, 0), "draft", client_id, None, week)
        return [await self._invoices.issue(own, one.id, by) for one in drafts.rows]

    async def _one(
        self, entity: str, client_id: str, name: str, week: str, by: str, forced: str, issue: bool
    ) -> ClosedClient:
        told = ClosedClient(client_id=client_id, client_name=name, closed=False)
        try:
            drafts = await self._mongo.transaction(lambda tx: self._close(tx, entity, client_id, week, by, forced))
            told = _told(told, drafts)
            if issue:
                issued = [await self._invoices.issue(Scope((entity,)), one.id, by) for one in drafts]
                told = _told(told, issued)
        except AppError as exc:
            return told.model_copy(update={"refused": str(exc.detail), "code": exc.code})
        return told

    async def _close(self, tx: Tx, entity: str, client_id: str, week: str, by: str, forced: str) -> Sequence[Invoice]:
        await self._hold(tx, entity, client_id)
        await self._ledger.close(tx, entity, client_id, week, by, forced)
        if not forced:
            await self._demand_settled(tx, entity, client_id, week)
        draft = await self._invoices.drafting.of_week(tx, entity, client_id, week, by)
        avoirs = await self._invoices.drafting.avoirs(tx, client_id, week, by)
        details = {"week": week, "forced": forced, "invoice_id": draft.id if draft else None, "avoirs": len(avoirs)}
        event = Event(action="week_closed", entity_type="billing", entity_id=f"{client_id}:{week}", entity=entity,
                      user=by, details=details, related={"client_id": client_id})  # fmt: skip
        await self._audit.record(tx, event)
        return [*([draft] if draft else []), *avoirs]

    async def _hold(self, tx: Tx, entity: str, client_id: str) -> None:
        """No credit is granted meanwhile: granting one holds the client too. A deleted client is granted none."""
        with suppress(NotFound):
            await self._clients.hold(tx, Scope((entity,)), client_id)

    async def _demand_settled(self, tx: Tx, entity: str, client_id: str, week: str) -> None:
        """Nothing of that week whose fate, or price, is unknown."""
        if unknown := await self._deliveries.unsettled(entity, client_id, week, tx=tx):
            sentence = (
                f"{unknown} livraison(s) de cette semaine sont en cours d'envoi ou incertaines : résolvez-les d'abord."
            )
            raise Conflict(sentence, code="week_not_settled")
        missing = ledger_rules.unpriced(await self._ledger.of_week(client_id, week, tx=tx))
        if missing:
            products = ", ".join(sorted({one.product_code for one in missing}))
            sentence = f"{len(missing)} unité(s) {products} sans prix : saisissez le prix d'abord."
            raise Conflict(sentence, code="pricing_missing")


def _told(one: ClosedClient, made: Sequence[Invoice]) -> ClosedClient:
    invoice = next((each for each in made if each.type == "invoice"), None)
    avoirs = [each.invoice_number or each.id for each in made if each.type == "credit_note"]
    change = {"closed": True, "invoice_id": invoice.id if invoice else None, "credit_notes": avoirs}
    return one.model_copy(update=change | {"invoice_number": invoice.invoice_number if invoice else None})
