"""The Monday run: one invoice per direction for the week before, late transfers apart, avoirs for what was taken back.

Each document is issued in one transaction with the transfers it carries: run twice, or killed anywhere, a transfer is
invoiced once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any

from pymongo.errors import DuplicateKeyError

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core import weeks
from backend.core.clock import Clock
from backend.core.errors import Conflict
from backend.core.ids import new_id
from backend.core.mongo import Fence, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.intercompany import rules
from backend.intercompany.models import Direction, Generated, Netting, Transfer
from backend.intercompany.service import IntercompanyService
from backend.invoices import rules as invoice_rules
from backend.invoices.drafting import content
from backend.invoices.models import Invoice, InvoiceLine
from backend.invoices.service import InvoicesService
from backend.parametres.service import ParametresService

Runs = Callable[[], Awaitable[list[dict[str, Any]]]]


class WeeklyInvoices:
    def __init__(
        self,
        mongo: Mongo,
        clock: Clock,
        audit: AuditService,
        parametres: ParametresService,
        intercompany: IntercompanyService,
        invoices: InvoicesService,
    ) -> None:
        self._mongo = mongo
        self._clock = clock
        self._audit = audit
        self._parametres = parametres
        self._intercompany = intercompany
        self._invoices = invoices
        self._runs: Runs | None = None

    async def generate(self, scope: Scope, week: str, by: str, fence: Fence | None = None) -> Generated:
        """Invoice what was sent in `week` and before, in each direction that the scope collects in."""
        made: list[Invoice] = []
        refused: list[dict[str, str]] = []
        for source, target in rules.pairs(self._intercompany.entities):
            if source not in scope.entities:
                continue
            for step in (self._invoice, self._invoice, self._credit):  # the week's own, what was late, the avoirs
                try:
                    made += await self._issue(source, target, week, by, step, fence)
                except Conflict as exc:
                    refused.append({"direction": f"{source}->{target}", "reason": str(exc.detail), "code": exc.code})
                    break
        left = (await self._intercompany.counts(scope))["error"]
        return Generated(
            success=not refused,
            week_key=week,
            invoices_created=sum(one.type == "intercompany" for one in made),
            credit_notes_created=sum(one.type == "credit_note" for one in made),
            invoices=[_told(one) for one in made],
            refused=refused,
            errors_left=left,
            message="" if made or refused else "Aucun transfert à facturer.",
        )

    async def _issue(
        self,
        source: str,
        target: str,
        week: str,
        by: str,
        step: Callable[[Tx, str, str, str, str], Awaitable[list[Invoice]]],
        fence: Fence | None,
    ) -> list[Invoice]:
        year = self._invoices.today.year
        series = [invoice_rules.series(source, "intercompany", year), invoice_rules.series(source, "credit_note", year)]
        async with self._mongo.queue([f"series:{one}" for one in series]):
            try:
                return await self._mongo.transaction(
                    lambda tx: step(tx, source, target, week, by), fence=fence, races=True
                )
            except DuplicateKeyError:
                return []

    async def _invoice(self, tx: Tx, source: str, target: str, week: str, by: str) -> list[Invoice]:
        """The next document of this direction: the week's own invoice first, then a supplementary one for the rest."""
        waiting = await self._intercompany.store.pending(tx, source, target, week)
        key = f"ic:{source}:{target}:{week}"
        main = await self._invoices.store.by_origin(key, tx=tx)
        own = [one for one in waiting if one.week_key == week] if main is None else []
        carried, late = (own, False) if own else (waiting, True)
        if not carried:
            return []
        draft = await self._draft(source, target, week, by, f"{key}:{new_id()}" if late else key, supplement=late)
        lines = rules.lines(carried, await self._vat(source), week)
        draft = draft.model_copy(update=content(lines, invoice_rules.totals(lines), len(carried)))
        await self._invoices.store.insert(tx, draft)
        await self._mark(tx, carried, "pending", {"transfer_status": "invoiced", "invoice_id": draft.id})
        return [await self._invoices.issue_in(tx, Scope((source,)), draft.id, by)]

    async def _credit(self, tx: Tx, source: str, target: str, week: str, by: str) -> list[Invoice]:
        """One avoir per invoice whose transfers were taken back since."""
        taken: dict[str, list[Transfer]] = {}
        for one in await self._intercompany.store.to_credit(tx, source, target):
            taken.setdefault(str(one.invoice_id), []).append(one)
        made = []
        for invoice_id, transfers in sorted(taken.items()):
            original = await self._invoices.get(Scope((source,)), invoice_id, tx=tx)
            lines = _credit_lines(transfers, original, week)
            draft = await self._invoices.drafting.credit(
                tx, original, lines, by, key=f"credit:{invoice_id}:{new_id()}", week=week, reason=""
            )
            await self._mark(tx, transfers, "cancelled", {"credit_invoice_id": draft.id})
            made.append(await self._invoices.issue_in(tx, Scope((source,)), draft.id, by))
        return made

    async def _mark(self, tx: Tx, transfers: Sequence[Transfer], was: str, change: dict[str, Any]) -> None:
        if await self._intercompany.store.move(tx, [one.id for one in transfers], was, change) != len(transfers):
            raise Conflict("Des transferts viennent de changer.")

    async def _draft(self, source: str, target: str, week: str, by: str, key: str, *, supplement: bool) -> Invoice:
        now = self._clock.now()
        words = "Leads transmis, complément" if supplement else "Leads transmis"
        return Invoice(
            id=new_id(),
            origin_key=key,
            type="intercompany",
            entity=source,
            client_id=None,
            client_name=target,
            from_entity=source,
            to_entity=target,
            week_key=week,
            supplement=supplement,
            description=f"{words}, {weeks.week_in_words(week)}",
            vat_rate=await self._vat(source),
            payment_terms_days=30,
            created_at=now,
            created_by=by,
            updated_at=now,
        )

    async def _vat(self, source: str) -> Any:
        return (await self._parametres.current()).legal(source).internal_tva_rate

    # -- who owes whom ---------------------------------------------------------------------------------------

    async def netting(self, scope: Scope) -> Netting:
        """Both directions of the scope's entities, all time: what is invoiced and unpaid, what waits."""
        seen = [pair for pair in rules.pairs(self._intercompany.entities) if set(pair) & set(scope.entities)]
        states = await self._intercompany.store.by_state(scope)
        sums = await self._invoices.store.between(scope)
        directions = [_direction(pair, states, sums) for pair in seen]
        owed = rules.positions(directions)
        return Netting(directions=directions, positions=owed, settlement=rules.settlement(owed))

    async def page(
        self, scope: Scope, week: str | None, direction: str | None, status: str | None, page: Page
    ) -> Paged[Invoice]:
        source, _, target = (direction or "").partition("->")
        named = {"week_key": week, "status": status, "from_entity": source, "to_entity": target}
        query = {name: value for name, value in named.items() if value}
        return await self._invoices.store.page_between(scope, query, page)

    async def tell_run(self, slot: str, told: Generated) -> None:
        details = told.model_dump(include={"week_key", "invoices_created", "credit_notes_created", "refused"})
        event = Event(action="intercompany_invoiced", entity_type="job", entity_id=slot, details=details)
        await self._audit.record(None, event)

    async def drafts(self, scope: Scope) -> int:
        return (await self._invoices.store.page_between(scope, {"status": "draft"}, Page(1, 0))).total

    def read_runs(self, runs: Runs) -> None:
        """Who knows the last runs of the job; `bootstrap` gives it, jobs being above."""
        self._runs = runs

    async def last_runs(self) -> list[dict[str, Any]]:
        return await self._runs() if self._runs else []

    def records(self, one: Invoice) -> list[dict[str, Any]]:
        """The lines of an invoice between entities, under the names of the billing screens."""
        shown = self._invoices.shown(one)
        status = "overdue" if shown.overdue else {"issued": "invoiced", "paid": "paid"}.get(one.status, "not_invoiced")
        told = {"week_key": one.week_key, "from_entity": one.from_entity, "to_entity": one.to_entity,
                "invoice_id": one.id, "invoice_number": one.invoice_number, "status": status}  # fmt: skip
        return [
            told | {"product_code": line.product_code, "units_total": line.quantity,
                    "unit_price_ht_internal": f"{line.unit_price_ht:.2f}", "total_ht": f"{line.total_ht:.2f}"}
            for line in one.line_items
        ]  # fmt: skip

    def week_before(self) -> str:
        return weeks.shift_week(weeks.week_of(self._clock.now()), -1)


