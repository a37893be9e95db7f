"""HTTP of avoirs and acomptes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.avoirs.service import Avoirs
from backend.core.web import errors, part
from backend.invoices.models import CreditBody, InvoiceSaved, TopUpBody
from backend.invoices.service import InvoicesService

router = APIRouter(prefix="/api", tags=["invoices"])
Service = Annotated[InvoicesService, part("invoices")]
Closer = Annotated[Caller, requires("billing.close")]


@router.post(
    "/invoices/{invoice_id}/credit-note",
    status_code=201,
    summary="Faire un avoir",
    responses=errors(401, 403, 404, 409),
)
async def credit(
    invoice_id: str, body: CreditBody, avoirs: Annotated[Avoirs, part("avoirs")], service: Service, caller: Closer
) -> InvoiceSaved:
    return InvoiceSaved(invoice=service.shown(await avoirs.credit(caller.scope, invoice_id, body, caller.email)))


@router.post(
    "/clients/{client_id}/prepayment/add-units", status_code=201,
    summary="Vendre des unités d'avance : le solde et sa facture d'acompte", responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def top_up(
    client_id: str, body: TopUpBody, avoirs: Annotated[Avoirs, part("avoirs")], service: Service, caller: Closer
) -> InvoiceSaved:
    return InvoiceSaved(invoice=service.shown(await avoirs.top_up(caller.scope, client_id, body, caller.email)))
