"""HTTP of the first screens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.cockpit.models import Bootstrap, Cockpit
from backend.cockpit.service import CockpitService
from backend.commandes.models import Week
from backend.core.web import errors, part

router = APIRouter(prefix="/api", tags=["Tableau de bord"])
Service = Annotated[CockpitService, part("cockpit")]


@router.get("/me/bootstrap", summary="Ce qu'il faut pour ouvrir le tableau de bord", responses=errors(401, 403))
async def bootstrap(caller: Annotated[Caller, requires()], service: Service) -> Bootstrap:
    return await service.bootstrap(caller)


@router.get("/cockpit", summary="Cockpit d'une semaine", responses=errors(400, 401, 403))
async def cockpit(
    caller: Annotated[Caller, requires("dashboard.view")],
    service: Service,
    entity: Annotated[str | None, Query(max_length=20)] = None,
    week: Annotated[Week | None, Query(description="AAAA-Wnn ; par défaut la semaine en cours")] = None,
) -> Cockpit:
    return await service.cockpit(caller, caller.within(entity), week)
