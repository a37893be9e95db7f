"""Money received: rows that are added, never changed, a mistake undone by a row of its own. Who is late, only read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from backend.core.alarms import raised
from backend.core.errors import Conflict, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.core.tenancy import Scope
from backend.core.text import folded
from backend.invoices import rules
from backend.invoices.models import Debtor, Invoice, MarkPaidBody, OverdueBoard, Payment, PaymentBody
from backend.invoices.service import InvoicesService


class Payments:
    def __init__(self, invoices: InvoicesService) -> None:
        self._invoices = invoices

    async def pay(self, scope: Scope, invoice_id: str, body: PaymentBody, by: str) -> tuple[Payment, Invoice]:
        """Record money received; the invoice is paid when nothing is owed any more. More than is owed is refused."""

        async def work(tx: Tx) -> tuple[Payment, Invoice]:
            invoice = await self._payable(tx, scope, invoice_id)
            if body.amount > invoice.balance:
                raise Conflict(f"Il ne reste que {invoice.balance} € à régler sur cette facture.", code="overpaid")
            return await self._record(tx, invoice, body, by)

        return await self._invoices.mongo.transaction(work)

    async def settle(self, scope: Scope, invoice_id: str, body: MarkPaidBody, by: str) -> tuple[Payment, Invoice]:
        """The whole balance at once."""

        async def work(tx: Tx) -> tuple[Payment, Invoice]:
            invoice = await self._payable(tx, scope, invoice_id)
            whole = PaymentBody(
                amount=invoice.balance, paid_on=body.paid_at, method=body.method, reference=body.reference
            )
            return await self._record(tx, invoice, whole, by)

        return await self._invoices.mongo.transaction(work)

    async def undo(self, scope: Scope, invoice_id: str, payment_id: str, by: str) -> tuple[Payment, Invoice]:
        """A payment recorded by mistake is taken back, once."""

        async def work(tx: Tx) -> tuple[Payment, Invoice]:
            invoice = await self._invoices.get(scope, invoice_id, tx=tx)
            known = {one.id: one for one in await self._invoices.store.payments_of(invoice_id, tx=tx)}
            payment = known.get(payment_id)
            if payment is None:
                raise NotFound("Règlement introuvable.")
            if payment.undoes or any(one.undoes == payment_id for one in known.values()):
                raise Conflict("Ce règlement a déjà été annulé.")
            back = payment.model_copy(
                update={"id": new_id(), "amount": -payment.amount, "undoes": payment.id, "by": by,
                        "at": self._invoices.clock.now()}
            )  # fmt: skip
            return await self._write(tx, invoice, back)

        return await self._invoices.mongo.transaction(work)

    async def _payable(self, tx: Tx, scope: Scope, invoice_id: str) -> Invoice:
        invoice = await self._invoices.get(scope, invoice_id, tx=tx)
        if invoice.type == "credit_note":
            raise Conflict("Un avoir ne se règle pas : il diminue la facture qu'il corrige.")
        if invoice.status != "issued" or invoice.balance <= 0:
            raise Conflict("Rien n'est à régler sur cette facture.")
        return invoice

    async def _record(self, tx: Tx, invoice: Invoice, body: PaymentBody, by: str) -> tuple[Payment, Invoice]:
        day = body.paid_on or self._invoices.today.isoformat()
        payment = Payment(
            id=new_id(), invoice_id=invoice.id, entity=invoice.entity, paid_on=day, amount=body.amount,
            method=body.method, reference=body.reference, note=body.note, by=by, at=self._invoices.clock.now(),
        )  # fmt: skip
        return await self._write(tx, invoice, payment)

    async def _write(self, tx: Tx, invoice: Invoice, payment: Payment) -> tuple[Payment, Invoice]:
        """The row and the running amount, guarded by what was read: two payments at once conflict."""
        guard = {"paid_amount": invoice.paid_amount, "credited_ttc": invoice.credited_ttc}
        after = await self._invoices.store.add(tx, invoice.id, {"paid_amount": payment.amount}, guard)
        if after is None:
            raise Conflict("Cette facture vient de changer. Rechargez la page.")
        await self._invoices.store.add_payment(tx, payment)
        after = await self._follow(tx, after)
        told = {"amount": str(payment.amount), "method": payment.method, "reference": payment.reference}
        action = "invoice_payment_undone" if payment.undoes else "invoice_payment"
        await self._invoices.tell(tx, action, after, payment.by, told)
        return payment, after

    async def _follow(self, tx: Tx, after: Invoice) -> Invoice:
        """issued <-> paid, as what is owed says."""
        settled = after.balance <= Decimal() and after.status == "issued"
        reopened = after.balance > Decimal() and after.status == "paid"
        if not settled and not reopened:
            return after
        paid_at = self._invoices.clock.now() if settled else None
        change = {"status": "paid" if settled else "issued", "paid_at": paid_at}
        await self._invoices.store.change(tx, after.id, change)
        return after.model_copy(update=change)


class Overdue:
    def __init__(self, invoices: InvoicesService) -> None:
        self._invoices = invoices

    async def read(self, scope: Scope) -> OverdueBoard:
        """Clients with something owed past its day, the longest first."""
        late: dict[str, list[Invoice]] = {}
        today = self._invoices.today
        async for one in self._invoices.store.debts(scope, today.isoformat()):
            if rules.overdue(one, today) and one.client_id:
                late.setdefault(one.client_id, []).append(one)
        debtors = [self._debtor(rows) for rows in late.values()]
        debtors.sort(key=lambda one: (-one.days_overdue, folded(one.client_name)))
        owed = sum((one.total_ttc for one in debtors), Decimal())
        return OverdueBoard(clients=debtors, total_overdue_ttc=owed, client_count=len(debtors))

    def _debtor(self, rows: list[Invoice]) -> Debtor:
        first = rows[0]
        reminded = max((one for one in rows if one.reminded_at), key=lambda one: str(one.reminded_at), default=None)
        return Debtor(
            client_id=first.client_id,
            client_name=first.client_name,
            entity=first.entity,
            invoice_count=len(rows),
            total_ht=sum((one.amount_ht - one.credited_ht for one in rows), Decimal()),
            total_ttc=sum((one.balance for one in rows), Decimal()),
            oldest_due=str(first.due_at),
            days_overdue=max(rules.days_overdue(one, self._invoices.today) for one in rows),
            reminded_at=reminded.reminded_at if reminded else None,
            reminder_level=reminded.reminder_level if reminded else None,
        )

    async def health(self, scope: Scope) -> dict[str, Any]:
        """`warning` while a client is late."""
        board = await self.read(scope)
        drafts = (await self._invoices.store.counts(scope)).get("draft", 0)
        late = sum(one.invoice_count for one in board.clients)
        alarms = raised({"invoices.overdue": late})
        return {"status": "warning" if late else "healthy", "alarms": alarms, "overdue": late, "draft": drafts}
