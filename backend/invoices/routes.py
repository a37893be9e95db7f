"""HTTP of invoices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.periods import valid_week
from backend.core.text import Line
from backend.core.web import errors, part
from backend.invoices.models import (
    InvoiceCreate,
    InvoiceList,
    InvoiceOne,
    InvoiceSaved,
    InvoiceUpdate,
    Status,
    UnitList,
)
from backend.invoices.service import InvoicesService

router = APIRouter(prefix="/api", tags=["invoices"])
Service = Annotated[InvoicesService, part("invoices")]
Viewer = Annotated[Caller, requires("billing.view")]
Manager = Annotated[Caller, requires("billing.manage")]
Closer = Annotated[Caller, requires("billing.close")]
Rows = Annotated[Page, paged(100)]
Kind = Literal["invoice", "credit_note", "prepayment"]
Key = Annotated[str | None, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of invoices is asked for; its export is asked with the same."""

    entity: str | None
    status: str | None
    client_id: str | None
    kind: str | None
    week: str | None
    search: str
    late_days: int

    def conditions(self) -> dict[str, Any]:
        return {"status": self.status, "client_id": self.client_id, "kind": self.kind, "week": self.week,
                "search": self.search, "late_days": self.late_days}  # fmt: skip


async def asked(
    entity: Annotated[str | None, Query(max_length=20, description="Par défaut : le périmètre de l'appel")] = None,
    status: Annotated[Status | Literal["overdue"] | None, Query(description="`overdue` : en retard")] = None,
    client_id: Key = None,
    type: Kind | None = None,
    week_key: Annotated[str | None, Query(max_length=8)] = None,
    search: Annotated[Line, Query(description="Numéro, son début ou son rang ; nom du client")] = "",
    late_days: Annotated[int, Query(ge=0, le=3650, description="En retard de plus de tant de jours")] = 0,
) -> Asked:
    return Asked(entity, status, client_id, type, valid_week(week_key), search, late_days)


Wanted = Annotated[Asked, Depends(asked)]


@router.get("/invoices", summary="Lister les factures et avoirs des clients", responses=errors(400, 401, 403))
async def page(service: Service, caller: Viewer, page: Rows, wanted: Wanted) -> InvoiceList:
    scope = caller.within(wanted.entity)
    found = await service.listed(scope, page, **wanted.conditions())
    return InvoiceList(**found.answer("invoices", [service.shown(one) for one in found.rows]))


@router.get("/invoices/debug/scope-check", summary="Le périmètre de l'appelant", responses=errors(401, 403))
async def scope_check(caller: Annotated[Caller, requires()]) -> dict[str, Any]:
    told = {"user_email": caller.email, "user_entity": caller.entity, "user_role": caller.role}
    return {**told, "is_super_admin": caller.super_admin, "final_scope_applied": caller.scope.name}


@router.get("/invoices/{invoice_id}", summary="Lire une facture", responses=errors(401, 403, 404))
async def read(invoice_id: str, service: Service, caller: Viewer) -> InvoiceOne:
    invoice = await service.get(caller.scope, invoice_id)
    avoirs = [service.shown(one) for one in await service.credits_of(invoice_id)]
    payments = await service.payments_of(invoice_id)
    return InvoiceOne(invoice=service.shown(invoice), payments=payments, credit_notes=avoirs)


@router.get(
    "/invoices/{invoice_id}/units", summary="Les livraisons derrière une facture", responses=errors(401, 403, 404)
)
async def units(invoice_id: str, service: Service, caller: Viewer, page: Rows) -> UnitList:
    return UnitList(**(await service.units_of(caller.scope, invoice_id, page)).answer("units"))


@router.post("/invoices", status_code=201, summary="Créer un brouillon libre", responses=errors(400, 401, 403, 404))
async def create(body: InvoiceCreate, service: Service, caller: Manager) -> InvoiceSaved:
    draft = await service.create(caller.write_entity(body.entity), body, caller.email)
    return InvoiceSaved(invoice=service.shown(draft))


@router.put("/invoices/{invoice_id}", summary="Modifier un brouillon", responses=errors(400, 401, 403, 404, 409))
async def update(invoice_id: str, body: InvoiceUpdate, service: Service, caller: Manager) -> InvoiceSaved:
    return InvoiceSaved(invoice=service.shown(await service.update(caller.scope, invoice_id, body, caller.email)))


@router.delete(
    "/invoices/{invoice_id}", status_code=204, summary="Supprimer un brouillon libre",
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def delete(invoice_id: str, service: Service, caller: Manager) -> None:
    await service.delete(caller.scope, invoice_id, caller.email)


@router.post(
    "/invoices/{invoice_id}/issue", summary="Émettre : le numéro est pris à cet instant",
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def issue(invoice_id: str, service: Service, caller: Closer) -> InvoiceSaved:
    return InvoiceSaved(invoice=service.shown(await service.issue(caller.scope, invoice_id, caller.email)))
