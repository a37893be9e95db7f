"""HTTP of the first screens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.cockpit.claims import Claims
from backend.cockpit.models import Bootstrap, ClaimBody, ClaimSaved, Cockpit, TodoKey
from backend.cockpit.service import CockpitService
from backend.commandes.models import Week
from backend.core.web import errors, part

router = APIRouter(prefix="/api", tags=["Tableau de bord"])
Service = Annotated[CockpitService, part("cockpit")]
Part = Annotated[Claims, part("claims")]
Worker = Annotated[Caller, requires("leads.add_note")]


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


@router.post("/cockpit/claims", summary="Dire qu'on s'occupe d'une ligne", responses=errors(400, 401, 403))
async def claim(caller: Worker, claims: Part, body: ClaimBody) -> ClaimSaved:
    """Seen by the whole team, for a week; the last to say so has it."""
    return ClaimSaved(claim=await claims.take(caller, body.key))


@router.delete("/cockpit/claims", summary="Ne plus s'occuper d'une ligne", responses=errors(400, 401, 403))
async def release(caller: Worker, claims: Part, key: Annotated[TodoKey, Query()]) -> ClaimSaved:
    await claims.release(caller, key)
    return ClaimSaved(claim=None)
