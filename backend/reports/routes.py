"""Reports of the daily run over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.reports.service import ReportsService

router = APIRouter(prefix="/api/delivery-reports", tags=["deliveries"])


@router.get("", summary="Rapports de la livraison quotidienne", responses=errors(401, 403))
async def page(
    caller: Annotated[Caller, requires("deliveries.view")],
    service: Annotated[ReportsService, part("reports")],
    page: Annotated[Page, paged(50)],
) -> dict[str, Any]:
    return (await service.page(caller.scope, page)).answer("reports")
