"""HTTP of the search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.text import Line
from backend.core.web import errors, part
from backend.search.models import Found
from backend.search.service import SearchService

router = APIRouter(prefix="/api/search", tags=["Tableau de bord"])
_WHAT = "Nom, e-mail, numéro de facture ; téléphone entier dans toute notation, son début ou ses quatre derniers"


@router.get("", summary="Chercher partout", responses=errors(400, 401, 403))
async def search(
    caller: Annotated[Caller, requires()],
    service: Annotated[SearchService, part("search")],
    q: Annotated[Line, Query(description=_WHAT)] = "",
    entity: Annotated[str | None, Query(max_length=20)] = None,
) -> Found:
    """A few results by kind, of the kinds that the caller may read."""
    return await service.find(caller, caller.within(entity), q)
