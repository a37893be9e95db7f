"""HTTP of suppressed addresses."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.suppressions.models import Lifted, SuppressionPage
from backend.suppressions.service import SuppressionsService

router = APIRouter(prefix="/api/suppressions", tags=["Envois"])
Suppressions = Annotated[SuppressionsService, part("suppressions")]


@router.get(
    "",
    summary="Adresses écartées",
    response_model=SuppressionPage,
    responses=errors(401, 403),
    response_model_exclude_unset=True,
)
async def suppressions(
    service: Suppressions, caller: Annotated[Caller, requires("outbox.view")], page: Annotated[Page, paged(50)]
) -> dict[str, Any]:
    """What the servers said does not exist; newest first."""
    return (await service.page(caller.scope, page)).answer("suppressions")


@router.delete("/{address}", summary="Écrire de nouveau à une adresse", responses=errors(401, 403, 404))
async def lift(
    address: Annotated[str, Path(max_length=254)],
    service: Suppressions,
    caller: Annotated[Caller, requires("outbox.manage")],
) -> Lifted:
    """The leads that waited for its client are routed."""
    entities = await service.lift(caller.scope, address, caller.email)
    return Lifted(address=address, entities=entities)
