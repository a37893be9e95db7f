"""What is read across the folders, over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BeforeValidator

from backend.accounts.caller import Caller, requires
from backend.commandes.models import Produit, Week
from backend.core import weeks
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.deliveries.states import Status
from backend.monitoring.models import AreaDetail, AreaOverview, ClientCoverage, ClientLeads, ClientStats, ClientSummary
from backend.monitoring.periods import GroupBy
from backend.monitoring.service import MonitoringService

router = APIRouter(prefix="/api", tags=["monitoring"])
Service = Annotated[MonitoringService, part("monitoring")]
Viewer = Annotated[Caller, requires("clients.view")]


def _paris_day(value: object) -> object:
    """A day, or an instant reduced to its Paris day; 2000 to 2099."""
    if not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value) if len(value) == 10 else weeks.paris_day(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        raise ValueError("Une date AAAA-MM-JJ est attendue.") from None
    if not 2000 <= day.year <= 2099:
        raise ValueError("Une date entre 2000 et 2099 est attendue.")
    return day


Day = Annotated[date | None, BeforeValidator(_paris_day)]
AnyWeek = Annotated[Week | None, Query(description="AAAA-Wnn ; par défaut la semaine en cours")]


@router.get(
    "/clients/{client_id}/leads", summary="Leads remis à un client", response_model=ClientLeads,
    responses=errors(401, 403, 404),
)  # fmt: skip
async def client_leads(
    client_id: str,
    caller: Viewer,
    service: Service,
    page: Annotated[Page, paged(50, 200)],
    status: Annotated[Status | None, Query()] = None,
) -> Any:
    found = await service.client_leads(caller.scope, client_id, status, page)
    return found.answer("leads") | {"client_id": client_id}


@router.get("/clients/{client_id}/stats", summary="Chiffres d'un client", responses=errors(401, 403, 404))
async def client_stats(client_id: str, caller: Viewer, service: Service) -> ClientStats:
    return await service.client_stats(caller.scope, client_id)


@router.get(
    "/clients/{client_id}/summary", summary="Livraisons d'un client par période", responses=errors(401, 403, 404)
)
async def client_summary(
    client_id: str,
    caller: Viewer,
    service: Service,
    group_by: Annotated[GroupBy, Query()] = "day",
    first: Annotated[Day, Query(alias="from", description="Premier jour (Paris)")] = None,
    last: Annotated[Day, Query(alias="to", description="Dernier jour (Paris)")] = None,
) -> ClientSummary:
    return await service.client_summary(caller.scope, client_id, group_by, first, last)


@router.get(
    "/clients/{client_id}/coverage", summary="Départements couverts par un client", responses=errors(401, 403, 404)
)
async def client_coverage(
    client_id: str,
    caller: Viewer,
    service: Service,
    product: Annotated[Literal["PV", "PAC", "ITE", "ALL"], Query()] = "ALL",
    week: AnyWeek = None,
) -> ClientCoverage:
    return await service.client_coverage(caller.scope, client_id, product, week)


@router.get("/departements/overview", summary="Départements qui trouvent un acheteur", responses=errors(400, 401, 403))
async def areas_overview(
    caller: Annotated[Caller, requires("departements.view")],
    service: Service,
    entity: Annotated[str | None, Query(max_length=20)] = None,
    product: Annotated[Produit, Query()] = "PV",
    week: AnyWeek = None,
) -> AreaOverview:
    return await service.areas(caller.within(entity), product, week)


@router.get(
    "/departements/{departement}/detail", summary="Commandes qui couvrent un département",
    responses=errors(400, 401, 403, 404),
)  # fmt: skip
async def area_detail(
    departement: str,
    caller: Annotated[Caller, requires("departements.view")],
    service: Service,
    entity: Annotated[str | None, Query(max_length=20)] = None,
    product: Annotated[Produit, Query()] = "PV",
    week: AnyWeek = None,
) -> AreaDetail:
    return await service.area(caller.within(entity), departement, product, week)


@router.get("/leads/dashboard-stats", summary="Tableau de bord", responses=errors(401, 403))
async def dashboard(
    caller: Annotated[Caller, requires("leads.view")], service: Service, week: AnyWeek = None
) -> dict[str, Any]:
    return await service.dashboard(caller.scope, week)
