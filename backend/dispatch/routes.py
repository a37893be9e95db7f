"""Deliveries: sending, cancelling, files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Response

from backend.accounts.caller import Caller, requires
from backend.batches.models import Preview, SendBody
from backend.core.text import AdminBody, Line
from backend.core.web import errors, part
from backend.dispatch.service import DispatchService

router = APIRouter(prefix="/api/deliveries", tags=["deliveries"])
Service = Annotated[DispatchService, part("dispatch")]
Sender = Annotated[Caller, requires("deliveries.resend")]
Viewer = Annotated[Caller, requires("deliveries.view")]


class CancelBody(AdminBody):
    reason: Line = ""


@router.post("/batch/generate-csv", summary="Préparer les fichiers de ce qui attend", responses=errors(400, 401, 403))
async def generate(caller: Sender, service: Service, entity: Annotated[str | None, Query()] = None) -> dict[str, Any]:
    return await service.generate(caller, caller.within(entity))


@router.post(
    "/batch/send-ready", status_code=202, summary="Envoyer les lots prêts", responses=errors(400, 401, 403, 404)
)
async def send_ready(
    caller: Sender,
    service: Service,
    entity: Annotated[str | None, Query()] = None,
    client_id: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    return await service.send_ready(caller, caller.within(entity), client_id)


@router.post(
    "/{delivery_id}/send",
    status_code=202,
    summary="Envoyer une livraison, ou une copie de son fichier",
    responses=errors(401, 403, 404, 409),
)
async def send(
    delivery_id: str, caller: Sender, service: Service, body: Annotated[SendBody | None, Body()] = None
) -> dict[str, Any]:
    return await service.send(caller, delivery_id, body or SendBody())


@router.get(
    "/{delivery_id}/preview", summary="Le message et le fichier qui partiraient", responses=errors(401, 403, 404)
)
async def preview(delivery_id: str, caller: Sender, service: Service) -> Preview:
    return await service.preview(caller, delivery_id)


@router.post(
    "/{delivery_id}/cancel", summary="Annuler une livraison qui n'est pas partie", responses=errors(401, 403, 404, 409)
)
async def cancel(
    delivery_id: str, caller: Sender, service: Service, body: Annotated[CancelBody | None, Body()] = None
) -> dict[str, Any]:
    return await service.cancel(caller, delivery_id, body.reason if body else "")


@router.get("/{delivery_id}/download", summary="Le fichier CSV", responses=errors(401, 403, 404))
async def download(delivery_id: str, caller: Viewer, service: Service) -> Response:
    name, text = await service.file(caller.scope, delivery_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
