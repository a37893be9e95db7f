"""Leads over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.commandes.models import Produit, Week
from backend.core import finding, weeks
from backend.core.paging import Page, either, paged
from backend.core.text import Line
from backend.core.web import errors, part
from backend.leads.models import LeadDetail, LeadPage, Status
from backend.leads.service import LeadsService

router = APIRouter(prefix="/api/leads", tags=["leads"])
Service = Annotated[LeadsService, part("leads")]
Viewer = Annotated[Caller, requires("leads.view")]
Text = Annotated[Line | None, Query()]


@router.get("/stats", summary="Comptes par état", responses=errors(400, 401, 403))
async def stats(
    caller: Viewer, service: Service, entity: Text = None, week: Annotated[Week | None, Query()] = None
) -> dict[str, int]:
    return await service.stats(caller.within(entity), week)


@router.get(
    "/list", summary="Leads, les plus récents d'abord", response_model=LeadPage, response_model_exclude_unset=True,
    responses=errors(400, 401, 403),
)  # fmt: skip
async def page(
    caller: Viewer,
    service: Service,
    page: Annotated[Page, paged(50)],
    entity: Text = None,
    produit: Annotated[list[Produit] | None, Query()] = None,
    status: Annotated[list[Status] | None, Query()] = None,
    source: Text = None,
    departement: Annotated[list[Line] | None, Query()] = None,
    client_id: Text = None,
    provider_id: Text = None,
    search: Annotated[Line | None, Query(description="Nom, e-mail ou téléphone dans toute notation")] = None,
    week: Annotated[Week | None, Query(description="Semaine de réception")] = None,
    sort: Literal["created_at", "-created_at"] = "-created_at",
) -> dict[str, Any]:
    scope = caller.within(entity)
    given = {"produit": either(produit), "status": either(status), "departement": either(departement),
             "provider_id": provider_id}  # fmt: skip
    query: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if source:
        query["source_key"] = source.casefold()
    if client_id:
        query |= {"delivery_entity": scope.predicate(), "delivery_client_id": client_id}
    if search and (keys := finding.condition(finding.asked(search))):
        query["keys"] = keys
    if week:
        start, end = weeks.week_bounds(week)
        query["created_at"] = {"$gte": start, "$lt": end}
    return (await service.page(scope, query, page, oldest_first=sort == "created_at")).answer("leads")


@router.get(
    "/{lead_id}", summary="Un lead, ses livraisons, les commandes examinées", response_model=LeadDetail,
    response_model_exclude_unset=True, responses=errors(401, 403, 404),
)  # fmt: skip
async def one(lead_id: str, caller: Viewer, service: Service) -> dict[str, Any]:
    return await service.detail(caller.scope, lead_id)
