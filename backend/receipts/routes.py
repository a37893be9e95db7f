"""HTTP of the proofs of delivery, and the page by which a recipient acknowledges one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import HTMLResponse

from backend.accounts.caller import Caller, requires
from backend.batches.link import PATH
from backend.commandes.models import Week
from backend.core.errors import BadRequest
from backend.core.paging import Page, paged
from backend.core.web import client_ip, errors, part
from backend.deliveries.states import Status
from backend.receipts import pages
from backend.receipts.models import ManifestPage, Presented, Receipt
from backend.receipts.service import ReceiptsService

router = APIRouter(prefix="/api/batches", tags=["Preuves de livraison"])
public = APIRouter(prefix=PATH.rstrip("/"), include_in_schema=False)  # pages for people, not operations of the API
Receipts = Annotated[ReceiptsService, part("receipts")]
Viewer = Annotated[Caller, requires("deliveries.view")]
Days = Annotated[
    int | None,
    Query(ge=1, le=365, description="Jours depuis l'envoi, sans accusé ; le plus ancien d'abord"),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of batches is asked for; its export is asked with the same."""

    entity: str | None
    unacknowledged_for_days: int | None
    query: dict[str, str]


async def asked(
    entity: Annotated[str | None, Query(max_length=20)] = None,
    client_id: Annotated[str | None, Query(max_length=64)] = None,
    status: Status | None = None,
    day: Annotated[str | None, Query(pattern=r"^20\d\d-\d\d-\d\d$", description="Jour de préparation, Paris")] = None,
    week: Annotated[Week | None, Query(description="Semaine d'envoi (Paris), celle qui est facturée")] = None,
    acknowledged: Annotated[bool | None, Query(description="Accusé reçu ; false : demandé et pas encore reçu")] = None,
    unacknowledged_for_days: Days = None,
) -> Asked:
    if acknowledged and unacknowledged_for_days is not None:
        raise BadRequest("Demandez les lots accusés, ou ceux qui ne le sont pas depuis tant de jours : pas les deux.")
    given = {"client_id": client_id, "status": status, "day": day, "sent_week": week,
             "acknowledgement": _ASKED[acknowledged]}  # fmt: skip
    return Asked(entity, unacknowledged_for_days, {key: one for key, one in given.items() if one is not None})


_ASKED = {None: None, False: "asked", True: "given"}
Wanted = Annotated[Asked, Depends(asked)]


@router.get("", summary="Lister les lots livrés ou à livrer", responses=errors(400, 401, 403))
async def batches(receipts: Receipts, caller: Viewer, page: Annotated[Page, paged(50)], wanted: Wanted) -> ManifestPage:
    """Newest first, without the files. A batch that asks for no acknowledgement is in neither half."""
    found = await receipts.page(caller.within(wanted.entity), page, wanted.query, wanted.unacknowledged_for_days)
    return ManifestPage(**found.answer("batches"))


@router.get("/{batch_id}", summary="La preuve de livraison d'un lot", responses=errors(401, 403, 404))
async def receipt(batch_id: str, receipts: Receipts, caller: Viewer) -> Receipt:
    """Manifest, hash, for each recipient the answer of its server with every attempt, and the acknowledgement."""
    return await receipts.receipt(caller.scope, batch_id)


@router.get("/{batch_id}/download", summary="Le fichier du lot, tel qu'il est parti", responses=errors(401, 403, 404))
async def download(batch_id: str, receipts: Receipts, caller: Viewer) -> Response:
    name, text = await receipts.file(caller.scope, batch_id, caller.email)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@public.get("/{token}", summary="La page d'accusé de réception")
async def look(token: str, receipts: Receipts) -> HTMLResponse:
    """Changes nothing: mail scanners open every link."""
    return _shown(await receipts.presented(token))


@public.post("/{token}", summary="Accuser réception")
async def acknowledge(
    token: str, request: Request, receipts: Receipts, user_agent: Annotated[str, Header()] = ""
) -> HTMLResponse:
    ip = client_ip(request, trust_proxy=request.app.state.parts.settings.trust_proxy)
    return _shown(await receipts.acknowledge(token, ip, user_agent))


def _shown(found: Presented) -> HTMLResponse:
    return HTMLResponse(pages.page(found), pages.STATUSES[found.state], headers=pages.HEADERS)
