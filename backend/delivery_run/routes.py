"""HTTP of the delivery to come."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.delivery_run.models import RunPreview, SuspendBody, SuspensionSaved
from backend.delivery_run.service import DeliveryRunService

router = APIRouter(prefix="/api", tags=["deliveries"])
Service = Annotated[DeliveryRunService, part("delivery_run")]
Sender = Annotated[Caller, requires("deliveries.resend")]


@router.get("/delivery-run/preview", summary="Qui recevra quoi au prochain envoi", responses=errors(400, 401, 403))
async def preview(
    caller: Annotated[Caller, requires("deliveries.view")],
    service: Service,
    entity: Annotated[str | None, Query(max_length=20)] = None,
) -> RunPreview:
    """Per client: leads planned and ready, recipients, and what the gate says on the day of the next delivery."""
    return await service.preview(caller.within(entity))


@router.post(
    "/clients/{client_id}/suspension",
    summary="Suspendre l'envoi du jour d'un client",
    responses=errors(401, 403, 404, 409),
)
async def suspend(
    client_id: str, caller: Sender, service: Service, body: Annotated[SuspendBody | None, Body()] = None
) -> SuspensionSaved:
    """Until midnight Paris of its next delivery day; its leads stay ready."""
    given = await service.suspend(caller, client_id, body.reason if body else "")
    return SuspensionSaved(client_id=client_id, suspension=given)


@router.delete(
    "/clients/{client_id}/suspension", summary="Reprendre l'envoi d'un client", responses=errors(401, 403, 404)
)
async def resume(client_id: str, caller: Sender, service: Service) -> SuspensionSaved:
    await service.resume(caller, client_id)
    return SuspensionSaved(client_id=client_id, suspension=None)
