"""HTTP of the tour."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.tour.models import TourState
from backend.tour.service import TourService

router = APIRouter(prefix="/api/tour", tags=["Tableau de bord"])
Service = Annotated[TourService, part("tour")]
Visitor = Annotated[Caller, requires("deliveries.view")]


@router.get("", summary="Où en est une visite guidée", responses=errors(401, 403, 404))
async def state(caller: Visitor, service: Service, number: Annotated[int, Query(ge=1, le=100)] = 1) -> TourState:
    return await service.state(caller.scope, number)


@router.post("", status_code=201, summary="Commencer une visite guidée", responses=errors(401, 403, 404, 409))
async def start(caller: Visitor, service: Service) -> TourState:
    """With a lead that no other visit has used."""
    return await service.start(caller)
