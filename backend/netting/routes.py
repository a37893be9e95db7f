"""HTTP of the invoices between sister companies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.periods import valid_week
from backend.core.web import errors, part
from backend.intercompany.models import BetweenPaid, Generated, IntercompanyInvoice, IntercompanyInvoices, Netting
from backend.intercompany.service import IntercompanyService
from backend.invoices.models import MarkPaidBody, PaymentSaved, Status
from backend.invoices.service import InvoicesService
from backend.netting.service import WeeklyInvoices
from backend.payments.service import Payments

router = APIRouter(prefix="/api", tags=["intercompany"])
Service = Annotated[IntercompanyService, part("intercompany")]
Weekly = Annotated[WeeklyInvoices, part("weekly")]
Invoices = Annotated[InvoicesService, part("invoices")]
Viewer = Annotated[Caller, requires("intercompany.view")]
Manager = Annotated[Caller, requires("intercompany.manage")]
Biller = Annotated[Caller, requires("billing.view")]
Rows = Annotated[Page, paged(100)]
Week = Annotated[str | None, Query(max_length=8, description="AAAA-Wss")]


@router.post(
    "/intercompany/generate-invoices", summary="Facturer une semaine entre entités (celle d'avant si absente)",
    responses=errors(400, 401, 403),
)  # fmt: skip
async def generate(weekly: Weekly, caller: Manager, week_key: Week = None) -> Generated:
    return await weekly.generate(caller.scope, valid_week(week_key) or weekly.week_before(), caller.email)


@router.get("/intercompany/invoices", summary="Les factures entre entités", responses=errors(400, 401, 403))
async def invoices(
    weekly: Weekly,
    service: Invoices,
    caller: Viewer,
    page: Rows,
    week_key: Week = None,
    direction: Annotated[str | None, Query(max_length=41, pattern=r"^\w+->\w+$", description="ZR7->MDL")] = None,
    status: Status | None = None,
) -> IntercompanyInvoices:
    found = await weekly.page(caller.scope, valid_week(week_key), direction, status, page)
    return IntercompanyInvoices(**found.answer("invoices", [service.shown(one) for one in found.rows]))


@router.get(
    "/intercompany/invoices/{between_id}", summary="Une facture et ses transferts", responses=errors(401, 403, 404)
)
async def invoice(between_id: str, service: Service, invoices: Invoices, caller: Viewer) -> IntercompanyInvoice:
    found = await invoices.get_between(caller.scope, between_id)
    avoirs = [invoices.shown(one) for one in await invoices.credits_of(between_id)]
    lines = await service.of_invoice(caller.scope, between_id)
    return IntercompanyInvoice(invoice=invoices.shown(found), transfers=lines, credit_notes=avoirs)


@router.get("/intercompany/netting", summary="Qui doit combien à qui", responses=errors(401, 403))
async def netting(weekly: Weekly, caller: Viewer) -> Netting:
    return await weekly.netting(caller.scope)


@router.get("/intercompany/health", summary="Transferts en attente ou en erreur", responses=errors(401, 403))
async def health(service: Service, weekly: Weekly, caller: Viewer) -> dict[str, Any]:
    counts = await service.counts(caller.scope)
    return {
        "status": "degraded" if counts["error"] else "healthy",
        "transfers": counts,
        "recent_errors": await service.recent_errors(caller.scope),
        "invoices": {"draft_count": await weekly.drafts(caller.scope)},
        "cron": {"last_runs": await weekly.last_runs()},
    }


@router.get(
    "/billing/interfacturation",
    summary="Ce qui est facturé entre entités, par produit",
    responses=errors(400, 401, 403),
)
async def interfacturation(weekly: Weekly, caller: Biller, page: Rows, week_key: Week = None) -> dict[str, Any]:
    found = await weekly.page(caller.scope, valid_week(week_key), None, None, page)
    return found.answer("records", [row for one in found.rows for row in weekly.records(one)])


@router.put(
    "/billing/interfacturation/{between_id}", summary="Noter qu'une facture entre entités est réglée",
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def note_paid(
    between_id: str, body: BetweenPaid, payments: Annotated[Payments, part("payments")], invoices: Invoices,
    caller: Manager,
) -> PaymentSaved:  # fmt: skip
    await invoices.get_between(caller.scope, between_id)
    whole = MarkPaidBody(paid_at=body.paid_at, method="compensation", reference=body.external_invoice_number)
    payment, invoice = await payments.settle(caller.scope, between_id, whole, caller.email)
    return PaymentSaved(payment=payment, invoice=invoices.shown(invoice))
