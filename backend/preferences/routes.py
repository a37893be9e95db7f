"""HTTP of one's own preferences."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.preferences.models import Preferences, PreferencesChange
from backend.preferences.service import PreferencesService

router = APIRouter(prefix="/api/me/preferences", tags=["Tableau de bord"])
Service = Annotated[PreferencesService, part("preferences")]
Anyone = Annotated[Caller, requires()]


@router.get("", summary="Lire ses préférences", responses=errors(401, 403))
async def read(service: Service, caller: Anyone) -> Preferences:
    return await service.of(caller.user_id)


@router.put("", summary="Changer ses préférences", responses=errors(401, 403, 409))
async def change(body: PreferencesChange, service: Service, caller: Anyone) -> Preferences:
    return await service.change(caller.user_id, body)