def _credit_lines(transfers: Sequence[Transfer], original: Invoice, week: str) -> list[InvoiceLine]:
    rate = original.line_items[0].vat_rate
    return rules.lines(transfers, rate, original.week_key or week)


def _told(one: Invoice) -> dict[str, Any]:
    return {"invoice_id": one.id, "invoice_number": one.invoice_number, "from_entity": one.from_entity,
            "to_entity": one.to_entity, "type": one.type, "supplement": one.supplement, "amount_ht": str(one.amount_ht),
            "lines": len(one.line_items), "transfers_count": one.units}  # fmt: skip


def _direction(pair: tuple[str, str], states: Sequence[dict[str, Any]], sums: Sequence[dict[str, Any]]) -> Direction:
    rows = {one["state"]: one for one in states if (one["from"], one["to"]) == pair}
    billed = next((one for one in sums if (one["from"], one["to"]) == pair), {})
    invoiced, credited, paid = (billed.get(name, Decimal()) for name in ("invoiced", "credited", "paid"))
    return Direction(
        from_entity=pair[0], to_entity=pair[1], units_pending=rows.get("pending", {}).get("n", 0),
        pending_ht=rows.get("pending", {}).get("amount", Decimal()), units_error=rows.get("error", {}).get("n", 0),
        invoiced_ttc=invoiced, credited_ttc=credited, paid=paid, net_ttc=invoiced - credited - paid,
    )  # fmt: skip
