"""The ledger: a unit enters when its delivery is sent, leaves by a reversing line; nothing is changed in place.

A line takes the prices of the day its unit was sent, and counts in the week of that day, or in the next open one when
that week is closed for its client. Closed weeks never take a unit; a unit taken back before its invoice is issued
leaves the draft, and after, waits as a reversal for the avoir of the next closing (rule 18).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import Conflict
from backend.core.mongo import Doc, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.deliveries.models import Delivery
from backend.deliveries.states import Outcome
from backend.ledger import rules
from backend.ledger.models import Entry, Summed, Week
from backend.ledger.store import LedgerStore
from backend.pricing.models import Quote
from backend.pricing.service import PricingService

OnDraftChanged = Callable[[Tx, str, str, str], Awaitable[None]]
"""`(tx, entity, client_id, week)`: the lines of a closed week whose invoice is a draft have changed."""


class LedgerService:
    """Owns `billing_ledger` and `billing_weeks`; told by the deliveries of what is sold and taken back."""

    def __init__(self, store: LedgerStore, clock: Clock, pricing: PricingService) -> None:
        self._store = store
        self._clock = clock
        self._pricing = pricing
        self._on_draft_changed: OnDraftChanged | None = None

    def on_draft_changed(self, rebuild: OnDraftChanged) -> None:
        """Who makes the draft of a closed week again; `bootstrap` gives it, invoices being above."""
        self._on_draft_changed = rebuild

    # -- what is sold, what is taken back --------------------------------------------------------------------

    async def sold(self, tx: Tx, deliveries: Sequence[Delivery], at: datetime) -> None:
        """One line per unit, with the prices of the day `at` its server accepted it."""
        day = weeks.paris_day(at)
        for client_id, rows in groupby(sorted(deliveries, key=lambda one: one.client_id), lambda one: one.client_id):
            units = list(rows)
            week = await self._open(tx, units[0].entity, client_id, weeks.week_of(at))
            quotes = {one: await self._pricing.quote(client_id, one, day, tx=tx) for one in {u.produit for u in units}}
            await self._store.insert(tx, [_unit(one, quotes[one.produit], week, at) for one in units])

    async def taken_back(self, tx: Tx, delivery: Delivery, outcome: Outcome, at: datetime, by: str) -> None:
        """The line that undoes a unit. One that an avoir already undid stays undone, once."""
        entries = await self._store.of_delivery(delivery.id, tx=tx)
        units = rules.standing(entries)
        if units:
            await self._undo(tx, units[0], entries, at, by, outcome)

    async def mend(self, tx: Tx, delivery: Delivery) -> int:
        """Add the lines that a sent delivery should have; 0 when they are there, as they always are."""
        if delivery.last_sent_at is None or await self._store.of_delivery(delivery.id, tx=tx):
            return 0
        await self.sold(tx, [delivery], delivery.last_sent_at)
        if delivery.outcome in {"rejected", "removed"}:
            await self.taken_back(tx, delivery, delivery.outcome, self._clock.now(), "system:ledger")
        return 1

    async def _undo(self, tx: Tx, unit: Entry, entries: Sequence[Entry], at: datetime, by: str, outcome: str) -> None:
        week = await self._store.week(unit.client_id, unit.week_key, tx=tx)
        billed = week is not None and week.state == "invoiced"
        if billed:
            key = await self._open(tx, unit.entity, unit.client_id, weeks.week_of(at))
        else:
            key = unit.week_key
            await self._store.touch(tx, unit.entity, unit.client_id, key, ("open", "closed"))
        invoice_id = week.invoice_id if week and billed and unit.billable and unit.priced else None
        told = {"week_key": key, "at": at, "value_at": at, "by": by, "outcome": outcome, "invoice_id": invoice_id}
        lines = [_reversal(unit, told)]
        if gift := next((one for one in entries if one.kind == "free"), None):
            lines.append(_ungift(gift, told))
        await self._store.insert(tx, lines)
        if week is not None and week.state == "closed":
            await self._changed(tx, unit.entity, unit.client_id, key)

    async def credit(self, tx: Tx, unit_ids: Sequence[str], by: str) -> list[Entry]:
        """Undo issued units without touching their deliveries (an avoir asked for): the reversals made."""
        made = []
        for unit in await self._store.known(unit_ids, tx=tx):
            entries = await self._store.of_delivery(unit.delivery_id, tx=tx)
            if unit.id not in {one.id for one in rules.standing(entries)}:
                raise Conflict(f"L'unité {unit.delivery_id} a déjà été reprise ou créditée.")
            await self._undo(tx, unit, entries, self._clock.now(), by, "credited")
            made += [one for one in await self._store.of_delivery(unit.delivery_id, tx=tx) if one.reverses == unit.id]
        return made

    async def _open(self, tx: Tx, entity: str, client_id: str, wanted: str) -> str:
        """The week that takes a line wanted in `wanted`, counted as changed."""
        week = rules.open_week(wanted, await self._store.states(client_id, wanted, tx=tx))
        await self._store.touch(tx, entity, client_id, week, ("open",))
        return week

    async def _changed(self, tx: Tx, entity: str, client_id: str, week: str) -> None:
        if self._on_draft_changed is not None:
            await self._on_draft_changed(tx, entity, client_id, week)

    # -- prices given late -----------------------------------------------------------------------------------

    async def reprice(self, tx: Tx, entity: str, client_id: str, produit: str) -> None:
        """A price was given: units sent without one get it, by a line that undoes and a line that tells again."""
        waiting = await self._store.unpriced(tx, client_id, produit)
        undone = await self._store.undone([one.id for one in waiting], tx=tx)
        for unit in waiting:
            if unit.id in undone:
                continue
            quote = await self._quote_late(tx, unit)
            if quote.missing:
                return
            await self._price(tx, unit, quote)

    async def _quote_late(self, tx: Tx, unit: Entry) -> Quote:
        """The price of the day the unit was sent; else the one in force today."""
        quote = await self._pricing.quote(unit.client_id, unit.product_code, weeks.paris_day(unit.sent_at), tx=tx)
        if not quote.missing:
            return quote
        return await self._pricing.quote(unit.client_id, unit.product_code, weeks.paris_day(self._clock.now()), tx=tx)

    async def _price(self, tx: Tx, unit: Entry, quote: Quote) -> None:
        week = await self._store.week(unit.client_id, unit.week_key, tx=tx)
        key = unit.week_key
        if week is not None and week.state == "invoiced":
            key = await self._open(tx, unit.entity, unit.client_id, key)
        else:
            await self._store.touch(tx, unit.entity, unit.client_id, key, ("open", "closed"))
        told = {"week_key": key, "at": self._clock.now(), "by": "system:pricing", "outcome": "accepted"}
        again = unit.model_copy(update={**told, **_priced(quote), "id": f"priced:{unit.delivery_id}"})
        undo = _reversal(unit, told).model_copy(update={"id": f"unpriced:{unit.delivery_id}"})
        await self._store.insert(tx, [undo, again])
        if week is not None and week.state == "closed":
            await self._changed(tx, unit.entity, unit.client_id, key)

    # -- weeks -----------------------------------------------------------------------------------------------

    async def close(self, tx: Tx, entity: str, client_id: str, week: str, by: str, forced: str) -> None:
        if not await self._store.close(tx, entity, client_id, week, self._clock.now(), by, forced):
            raise Conflict(f"La {weeks.week_in_words(week)}, de ce client est déjà close.", code="week_closed")

    async def settle(self, tx: Tx, client_id: str, week: str, invoice_id: str | None, gifts: Sequence[Entry]) -> None:
        """The week is billed by this invoice (none: nothing to bill); its free units are told by lines of their own."""
        if not await self._store.settle(tx, client_id, week, invoice_id):
            raise Conflict(f"La {weeks.week_in_words(week)}, de ce client n'est pas close, ou est déjà facturée.")
        await self._store.insert(tx, [_gift(one, self._clock.now()) for one in gifts])

    async def closed(self, client_id: str, week: str, tx: Tx | None = None) -> bool:
        found = await self._store.week(client_id, week, tx=tx)
        return found is not None and found.state != "open"

    async def week(self, client_id: str, week: str, *, tx: Tx | None = None) -> Week | None:
        return await self._store.week(client_id, week, tx=tx)

    async def weeks(self, scope: Scope, week: str) -> list[Week]:
        return await self._store.weeks(scope, week)

    async def every_week(self) -> AsyncIterator[Week]:
        async for one in self._store.every_week():
            yield one

    # -- reads -----------------------------------------------------------------------------------------------

    async def of_week(self, client_id: str, week: str, *, tx: Tx | None = None) -> list[Entry]:
        return await self._store.of_week(client_id, week, tx=tx)

    async def known(self, ids: Sequence[str], *, tx: Tx | None = None) -> list[Entry]:
        return await self._store.known(ids, tx=tx)

    async def undone(self, ids: Sequence[str], *, tx: Tx | None = None) -> set[str]:
        return await self._store.undone(ids, tx=tx)

    async def in_week(self, scope: Scope, week: str) -> AsyncIterator[Entry]:
        async for one in self._store.in_week(scope, week):
            yield one

    async def page(self, scope: Scope, query: Mapping[str, Any], page: Page) -> Paged[Doc]:
        found = await self._store.page(scope, query, page)
        return Paged([_shown(doc) for doc in found.rows], found.total, found.capped)

    async def of_client(self, scope: Scope, client_id: str, since: datetime, until: datetime) -> tuple[int, Decimal]:
        """Units and net HT of the client's lines that count in [since, until)."""
        return await self._store.of_client(scope, client_id, since, until)

    async def summed(self, scope: Scope, since: datetime, until: datetime) -> list[Summed]:
        return await self._store.summed(scope, since, until)

    async def touched_again(self, scope: Scope, since: datetime, until: datetime) -> list[Entry]:
        return await self._store.touched_again(scope, since, until)

    async def worth(self, scope: Scope, since: datetime, until: datetime) -> Decimal:
        """Net HT of the lines that count in [since, until); those without a price yet are left out."""
        return await self._store.worth(scope, since, until)

    async def every(self) -> AsyncIterator[Entry]:
        async for one in self._store.every():
            yield one


