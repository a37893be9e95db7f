"""HTTP of one's own saved views."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.views.models import ListName, ViewBody, ViewChange, ViewPage, ViewSaved
from backend.views.service import ViewsService

router = APIRouter(prefix="/api/views", tags=["Tableau de bord"])
Service = Annotated[ViewsService, part("views")]
Anyone = Annotated[Caller, requires()]


@router.get("", summary="Lister ses vues", responses=errors(401, 403))
async def page(
    service: Service,
    caller: Anyone,
    page: Annotated[Page, paged(50)],
    list_name: Annotated[ListName | None, Query(description="Une liste ; absent : toutes")] = None,
) -> ViewPage:
    return ViewPage(**(await service.page(caller.user_id, list_name, page)).answer("views"))


@router.post("", status_code=201, summary="Enregistrer une vue", responses=errors(401, 403, 409))
async def create(body: ViewBody, service: Service, caller: Anyone) -> ViewSaved:
    return ViewSaved(view=await service.create(caller.user_id, body))


@router.put("/{view_id}", summary="Renommer une vue", responses=errors(401, 403, 404, 409))
async def rename(view_id: str, body: ViewChange, service: Service, caller: Anyone) -> ViewSaved:
    return ViewSaved(view=await service.rename(caller.user_id, view_id, body.name))


@router.delete("/{view_id}", status_code=204, summary="Supprimer une vue", responses=errors(401, 403, 404))
async def delete(view_id: str, service: Service, caller: Anyone) -> None:
    await service.delete(caller.user_id, view_id)
