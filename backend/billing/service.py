"""The billing screens: a week or a month from its ledger lines, records, statements, mending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.billing import rules
from backend.billing.models import (
    Activity,
    BillingRow,
    BuildAnswer,
    ClientWeek,
    MonthBoard,
    RecordUpdate,
    Statement,
    StatementInvoice,
    WeekBoard,
)
from backend.billing.store import BillingStore
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import BadRequest, Conflict, NotFound
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.core.text import folded
from backend.credits.service import CreditsService
from backend.deliveries.service import DeliveriesService
from backend.invoices.models import Invoice
from backend.invoices.service import InvoicesService
from backend.leads.service import LeadsService
from backend.ledger import rules as ledger_rules
from backend.ledger.models import Entry, Week
from backend.ledger.service import LedgerService
from backend.prepaid.service import PrepaidService


class BillingService:
    def __init__(
        self,
        mongo: Mongo,
        store: BillingStore,
        clock: Clock,
        audit: AuditService,
        clients: ClientsService,
        deliveries: DeliveriesService,
        leads: LeadsService,
        ledger: LedgerService,
        invoices: InvoicesService,
        credits: CreditsService,
        prepaid: PrepaidService,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._clock = clock
        self._audit = audit
        self._clients = clients
        self._deliveries = deliveries
        self._leads = leads
        self._ledger = ledger
        self._invoices = invoices
        self._credits = credits
        self._prepaid = prepaid

    @property
    def today(self) -> date:
        return weeks.paris_day(self._clock.now())

    # -- a week ----------------------------------------------------------------------------------------------

    async def week(self, scope: Scope, week: str | None) -> WeekBoard:
        """What the week comes to, client by client: a preview while open, what was billed once closed."""
        key = week or weeks.week_of(self._clock.now())
        lines = await self._lines(scope, key)
        states = {one.client_id: one for one in await self._ledger.weeks(scope, key)}
        invoices = {one.client_id: one for one in await self._invoices.store.of_week(scope, key) if one.client_id}
        rows = await self._rows(key, lines, states, invoices)
        entries = [one for each in lines.values() for one in each]
        produced = await self._leads.received_between(scope, *weeks.week_bounds(key))
        return WeekBoard(
            week_key=key,
            over=weeks.week_bounds(key)[1] <= self._clock.now(),
            has_records=any(one.state != "open" for one in states.values()),
            summary=_activity(produced, entries),
            totals=rules.totals(rows),
            weekly_invoice=[row for row in rows if row.billing_mode == "WEEKLY_INVOICE"],
            prepaid=[row for row in rows if row.billing_mode == "PREPAID"],
            clients=[_client_week(each, states.get(one), invoices.get(one)) for one, each in lines.items()],
        )

    async def _lines(self, scope: Scope, week: str) -> dict[str, list[Entry]]:
        """The lines of the week by client, clients by name."""
        found: dict[str, list[Entry]] = {}
        async for one in self._ledger.in_week(scope, week):
            found.setdefault(one.client_id, []).append(one)
        return dict(sorted(found.items(), key=lambda pair: (folded(pair[1][0].client_name), pair[0])))

    async def _rows(
        self,
        week: str,
        lines: Mapping[str, Sequence[Entry]],
        states: Mapping[str, Week],
        invoices: Mapping[str, Invoice],
    ) -> list[BillingRow]:
        rows: list[BillingRow] = []
        granted = await self._granted(list(lines), week)
        for client_id, entries in lines.items():
            state = states.get(client_id)
            free = granted.get(client_id, {})
            made = rules.rows_of(week, entries, free, preview=state is None or state.state == "open")
            rows += [self._with_invoice(row, invoices.get(client_id)) for row in made]
        rows = await self._with_balances(rows)
        told = await self._store.known([row.record_id for row in rows])
        return [_with_outside(row, told.get(row.record_id)) for row in rows]

    async def _granted(self, clients: Sequence[str], week: str) -> dict[str, dict[tuple[str, str], int]]:
        """Free units by client, then by (order, product)."""
        granted: dict[str, dict[tuple[str, str], int]] = {}
        for one in await self._credits.of_clients(clients, week):
            mine, key = granted.setdefault(one.client_id, {}), (one.order_id, one.product_code)
            mine[key] = mine.get(key, 0) + one.quantity_units_free
        return granted

    def _with_invoice(self, row: BillingRow, invoice: Invoice | None) -> BillingRow:
        if invoice is None or row.billing_mode != "WEEKLY_INVOICE":
            return row
        shown = self._invoices.shown(invoice)
        change = {"invoice_id": invoice.id, "invoice_number": invoice.invoice_number}
        return row.model_copy(update=change | {"status": rules.status_of(invoice.status, shown.overdue)})

    async def _with_balances(self, rows: Sequence[BillingRow]) -> list[BillingRow]:
        pairs = [(row.client_id, row.product_code) for row in rows if row.billing_mode == "PREPAID"]
        held = await self._prepaid.of_pairs(pairs) if pairs else {}
        return [
            row.model_copy(
                update={"prepaid_remaining": one.units_remaining, "prepaid_purchased": one.units_purchased_total,
                        "prepaid_delivered": one.units_delivered_total, "prepaid_status": one.status}
            )
            if row.billing_mode == "PREPAID" and (one := held.get((row.client_id, row.product_code)))
            else row
            for row in rows
        ]  # fmt: skip

    # -- a month ---------------------------------------------------------------------------------------------

    async def month(self, scope: Scope, month: str) -> MonthBoard:
        """Each ledger line on its own day: a week across two months is split."""
        try:
            first, last = rules.month_days(month)
        except ValueError as exc:
            raise BadRequest({"month": "Mois attendu : AAAA-MM."}) from exc
        bounds = weeks.at_paris(first), weeks.at_paris(last + timedelta(days=1))
        summed = await self._ledger.summed(scope, *bounds)
        rows = rules.month_rows(summed)
        again = _sent(await self._ledger.touched_again(scope, *bounds))
        produced = await self._leads.received_between(scope, *bounds)
        return MonthBoard(
            month=month,
            month_start=first.isoformat(),
            month_end=last.isoformat(),
            weeks_in_month=rules.weeks_between(first, last),
            summary=rules.activity(produced, rules.sent_in_all(summed, again)),
            totals=rules.month_totals(rows),
            rows=rows,
        )

    # -- records ---------------------------------------------------------------------------------------------

    async def records(
        self, scope: Scope, week: str | None, client_id: str | None, status: str | None, page: Page
    ) -> Paged[BillingRow]:
        """The rows of a week, as the screens of the reference list them."""
        board = await self.week(scope, week)
        rows = [*board.weekly_invoice, *board.prepaid]
        kept = [one for one in rows if client_id in {None, one.client_id} and status in {None, one.status}]
        return Paged(kept[page.skip : page.skip + page.limit], len(kept), False)

    async def update_record(self, scope: Scope, record_id: str, body: RecordUpdate, by: str) -> BillingRow:
        """What an outside tool says of a row. The status of a row that we invoice follows our invoice."""
        row = await self._record(scope, record_id)
        given = body.model_dump(exclude_none=True)
        if row.invoice_id and {"status", "issued_at", "due_date", "paid_at"} & set(given):
            raise Conflict("Cette ligne suit notre facture : son état ne se change pas ici.")

        async def work(tx: Tx) -> None:
            fixed = {"entity": row.entity, "week_key": row.week_key, "client_id": row.client_id}
            await self._store.put(tx, record_id, fixed, given | {"updated_at": self._clock.now(), "updated_by": by})
            event = Event(action="billing_record_updated", entity_type="billing", entity_id=record_id,
                          entity=row.entity, user=by, details=body.model_dump(mode="json", exclude_none=True),
                          related={"client_id": row.client_id})  # fmt: skip
            await self._audit.record(tx, event)

        await self._mongo.transaction(work, races=True)
        return await self._record(scope, record_id)

    async def _record(self, scope: Scope, record_id: str) -> BillingRow:
        week = record_id.split(":")[0]
        try:
            weeks.week_monday(week)
        except ValueError:
            raise NotFound("Ligne de facturation introuvable.") from None
        board = await self.week(scope, week)
        for row in (*board.weekly_invoice, *board.prepaid):
            if row.record_id == record_id:
                return row
        raise NotFound("Ligne de facturation introuvable.")

    async def build(self, scope: Scope, week: str, by: str) -> BuildAnswer:
        """The ledger is written with each sending; this adds what would be missing, and says how many (0)."""
        lines = [one async for one in self._ledger.in_week(scope, week)]
        added = 0
        async for one in self._deliveries.sent_in(scope, week):
            added += await self._mongo.transaction(lambda tx, unit=one: self._ledger.mend(tx, unit), races=True)  # type: ignore[misc]
        event = Event(action="ledger_built", entity_type="billing", entity_id=week, user=by,
                      entity=None if scope.both else scope.entities[0],
                      details={"entries": len(lines), "added": added})  # fmt: skip
        await self._audit.record(None, event)
        return BuildAnswer(week_key=week, ledger_entries=len(lines), added=added)

    # -- a client between two days ---------------------------------------------------------------------------

    async def statement(self, scope: Scope, client_id: str, first: date, last: date) -> Statement:
        """What the client received, was billed and paid between two Paris days, both included."""
        client = await self._clients.get(scope, client_id)
        own, days = Scope((client.entity,)), (first.isoformat(), last.isoformat())
        bounds = weeks.at_paris(first), weeks.at_paris(last + timedelta(days=1))
        units, net = await self._ledger.of_client(own, client_id, *bounds)
        invoices = await self._invoices.store.issued_to(own, client_id, *days)
        mine = await self._invoices.store.payments_by(own, client_id, *days)
        billed = sum((one.amount_ttc for one in invoices if one.type != "credit_note"), Decimal())
        credited = sum((one.amount_ttc for one in invoices if one.type == "credit_note"), Decimal())
        paid = sum((one.amount for one in mine), Decimal())
        return Statement(
            client_id=client_id, client_name=client.name, first=days[0], last=days[1],
            units_billable=units, net_ht=net, invoiced_ttc=billed, credited_ttc=credited, paid=paid,
            balance=billed - credited - paid,
            invoices=[StatementInvoice.model_validate(self._invoices.shown(one)) for one in invoices],
            payments=mine,
        )  # fmt: skip


def _activity(produced: int, entries: Sequence[Entry]) -> Activity:
    return rules.activity(produced, _sent(entries))


def _sent(entries: Sequence[Entry]) -> list[rules.Sent]:
    """Every unit sent once, whatever became of it; billable while it stands."""
    stands = {one.id for one in ledger_rules.standing(entries)}
    sent = [one for one in entries if one.kind == "unit" and one.id.startswith("unit:")]
    again = {one.delivery_id for one in entries if one.id in stands}
    return [(one.unit_type == "lb", one.delivery_id in again, 1) for one in sent]


def _client_week(entries: Sequence[Entry], week: Week | None, invoice: Invoice | None) -> ClientWeek:
    first = entries[0]
    return ClientWeek(
        client_id=first.client_id,
        client_name=first.client_name,
        entity=first.entity,
        state=week.state if week else "open",
        closed_at=week.closed_at if week else None,
        closed_by=week.closed_by if week else "",
        forced=week.forced if week else "",
        invoice_id=invoice.id if invoice else None,
        invoice_number=invoice.invoice_number if invoice else None,
        invoice_status=invoice.status if invoice else None,
        unpriced=len(ledger_rules.unpriced(entries)),
    )


def _with_outside(row: BillingRow, told: Doc | None) -> BillingRow:
    """What the outside tool says; its status only where we have no invoice of our own."""
    if told is None:
        return row
    kept: dict[str, Any] = {
        key: told[key] for key in ("external_invoice_number", "external_invoice_ttc") if key in told
    }
    if row.invoice_id is None and told.get("status"):
        kept["status"] = told["status"]
    return row.model_copy(update=kept)
