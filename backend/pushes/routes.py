"""HTTP of the clients' own interfaces."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.clients.push import PushAnswer, PushBody, PushSaved, PushTested
from backend.core.web import errors, part
from backend.pushes.service import PushesService

router = APIRouter(prefix="/api/clients/{client_id}/push", tags=["clients"])
Pushes = Annotated[PushesService, part("pushes")]
Viewer = Annotated[Caller, requires("clients.view")]
Editor = Annotated[Caller, requires("clients.edit")]


@router.get("", summary="Lire l'envoi par API d'un client", responses=errors(401, 403, 404))
async def read_push(client_id: str, pushes: Pushes, caller: Viewer) -> PushAnswer:
    return await pushes.settings(caller.scope, client_id)


@router.put("", summary="Régler l'envoi par API d'un client", responses=errors(401, 403, 404))
async def write_push(client_id: str, body: PushBody, pushes: Pushes, caller: Editor) -> PushSaved:
    """Replaces every setting; `secret` is written, never read back."""
    return PushSaved(push=await pushes.save(caller.scope, client_id, body, caller.email))


@router.post("/test", summary="Essayer l'API d'un client", responses=errors(401, 403, 404, 409))
async def try_push(client_id: str, pushes: Pushes, caller: Editor) -> PushTested:
    """One call with an invented lead, marked as a test; nothing is counted."""
    return await pushes.test(caller.scope, client_id, caller.email)
