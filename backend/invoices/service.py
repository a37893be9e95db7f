"""Use cases of invoices: free drafts, issue, avoirs, payments.

An issue takes its number in its own transaction: one that fails takes none, so the numbers have no gap (rule 18). What
is issued never changes; only what was paid and credited on it grows beside.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core import crash, finding, weeks
from backend.core.clock import Clock
from backend.core.errors import BadRequest, Conflict, NotFound
from backend.core.mongo import Fence, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.invoices import rules
from backend.invoices.drafting import Drafting, bound, content
from backend.invoices.identity import Identities
from backend.invoices.models import (
    Invoice,
    InvoiceAnswer,
    InvoiceCreate,
    InvoiceLine,
    InvoiceUpdate,
    LineBody,
    Payment,
    UnitLine,
)
from backend.invoices.store import InvoicesStore
from backend.ledger.models import Entry
from backend.ledger.service import LedgerService

_HANDS_OFF = "Une facture émise ne change pas : faites un avoir."


class InvoicesService:
    """Owns `invoices`, their numbers, units and payments."""

    def __init__(
        self,
        mongo: Mongo,
        store: InvoicesStore,
        clock: Clock,
        audit: AuditService,
        identities: Identities,
        drafting: Drafting,
        ledger: LedgerService,
        everyone: Scope,
    ) -> None:
        self.mongo = mongo
        self.store = store
        self.clock = clock
        self.drafting = drafting
        self._audit = audit
        self._identities = identities
        self._ledger = ledger
        self._everyone = everyone

    @property
    def today(self) -> date:
        return weeks.paris_day(self.clock.now())

    # -- reads -----------------------------------------------------------------------------------------------

    async def get(self, scope: Scope, invoice_id: str, *, tx: Tx | None = None) -> Invoice:
        found = await self.store.get(scope, invoice_id, tx=tx)
        if found is None and tx is None:
            found = await self.store.received(scope, invoice_id)
        if found is None:
            raise NotFound("Facture introuvable.")
        return found

    async def get_between(self, scope: Scope, invoice_id: str) -> Invoice:
        """An invoice between entities that one of the scope's sent or received."""
        found = await self.get(scope, invoice_id)
        if found.type != "intercompany":
            raise NotFound("Facture intersociétés introuvable.")
        return found

    def shown(self, one: Invoice) -> InvoiceAnswer:
        """An invoice with what is owed and whether it is late, today."""
        partial = one.status == "issued" and one.paid_amount > 0
        late = {"overdue": rules.overdue(one, self.today), "days_overdue": rules.days_overdue(one, self.today)}
        return InvoiceAnswer(**one.model_dump(), balance_due=one.balance, partially_paid=partial, **late)

    async def listed(
        self,
        scope: Scope,
        page: Page,
        status: str | None,
        client_id: str | None,
        kind: str | None,
        week: str | None,
        search: str = "",
        late_days: int = 0,
    ) -> Paged[Invoice]:
        """Clients' documents, newest first. `status="overdue"`: late by more than `late_days`, the latest due first."""
        query = _listed(client_id, kind, week, search)
        if status != "overdue":
            return await self.store.page(scope, query | ({"status": status} if status else {}), page)
        before = self.today - timedelta(days=late_days)
        return await self.store.page_overdue(scope, query, before.isoformat(), page)

    def stream(
        self, scope: Scope, *, status: str | None, late_days: int, client_id: str | None, kind: str | None,
        week: str | None, search: str,
    ) -> AsyncIterator[Invoice]:  # fmt: skip
        """The same documents as `listed`, all of them."""
        query = _listed(client_id, kind, week, search)
        if status != "overdue":
            return self.store.stream(scope, query | ({"status": status} if status else {}))
        return self.store.stream_overdue(scope, query, (self.today - timedelta(days=late_days)).isoformat())

    async def credits_of(self, invoice_id: str) -> list[Invoice]:
        return await self.store.credits_of(invoice_id)

    async def payments_of(self, invoice_id: str) -> list[Payment]:
        return await self.store.payments_of(invoice_id)

    async def units_of(self, scope: Scope, invoice_id: str, page: Page) -> Paged[UnitLine]:
        """The deliveries behind an issued invoice, each with what became of it."""
        await self.get(scope, invoice_id)
        found = await self.store.units_of(invoice_id, page)
        ids = [one.id for one in found.rows]
        entries = {one.id: one for one in await self._ledger.known(ids)}
        undone = await self._ledger.undone(ids)
        lines = [_unit_line(entries[one.id], one.line, one.id in undone) for one in found.rows if one.id in entries]
        return Paged(lines, found.total, found.capped)

    async def every(self) -> AsyncIterator[Invoice]:
        async for one in self.store.every():
            yield one

    # -- free invoices ---------------------------------------------------------------------------------------

    async def create(self, entity: str, body: InvoiceCreate, by: str) -> Invoice:
        """A draft with lines of one's own."""

        async def work(tx: Tx) -> Invoice:
            words = {"description": body.description}
            draft = await self.drafting.blank(tx, "invoice", entity, body.client_id, by, **words)
            draft = _with_lines(draft, _given_lines(body.line_items, body.amount_ht, draft))
            await self.store.insert(tx, draft)
            await self.tell(tx, "invoice_created", draft, by, {"amount_ht": str(draft.amount_ht)})
            return draft

        return await self.mongo.transaction(work)

    async def update(self, scope: Scope, invoice_id: str, body: InvoiceUpdate, by: str) -> Invoice:
        """The words of a draft; its lines when they are its own and not a week's."""

        async def work(tx: Tx) -> Invoice:
            draft = await self.get(scope, invoice_id, tx=tx)
            if not draft.draft:
                raise Conflict(_HANDS_OFF)
            changed = draft.model_copy(update={"updated_at": self.clock.now()})
            if body.description is not None:
                changed = changed.model_copy(update={"description": body.description})
            if body.line_items is not None or body.amount_ht is not None:
                if draft.origin_key:
                    raise Conflict("Les lignes de ce brouillon viennent du journal des ventes.")
                changed = _with_lines(changed, _given_lines(body.line_items or [], body.amount_ht, changed))
            if not await self.store.save(tx, changed, guard={"status": "draft"}):
                raise Conflict(_HANDS_OFF)
            await self.tell(tx, "invoice_updated", changed, by, {})
            return changed

        return await self.mongo.transaction(work)

    async def delete(self, scope: Scope, invoice_id: str, by: str) -> None:
        """A free draft goes away; a week's draft and anything issued stay."""

        async def work(tx: Tx) -> None:
            draft = await self.get(scope, invoice_id, tx=tx)
            if not draft.draft or draft.origin_key:
                raise Conflict("Seul un brouillon libre se supprime.")
            await self.store.drop_draft(tx, draft.id)
            await self.tell(tx, "invoice_deleted", draft, by, {})

        await self.mongo.transaction(work)

    # -- issue -----------------------------------------------------------------------------------------------

    async def issue(self, scope: Scope, invoice_id: str, by: str, fence: Fence | None = None) -> Invoice:
        """draft -> issued, with its number, at this moment. 409 when a legal mention is missing."""
        known = await self.get(scope, invoice_id)
        series = rules.series(known.entity, known.type, self.today.year)
        async with self.mongo.queue([f"series:{series}"]):
            return await self.mongo.transaction(lambda tx: self.issue_in(tx, scope, invoice_id, by), fence=fence)

    async def issue_in(self, tx: Tx, scope: Scope, invoice_id: str, by: str) -> Invoice:
        """Issue within a transaction: the last lines, the number, the mentions of the day, the units it carries."""
        draft = await self.get(scope, invoice_id, tx=tx)
        if not draft.draft:
            raise Conflict("Cette facture est déjà émise.")
        if draft.week_key and draft.type == "invoice" and draft.client_id:
            draft = await self._settle_week(tx, draft)
        if draft.type == "credit_note":
            draft = await self._apply_credit(tx, draft)
        return await self._number(tx, draft, by)

    async def _number(self, tx: Tx, draft: Invoice, by: str) -> Invoice:
        if not draft.line_items:
            raise Conflict("Cette facture n'a aucune ligne.")
        parties = await self._identities.of(draft, tx=tx)
        series = rules.series(draft.entity, draft.type, self.today.year)
        rank = await self.store.next_rank(tx, series)
        crash.point("after_number")
        issued = draft.model_copy(
            update={
                "status": "issued",
                "invoice_number": rules.number(series, rank),
                "issued_at": self.clock.now(),
                "issue_date": self.today.isoformat(),
                "due_at": rules.due_day(self.today, draft.payment_terms_days).isoformat(),
                "updated_at": self.clock.now(),
                **parties,
            }
        )
        if issued.type == "credit_note" or issued.balance == 0:
            issued = issued.model_copy(update={"status": "issued" if issued.type == "credit_note" else "paid"})
        if not await self.store.save(tx, issued, guard={"status": "draft"}):
            raise Conflict("Cette facture vient de changer.")
        told = {"number": issued.invoice_number, "amount_ttc": str(issued.amount_ttc)}
        await self.tell(tx, "invoice_issued", issued, by, told)
        return issued

    async def _settle_week(self, tx: Tx, draft: Invoice) -> Invoice:
        """The week's lines as they are now; its units are tied to this invoice and to no other."""
        assert draft.client_id is not None and draft.week_key is not None
        groups, gifts = await self.drafting.settlement(draft.client_id, draft.week_key, tx=tx)
        lines = rules.weekly_lines(groups)
        units = [bound(draft, one, n) for n, group in enumerate(groups) for one in group.units]
        await self.store.bind(tx, units)
        await self._ledger.settle(tx, draft.client_id, draft.week_key, draft.id, gifts)
        return draft.model_copy(update=content(lines, rules.totals(lines), len(units)))

    async def _apply_credit(self, tx: Tx, draft: Invoice) -> Invoice:
        """The avoir's TVA, worked out again beside those issued meanwhile; what it gives back grows on the invoice."""
        assert draft.corrects is not None
        original = await self.get(self._everyone, draft.corrects.invoice_id, tx=tx)
        before = [one for one in await self.store.credits_of(original.id, tx=tx) if not one.draft]
        summed = rules.credit_totals(draft.line_items, original, before)
        amounts = {
            "credited_ht": summed.amount_ht,
            "credited_vat": summed.vat_amount,
            "credited_ttc": summed.amount_ttc,
        }
        room = {"credited_ht": {"$lte": original.amount_ht - summed.amount_ht}}
        after = await self.store.add(tx, original.id, amounts, room)
        if after is None:
            raise Conflict("L'avoir dépasse ce qui reste de la facture.")
        if after.credited_ttc == after.amount_ttc:
            await self.store.change(tx, original.id, {"status": "void"})
        elif after.balance <= 0 and after.status == "issued":
            await self.store.change(tx, original.id, {"status": "paid", "paid_at": self.clock.now()})
        return draft.model_copy(update=content(draft.line_items, summed, draft.units))

    async def tell(self, tx: Tx, action: str, invoice: Invoice, by: str, details: Mapping[str, Any]) -> None:
        related = {"client_id": invoice.client_id} if invoice.client_id else {}
        event = Event(action=action, entity_type="invoice", entity_id=invoice.id, entity=invoice.entity, user=by,
                      details=dict(details), related=related)  # fmt: skip
        await self._audit.record(tx, event)


