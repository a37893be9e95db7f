"""HTTP of the quality of sources."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.quality.models import Intelligence, Origin, Range, SourceHistory
from backend.quality.service import QualityService

router = APIRouter(prefix="/api/monitoring", tags=["monitoring"])


@router.get("/intelligence", summary="Qualité des sources", responses=errors(400, 401, 403))
async def intelligence(
    caller: Annotated[Caller, requires("dashboard.view")],
    service: Annotated[QualityService, part("quality")],
    entity: Annotated[str | None, Query(max_length=20)] = None,
    over: Annotated[Range, Query(alias="range", description="Les dernières 24 heures, ou les derniers jours")] = "7d",
    product: Annotated[Literal["PV", "PAC", "ITE", "ALL"], Query()] = "ALL",
) -> Intelligence:
    return await service.intelligence(caller, caller.within(entity), over, None if product == "ALL" else product)


@router.get("/source", summary="Une source, jour par jour ou semaine par semaine", responses=errors(400, 401, 403))
async def source(
    caller: Annotated[Caller, requires("dashboard.view")],
    service: Annotated[QualityService, part("quality")],
    entity: Annotated[str | None, Query(max_length=20)] = None,
    provider_id: Annotated[str | None, Query(max_length=64)] = None,
    source_key: Annotated[str, Query(max_length=200, description="Sans fournisseur ; vide : sans source")] = "",
    over: Annotated[Range, Query(alias="range", description="7 ou 30 jours, jour par jour ; ou 13 semaines")] = "7d",
    product: Annotated[Literal["PV", "PAC", "ITE", "ALL"], Query()] = "ALL",
) -> SourceHistory:
    origin = Origin(provider_id=provider_id, source_key="" if provider_id else source_key)
    return await service.source(caller.within(entity), origin, over, None if product == "ALL" else product)
