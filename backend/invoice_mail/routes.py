"""HTTP of the documents of invoices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.invoice_mail.service import Mailing
from backend.invoices.models import SendBody, Sent

router = APIRouter(prefix="/api", tags=["invoices"])
Viewer = Annotated[Caller, requires("billing.view")]
Closer = Annotated[Caller, requires("billing.close")]


@router.get(
    "/invoices/{invoice_id}/pdf", summary="Le document (Factur-X)", responses=errors(401, 403, 404),
    response_class=Response,
)  # fmt: skip
async def pdf(invoice_id: str, mailing: Annotated[Mailing, part("invoice_mailing")], caller: Viewer) -> Response:
    name, content = await mailing.pdf(caller.scope, invoice_id)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post(
    "/invoices/{invoice_id}/send", status_code=202, summary="Émettre si besoin, puis envoyer par e-mail",
    responses=errors(400, 401, 403, 404, 409),
)  # fmt: skip
async def send(
    invoice_id: str,
    mailing: Annotated[Mailing, part("invoice_mailing")],
    caller: Closer,
    body: SendBody | None = None,
) -> Sent:
    invoice, to = await mailing.send(caller.scope, invoice_id, body.to if body else [], caller.email)
    return Sent(status=invoice.status, invoice_number=invoice.invoice_number or "", sent_to=to)
