"""Making drafts: a closed week's invoice, made again when its units change; the avoirs that its reversals call for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from backend.clients.service import ClientsService
from backend.core.clock import Clock
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.core.tenancy import Scope
from backend.core.weeks import week_in_words
from backend.credits.service import CreditsService
from backend.invoices import rules
from backend.invoices.models import Invoice, InvoiceLine, Kind, Origin, Totals, Unit
from backend.invoices.store import InvoicesStore
from backend.ledger import rules as ledger_rules
from backend.ledger.models import Entry, Settled
from backend.ledger.service import LedgerService

_ZERO = Decimal()


def week_key(client_id: str, week: str) -> str:
    return f"week:{client_id}:{week}"


class Drafting:
    def __init__(
        self,
        store: InvoicesStore,
        clock: Clock,
        clients: ClientsService,
        ledger: LedgerService,
        credits: CreditsService,
        everyone: Scope,
    ) -> None:
        self._store = store
        self._clock = clock
        self._clients = clients
        self._ledger = ledger
        self._credits = credits
        self._everyone = everyone

    async def blank(self, tx: Tx, kind: Kind, entity: str, client_id: str, by: str, **given: Any) -> Invoice:
        """A draft for a client, with the terms and the rate that are the client's now; not stored yet."""
        client = (await self._clients.by_ids([client_id])).get(client_id)
        if client is None or client.entity != entity:
            raise NotFound("Client introuvable.")
        now = self._clock.now()
        return Invoice(
            id=new_id(),
            type=kind,
            entity=entity,
            client_id=client_id,
            client_name=client.name,
            payment_terms_days=client.payment_terms_days,
            vat_rate=client.vat_rate,
            created_at=now,
            created_by=by,
            updated_at=now,
            **given,
        )

    # -- weeks -----------------------------------------------------------------------------------------------

    async def settlement(self, client_id: str, week: str, *, tx: Tx | None = None) -> tuple[list[Settled], list[Entry]]:
        """(the lines of the week, its units that are free): what its invoice says if it is issued now."""
        units = ledger_rules.billable(await self._ledger.of_week(client_id, week, tx=tx))
        granted: dict[tuple[str, str], int] = {}
        for one in await self._credits.of_week(client_id, week, tx=tx):
            key = (one.order_id, one.product_code)
            granted[key] = granted.get(key, 0) + one.quantity_units_free
        free = ledger_rules.gifts(units, granted)
        return ledger_rules.settled(units, free), [one for one in units if one.id in free]

    async def of_week(self, tx: Tx, entity: str, client_id: str, week: str, by: str) -> Invoice | None:
        """The draft of a closed week, made or made again; None when there is nothing to bill, and the week is done."""
        groups, _ = await self.settlement(client_id, week, tx=tx)
        known = await self._store.by_origin(week_key(client_id, week), tx=tx)
        if not groups:
            if known is not None:
                await self._store.drop_draft(tx, known.id)
            await self._ledger.settle(tx, client_id, week, None, [])
            return None
        lines = rules.weekly_lines(groups)
        change = content(lines, rules.totals(lines), sum(one.quantity for one in groups))
        if known is not None:
            again = known.model_copy(update=change | {"updated_at": self._clock.now()})
            await self._store.save(tx, again, guard={"status": "draft"})
            return again
        words = {
            "week_key": week,
            "origin_key": week_key(client_id, week),
            "description": f"Leads livrés, {week_in_words(week)}",
        }
        draft = (await self.blank(tx, "invoice", entity, client_id, by, **words)).model_copy(update=change)
        await self._store.insert(tx, draft)
        return draft

    # -- avoirs ----------------------------------------------------------------------------------------------

    async def avoirs(self, tx: Tx, client_id: str, week: str, by: str) -> list[Invoice]:
        """One draft of avoir per invoice that this week's reversals correct (rule 18)."""
        found = [one for one in await self._ledger.of_week(client_id, week, tx=tx) if one.kind == "reversal"]
        told = await self._store.already([one.id for one in found], tx=tx)
        wanted: dict[str, list[Entry]] = {}
        for one in found:
            if one.invoice_id and one.id not in told:
                wanted.setdefault(one.invoice_id, []).append(one)
        made = []
        for invoice_id, reversals in sorted(wanted.items()):
            made.append(await self.avoir(tx, invoice_id, reversals, by, key=f"credit:{invoice_id}:{week}", week=week))
        return made

    async def avoir(
        self,
        tx: Tx,
        invoice_id: str,
        reversals: Sequence[Entry],
        by: str,
        *,
        key: str,
        week: str | None,
        reason: str = "",
    ) -> Invoice:
        """The draft of the avoir that gives these units back on an issued invoice."""
        original = await self._store.get(self._everyone, invoice_id, tx=tx)
        assert original is not None, "an issued invoice is never deleted"
        freed = await self._freed(reversals, tx)
        lines = rules.credit_lines(reversals, freed)
        draft = await self.credit(tx, original, lines, by, key=key, week=week, reason=reason)
        await self._store.bind(tx, [bound(draft, one, 0) for one in reversals])
        return draft

    async def credit(
        self, tx: Tx, original: Invoice, lines: list[InvoiceLine], by: str, *, key: str, week: str | None, reason: str
    ) -> Invoice:
        """Store the draft of an avoir on `original` with these lines."""
        before = [one for one in await self._store.credits_of(original.id, tx=tx) if one.status != "draft"]
        summed = rules.credit_totals(lines, original, before)
        origin = Origin(
            invoice_id=original.id, invoice_number=original.invoice_number or "", issue_date=original.issue_date or ""
        )
        now = self._clock.now()
        draft = original.model_copy(
            update={
                **content(lines, summed, sum(line.quantity for line in lines)),
                "id": new_id(), "type": "credit_note", "status": "draft", "invoice_number": None, "origin_key": key,
                "corrects": origin, "week_key": week, "description": reason or f"Avoir sur {original.invoice_number}",
                "paid_amount": _ZERO, "credited_ht": _ZERO, "credited_vat": _ZERO, "credited_ttc": _ZERO,
                "issued_at": None,
                "issue_date": None, "due_at": None, "paid_at": None, "sent_at": None, "sent_to": [], "seller": None,
                "buyer": None, "legal": None, "created_at": now, "created_by": by, "updated_at": now,
            }
        )  # fmt: skip
        await self._store.insert(tx, draft)
        return draft

    async def _freed(self, reversals: Sequence[Entry], tx: Tx) -> set[str]:
        """Deliveries whose unit had been given free: crediting it gives nothing back."""
        gifts = await self._ledger.known([f"free:{one.delivery_id}" for one in reversals], tx=tx)
        return {one.delivery_id for one in gifts}


def bound(invoice: Invoice, one: Entry, line: int) -> Unit:
    """The tie of a ledger line to its invoice or avoir: a line has one, ever."""
    return Unit(id=one.id, invoice_id=invoice.id, entity=one.entity, client_id=one.client_id,
                delivery_id=one.delivery_id, line=line)  # fmt: skip


def content(lines: list[InvoiceLine], summed: Totals, units: int) -> dict[str, Any]:
    return {
        "line_items": lines,
        "vat_breakdown": summed.vat_breakdown,
        "amount_ht": summed.amount_ht,
        "vat_amount": summed.vat_amount,
        "amount_ttc": summed.amount_ttc,
        "units": units,
    }
