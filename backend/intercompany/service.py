"""Transfers between entities: made with the sending, taken back with the outcome, invoiced every Monday (rule 19)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Literal

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core import weeks
from backend.core.alarms import raised
from backend.core.clock import Clock
from backend.core.errors import BadRequest, Conflict, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.deliveries.models import Delivery
from backend.deliveries.states import Outcome
from backend.intercompany import rules
from backend.intercompany.models import (
    InternalPrice,
    InternalPriceBody,
    InternalPriceList,
    Retried,
    Transfer,
    TransferLine,
)
from backend.intercompany.store import IntercompanyStore

_NO_PRICE = "Aucun prix interne pour ce sens et ce produit : saisissez-le, puis relancez les transferts en erreur."
PRODUITS = ("PV", "PAC", "ITE")


class IntercompanyService:
    """Owns `intercompany_transfers` and `intercompany_pricing`."""

    def __init__(self, mongo: Mongo, store: IntercompanyStore, clock: Clock, audit: AuditService, entities: Sequence[str]) -> None:  # fmt: skip  # noqa: E501
        self._mongo = mongo
        self.store = store
        self._clock = clock
        self._audit = audit
        self.entities = tuple(entities)

    # -- told by the deliveries ------------------------------------------------------------------------------

    async def sold(self, tx: Tx, deliveries: Sequence[Delivery], at: datetime) -> None:
        """One transfer per lead that another entity collected, at the internal price of now."""
        for one in deliveries:
            if one.lead_entity and one.lead_entity != one.entity:
                await self._transfer(tx, one, at)

    async def _transfer(self, tx: Tx, one: Delivery, at: datetime) -> None:
        price = await self.store.price(tx, one.lead_entity, one.entity, one.produit)
        transfer = Transfer(
            id=new_id(),
            lead_id=one.lead_id,
            delivery_id=one.id,
            commande_id=one.commande_id,
            from_entity=one.lead_entity,
            to_entity=one.entity,
            product=one.produit,
            unit_price_ht=price.unit_price_ht if price else None,
            transfer_status="pending" if price else "error",
            error_code="" if price else "pricing_missing",
            error_message="" if price else _NO_PRICE,
            routing_mode=one.routing_mode,
            week_key=weeks.week_of(at),
            sent_at=at,
            created_at=self._clock.now(),
        )
        await self.store.insert(tx, transfer)
        told = {"from": transfer.from_entity, "to": transfer.to_entity, "product": transfer.product,
                "price": str(transfer.unit_price_ht), "week": transfer.week_key, "transfer_id": transfer.id,
                "pricing_found": price is not None}  # fmt: skip
        related = {"delivery_id": one.id, "commande_id": one.commande_id}
        event = Event(action="intercompany_transfer", entity_type="lead", entity_id=one.lead_id, entity=one.entity,
                      details=told, related=related)  # fmt: skip
        await self._audit.record(tx, event)

    async def taken_back(self, tx: Tx, delivery: Delivery, outcome: Outcome, at: datetime, by: str) -> None:
        """A transfer follows its delivery: cancelled, and credited at the next run when it was invoiced."""
        transfer = await self.store.of_delivery(tx, delivery.id)
        if transfer is not None and transfer.transfer_status != "cancelled":
            await self._cancel(tx, transfer, at, by, outcome)

    async def _cancel(self, tx: Tx, transfer: Transfer, at: datetime, by: str, reason: str) -> None:
        change = {"transfer_status": "cancelled", "cancelled_at": at, "error_code": "", "error_message": ""}
        if not await self.store.move(tx, [transfer.id], transfer.transfer_status, change):
            raise Conflict("Ce transfert vient de changer.")
        event = Event(action="intercompany_transfer_cancelled", entity_type="intercompany", entity_id=transfer.id,
                      entity=transfer.to_entity, user=by, details={"was": transfer.transfer_status, "reason": reason},
                      related={"lead_id": transfer.lead_id})  # fmt: skip
        await self._audit.record(tx, event)

    # -- by hand ---------------------------------------------------------------------------------------------

    async def cancel(self, scope: Scope, transfer_id: str, by: str) -> None:
        """A pending transfer that will never be invoiced."""

        async def work(tx: Tx) -> None:
            transfer = await self.store.get(scope, transfer_id, tx=tx)
            if transfer is None:
                raise NotFound("Transfert introuvable.")
            if transfer.transfer_status != "pending":
                raise Conflict("Seul un transfert à facturer s'annule ; une fois facturé, il faut un avoir.")
            await self._cancel(tx, transfer, self._clock.now(), by, "annulé à la main")

        await self._mongo.transaction(work)

    async def retry_errors(self, scope: Scope, by: str) -> Retried:
        """Transfers without price get the one there is now."""
        found = await self.store.errors(scope)
        fixed = 0
        for one in found:
            fixed += await self._mongo.transaction(lambda tx, each=one: self._price(tx, each))  # type: ignore[misc]
        if found:
            event = Event(action="intercompany_retried", entity_type="intercompany", entity_id="errors", user=by,
                          entity=None if scope.both else scope.entities[0],
                          details={"retried": len(found), "fixed": fixed})  # fmt: skip
            await self._audit.record(None, event)
        return Retried(retried=len(found), fixed=fixed, still_error=len(found) - fixed)

    async def _price(self, tx: Tx, one: Transfer) -> int:
        price = await self.store.price(tx, one.from_entity, one.to_entity, one.product)
        if price is None:
            return 0
        change = {
            "unit_price_ht": price.unit_price_ht,
            "transfer_status": "pending",
            "error_code": "",
            "error_message": "",
        }
        return await self.store.move(tx, [one.id], "error", change)

    # -- prices ----------------------------------------------------------------------------------------------

    async def prices(self, scope: Scope) -> InternalPriceList:
        """The prices the scope may see, and the directions and products that have none."""
        found = await self.store.prices(scope)
        known = {(one.from_entity, one.to_entity, one.product) for one in found if one.active}
        seen = [pair for pair in rules.pairs(self.entities) if set(pair) & set(scope.entities)]
        wanted = [(*pair, product) for pair in seen for product in PRODUITS]
        missing = [f"{one}->{other} {product}" for one, other, product in wanted if (one, other, product) not in known]
        return InternalPriceList(pricing=found, missing=missing, count=len(found))

    async def put_price(
        self, scope: Scope, body: InternalPriceBody, by: str, *, active: bool = True
    ) -> Literal["created", "updated"]:
        """Set the price of a direction: it counts for what is sent from now on. Either company may propose it."""
        unknown = {one for one in (body.from_entity, body.to_entity) if one not in self.entities}
        if unknown or body.from_entity == body.to_entity:
            raise BadRequest({"to_entity": f"Deux entités différentes, parmi {', '.join(self.entities)}."})
        if not {body.from_entity, body.to_entity} & set(scope.entities):
            raise NotFound("Ce sens ne vous concerne pas.")
        now = self._clock.now()
        price = InternalPrice(
            id=new_id(), from_entity=body.from_entity, to_entity=body.to_entity, product=body.product,
            unit_price_ht=body.unit_price_ht, active=active, created_at=now, updated_at=now,
        )  # fmt: skip

        async def work(tx: Tx) -> Literal["created", "updated"]:
            before = await self.store.put_price(tx, price)
            told = {"from": body.from_entity, "to": body.to_entity, "product": body.product,
                    "old": str(before.unit_price_ht) if before else None, "new": str(body.unit_price_ht)}  # fmt: skip
            event = Event(action="transfer_pricing_updated", entity_type="intercompany", entity_id=body.product,
                          entity=body.from_entity, user=by, details=told)  # fmt: skip
            await self._audit.record(tx, event)
            return "updated" if before else "created"

        return await self._mongo.transaction(work, races=True)

    # -- reads -----------------------------------------------------------------------------------------------

    async def page(self, scope: Scope, week: str | None, status: str | None, page: Page) -> Paged[TransferLine]:
        query = {name: value for name, value in (("week_key", week), ("transfer_status", status)) if value}
        found = await self.store.page(scope, query, page)
        return Paged([shown(one, scope) for one in found.rows], found.total, found.capped)

    async def of_invoice(self, scope: Scope, invoice_id: str) -> list[TransferLine]:
        return [shown(one, scope) for one in await self.store.of_invoice(invoice_id)]

    async def counts(self, scope: Scope) -> dict[str, int]:
        counts: dict[str, int] = dict.fromkeys(("total", "pending", "invoiced", "cancelled", "error"), 0)
        for row in await self.store.by_state(scope):
            counts[row["state"]] += row["n"]
            counts["total"] += row["n"]
        return counts

    async def health(self, scope: Scope) -> dict[str, Any]:
        """`degraded` while a transfer has no price."""
        counts = await self.counts(scope)
        status, alarms = "degraded" if counts["error"] else "healthy", raised({"intercompany.error": counts["error"]})
        told = {"error_transfers": counts["error"], "pending_transfers": counts["pending"]}
        return {"status": status, "alarms": alarms, **told}

    async def recent_errors(self, scope: Scope) -> list[dict[str, Any]]:
        """The last ten transfers in error."""
        found = await self.store.page(scope, {"transfer_status": "error"}, Page(10, 0))
        told = {"id", "delivery_id", "error_code", "error_message", "created_at"}
        return [shown(one, scope).model_dump(include=told) for one in found.rows]

    async def every(self) -> AsyncIterator[Transfer]:
        async for one in self.store.every():
            yield one


def shown(one: Transfer, scope: Scope) -> TransferLine:
    """The selling entity sees its delivery and order; the collecting one does not."""
    sells = one.to_entity in scope.entities
    hidden = {} if sells else {"delivery_id": None, "commande_id": None}
    return TransferLine(**(one.model_dump() | hidden))
