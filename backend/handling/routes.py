"""What people do to leads, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.handling.service import HandlingService
from backend.leads.consent import ConsentBody
from backend.leads.models import CorrectBody, Handled, NoteBody, StatusBody, WithdrawBody

router = APIRouter(prefix="/api/leads", tags=["leads"])
Service = Annotated[HandlingService, part("handling")]


@router.put("/{lead_id}/status", summary="Écarter un lead ou le reprendre", responses=errors(401, 403, 404, 409))
async def set_status(
    lead_id: str, body: StatusBody, caller: Annotated[Caller, requires("leads.edit_status")], service: Service
) -> dict[str, Any]:
    return await service.set_status(caller, lead_id, body)


@router.put("/{lead_id}", summary="Corriger un lead", responses=errors(401, 403, 404, 409))
async def correct(
    lead_id: str, body: CorrectBody, caller: Annotated[Caller, requires("leads.edit_status")], service: Service
) -> Handled:
    """Un lead attribué et pas encore parti est repris à son acheteur, puis routé de nouveau ; un lead livré ne se
    corrige pas : sa livraison est d'abord rejetée ou retirée."""
    return await service.correct(caller, lead_id, body)


@router.post("/{lead_id}/resubmit", summary="Soumettre un lead à nouveau", responses=errors(401, 403, 404, 409))
async def resubmit(lead_id: str, caller: Annotated[Caller, requires("leads.edit_status")], service: Service) -> Handled:
    return await service.correct(caller, lead_id, CorrectBody(resubmit=True))


@router.post("/{lead_id}/notes", status_code=201, summary="Ajouter une note", responses=errors(401, 403, 404))
async def add_note(
    lead_id: str, body: NoteBody, caller: Annotated[Caller, requires("leads.add_note")], service: Service
) -> dict[str, Any]:
    return await service.add_note(caller, lead_id, body)


@router.post("/{lead_id}/reroute", summary="Chercher un acheteur maintenant", responses=errors(401, 403, 404, 409))
async def reroute(
    lead_id: str, caller: Annotated[Caller, requires("leads.reroute")], service: Service
) -> dict[str, Any]:
    return await service.reroute(caller, lead_id)


@router.post("/{lead_id}/consent", summary="Preuve de consentement tardive", responses=errors(401, 403, 404, 409))
async def consent(
    lead_id: str, body: ConsentBody, caller: Annotated[Caller, requires("leads.reroute")], service: Service
) -> dict[str, Any]:
    return await service.late_consent(caller, lead_id, body)


@router.delete("/{lead_id}", summary="Retirer un lead du commerce", responses=errors(401, 403, 404, 409))
async def withdraw(
    lead_id: str,
    caller: Annotated[Caller, requires("leads.delete")],
    service: Service,
    body: Annotated[WithdrawBody | None, Body()] = None,
) -> dict[str, Any]:
    return await service.withdraw(caller, lead_id, body.reason if body else "")
