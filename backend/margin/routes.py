"""HTTP of purchase prices and margins."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.periods import valid_week
from backend.core.web import errors, part
from backend.margin.models import CostBody, CostSaved, ProviderBooks, Range, SourceMargins, WeekMargin
from backend.margin.service import MarginService

router = APIRouter(prefix="/api", tags=["billing"])
Service = Annotated[MarginService, part("margin")]
Viewer = Annotated[Caller, requires("billing.view")]
Manager = Annotated[Caller, requires("billing.manage")]


@router.get("/margin/week", summary="La marge d'une semaine", responses=errors(400, 401, 403))
async def week(
    service: Service,
    caller: Viewer,
    week_key: Annotated[str | None, Query(max_length=8, description="AAAA-Wss ; absente : la semaine en cours")] = None,
) -> WeekMargin:
    return await service.week(caller.scope, valid_week(week_key))


@router.get(
    "/margin/sources", summary="Ce que les leads reçus ont coûté et rapporté, par source", responses=errors(401, 403)
)
async def sources(
    service: Service,
    caller: Viewer,
    over: Annotated[Range, Query(alias="range", description="Les dernières 24 heures, ou les derniers jours")] = "7d",
    product: Annotated[Literal["PV", "PAC", "ITE", "ALL"], Query()] = "ALL",
) -> SourceMargins:
    return await service.sources(caller.scope, over, None if product == "ALL" else product)


@router.get(
    "/providers/{provider_id}/margin", summary="Prix d'achat et marge d'un fournisseur", responses=errors(401, 403, 404)
)
async def of_provider(provider_id: str, service: Service, caller: Viewer) -> ProviderBooks:
    return await service.of_provider(caller.scope, provider_id)


@router.post(
    "/providers/{provider_id}/costs", status_code=201, summary="Fixer le prix d'achat d'un produit",
    responses=errors(401, 403, 404),
)  # fmt: skip
async def set_cost(provider_id: str, body: CostBody, service: Service, caller: Manager) -> CostSaved:
    return CostSaved(cost=await service.set_cost(caller.scope, provider_id, body, caller.email))
