"""HTTP of credits."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.commandes.models import Week
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.credits.models import CreditBody, CreditDeleted, CreditPage, CreditSaved
from backend.credits.service import CreditsService

router = APIRouter(prefix="/api/clients", tags=["billing"])
Service = Annotated[CreditsService, part("credits")]
Manager = Annotated[Caller, requires("billing.manage")]
AnyWeek = Annotated[Week | None, Query(description="AAAA-Wnn ; par défaut toutes")]


@router.get("/{client_id}/credits", summary="Lister les unités offertes à un client", responses=errors(401, 403, 404))
async def list_credits(
    client_id: str,
    service: Service,
    caller: Annotated[Caller, requires("billing.view")],
    page: Annotated[Page, paged(200)],
    week_key: AnyWeek = None,
) -> CreditPage:
    rows = await service.page(caller.scope, client_id, week_key, page)
    body: dict[str, Any] = rows.answer("credits")
    return CreditPage(**body)


@router.post(
    "/{client_id}/credits", status_code=201, summary="Offrir des unités à un client",
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def add_credit(client_id: str, body: CreditBody, service: Service, caller: Manager) -> CreditSaved:
    return CreditSaved(credit=await service.add(caller.scope, client_id, body, caller.email))


@router.delete(
    "/{client_id}/credits/{credit_id}", summary="Retirer des unités offertes", responses=errors(401, 403, 404, 409)
)
async def delete_credit(client_id: str, credit_id: str, service: Service, caller: Manager) -> CreditDeleted:
    await service.delete(caller.scope, client_id, credit_id, caller.email)
    return CreditDeleted(deleted_id=credit_id)
