"""HTTP of the hold. `GET /api/system/health` shows it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.hold.models import HoldAsk, HoldSaid, HoldState
from backend.hold.service import HoldService

router = APIRouter(prefix="/api/system/hold", tags=["Système"])
Hold = Annotated[HoldService, part("hold")]
Manager = Annotated[Caller, requires("system.manage")]


@router.get("", summary="Savoir si les envois sont retenus", responses=errors(401, 403))
async def state(service: Hold, caller: Annotated[Caller, requires("dashboard.view")]) -> HoldState:
    """Why and since when; what may have left before is at `GET /api/outbox/reconciliation`."""
    held = await service.current()
    return HoldState(held=True, **held.model_dump()) if held else HoldState(held=False)


@router.post("", summary="Retenir tous les envois", responses=errors(401, 403))
async def hold(service: Hold, caller: Manager, body: HoldAsk) -> HoldSaid:
    """Of both companies. What is being sent is finished; nothing else leaves, from a second later at most."""
    await service.hold(body.reason, caller.email)
    return HoldSaid(held=True)


@router.delete("", summary="Laisser repartir les envois", responses=errors(401, 403))
async def release(service: Hold, caller: Manager) -> HoldSaid:
    """What waits leaves within a second or two; each row once."""
    await service.release(caller.email)
    return HoldSaid(held=False)