def _listed(client_id: str | None, kind: str | None, week: str | None, search: str) -> dict[str, Any]:
    query: dict[str, Any] = {"type": kind or {"$in": ["invoice", "credit_note", "prepayment"]}}
    query |= {"client_id": client_id} if client_id else {}
    query |= {"week_key": week} if week else {}
    keys = finding.condition(finding.asked_number(search))
    return query | ({"keys": keys} if keys else {})


def _given_lines(given: Sequence[LineBody], amount: Decimal | None, draft: Invoice) -> list[InvoiceLine]:
    if given:
        return [rules.free_line(one, draft.vat_rate) for one in given]
    if amount is None:
        raise BadRequest("Donnez des lignes (line_items) ou un montant (amount_ht).")
    words = draft.description or "Prestation"
    return [rules.free_line(LineBody(label=words, quantity=1, unit_price_ht=amount), draft.vat_rate)]


def _with_lines(draft: Invoice, lines: list[InvoiceLine]) -> Invoice:
    return draft.model_copy(update=content(lines, rules.totals(lines), 0))


def _unit_line(one: Entry, line: int, credited: bool) -> UnitLine:
    return UnitLine(
        delivery_id=one.delivery_id, lead_id=one.lead_id, product_code=one.product_code, unit_type=one.unit_type,
        sent_at=one.sent_at, net_unit_eur=one.net_unit_eur or Decimal(), line=line, credited=credited,
    )  # fmt: skip
