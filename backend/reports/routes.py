"""Reports of the daily run over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.reports.models import ReportPage
from backend.reports.service import ReportsService

router = APIRouter(prefix="/api/delivery-reports", tags=["deliveries"])


@router.get("", summary="Rapports de la livraison quotidienne", responses=errors(400, 401, 403))
async def page(
    caller: Annotated[Caller, requires("deliveries.view")],
    service: Annotated[ReportsService, part("reports")],
    page: Annotated[Page, paged(50)],
    entity: Annotated[str | None, Query(max_length=20)] = None,
) -> ReportPage:
    """Newest first; a scope reads the part of its own entities."""
    rows = await service.page(caller.within(entity), page)
    return ReportPage(**rows.answer("reports"))