def _unit(one: Delivery, quote: Quote, week: str, at: datetime) -> Entry:
    return Entry(
        id=f"unit:{one.id}",
        kind="unit",
        quantity=1,
        entity=one.entity,
        source_entity=one.lead_entity,
        client_id=one.client_id,
        client_name=one.client_name,
        order_id=one.commande_id,
        delivery_id=one.id,
        lead_id=one.lead_id,
        product_code=one.produit,
        dept=one.contact.departement,
        unit_type="lb" if one.is_lb else "lead",
        billing_mode_snapshot="PREPAID" if one.prepaid else "WEEKLY_INVOICE",
        outcome="accepted",
        week_key=week,
        sent_week=weeks.week_of(at),
        sent_at=at,
        value_at=at,
        at=at,
        by="system",
        **_priced(quote),
    )


def _priced(quote: Quote) -> dict[str, Any]:
    return {
        "unit_price_eur_snapshot": quote.unit_price,
        "discount_pct_snapshot": quote.discount_pct,
        "vat_rate_snapshot": quote.tva_rate,
        "net_unit_eur": quote.net_unit,
        "pricing_source": quote.origin,
    }


def _reversal(unit: Entry, told: Mapping[str, Any]) -> Entry:
    change = {"id": f"reversal:{unit.delivery_id}", "kind": "reversal", "quantity": -1, "reverses": unit.id}
    return unit.model_copy(update={**change, **told})


def _gift(unit: Entry, at: datetime) -> Entry:
    """A free unit takes its price away from the turnover; the unit itself stays sold."""
    change = {"id": f"free:{unit.delivery_id}", "kind": "free", "quantity": -1, "at": at, "by": "system:credits"}
    return unit.model_copy(update=change)


def _ungift(gift: Entry, told: Mapping[str, Any]) -> Entry:
    change = {"id": f"unfree:{gift.delivery_id}", "kind": "unfree", "quantity": 1, "reverses": gift.id}
    return gift.model_copy(update={**change, **told})


def _shown(doc: Doc) -> Doc:
    return doc | {"amount_net_eur": Entry(**doc).net}
