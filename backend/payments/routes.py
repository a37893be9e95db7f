"""HTTP of payments and of who is late."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.invoices.models import MarkPaidBody, OverdueBoard, PaymentBody, PaymentSaved
from backend.invoices.service import InvoicesService
from backend.payments.service import Overdue, Payments

router = APIRouter(prefix="/api", tags=["invoices"])
Service = Annotated[InvoicesService, part("invoices")]
Viewer = Annotated[Caller, requires("billing.view")]
Manager = Annotated[Caller, requires("billing.manage")]


@router.get("/invoices/overdue-dashboard", summary="Qui est en retard, et de combien", responses=errors(401, 403))
async def overdue(board: Annotated[Overdue, part("overdue")], caller: Viewer) -> OverdueBoard:
    return await board.read(caller.scope)


@router.post(
    "/invoices/{invoice_id}/payments", status_code=201, summary="Enregistrer un règlement",
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def pay(
    invoice_id: str, body: PaymentBody, payments: Annotated[Payments, part("payments")], service: Service,
    caller: Manager,
) -> PaymentSaved:  # fmt: skip
    payment, invoice = await payments.pay(caller.scope, invoice_id, body, caller.email)
    return PaymentSaved(payment=payment, invoice=service.shown(invoice))


@router.post(
    "/invoices/{invoice_id}/payments/{payment_id}/undo", status_code=201, summary="Annuler un règlement",
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def undo_payment(
    invoice_id: str, payment_id: str, payments: Annotated[Payments, part("payments")], service: Service, caller: Manager
) -> PaymentSaved:
    payment, invoice = await payments.undo(caller.scope, invoice_id, payment_id, caller.email)
    return PaymentSaved(payment=payment, invoice=service.shown(invoice))


@router.post(
    "/invoices/{invoice_id}/mark-paid", summary="Régler tout ce qui reste dû", responses=errors(401, 403, 404, 409)
)
async def mark_paid(
    invoice_id: str, payments: Annotated[Payments, part("payments")], service: Service, caller: Manager,
    body: MarkPaidBody | None = None,
) -> PaymentSaved:  # fmt: skip
    payment, invoice = await payments.settle(caller.scope, invoice_id, body or MarkPaidBody(), caller.email)
    return PaymentSaved(payment=payment, invoice=service.shown(invoice))
