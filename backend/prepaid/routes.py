"""HTTP of prepaid balances. Units are bought through an invoice."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.prepaid.models import Balances, MovePage
from backend.prepaid.service import PrepaidService

router = APIRouter(prefix="/api/clients", tags=["billing"])
Service = Annotated[PrepaidService, part("prepaid")]
Viewer = Annotated[Caller, requires("billing.view")]


@router.get("/{client_id}/prepayment", summary="Lire les soldes prépayés d'un client", responses=errors(401, 403, 404))
async def read_balances(client_id: str, service: Service, caller: Viewer) -> Balances:
    return Balances(client_id=client_id, balances=await service.balances(caller.scope, client_id))


@router.get(
    "/{client_id}/prepayment/moves", summary="Lire le journal des unités prépayées d'un client",
    responses=errors(401, 403, 404),
)  # fmt: skip
async def read_moves(client_id: str, service: Service, caller: Viewer, page: Annotated[Page, paged(100)]) -> MovePage:
    rows = await service.moves(caller.scope, client_id, page)
    body: dict[str, Any] = rows.answer("moves")
    return MovePage(client_id=client_id, **body)
