"""HTTP of the proofs of delivery."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.deliveries.states import Status
from backend.receipts.models import ManifestPage, Receipt
from backend.receipts.service import ReceiptsService

router = APIRouter(prefix="/api/batches", tags=["Preuves de livraison"])
Receipts = Annotated[ReceiptsService, part("receipts")]
Viewer = Annotated[Caller, requires("deliveries.view")]


@router.get("", summary="Lister les lots livrés ou à livrer", responses=errors(400, 401, 403))
async def batches(
    receipts: Receipts,
    caller: Viewer,
    page: Annotated[Page, paged(50)],
    entity: Annotated[str | None, Query(max_length=20)] = None,
    client_id: Annotated[str | None, Query(max_length=64)] = None,
    status: Status | None = None,
    day: Annotated[str | None, Query(pattern=r"^20\d\d-\d\d-\d\d$", description="Jour de préparation, Paris")] = None,
) -> ManifestPage:
    """Newest first, without the files."""
    found = await receipts.page(caller.within(entity), page, client_id=client_id, status=status, day=day)
    return ManifestPage(**found.answer("batches"))


@router.get("/{batch_id}", summary="La preuve de livraison d'un lot", responses=errors(401, 403, 404))
async def receipt(batch_id: str, receipts: Receipts, caller: Viewer) -> Receipt:
    """Manifest, hash, and for each recipient the answer of its server with every attempt."""
    return await receipts.receipt(caller.scope, batch_id)


@router.get("/{batch_id}/download", summary="Le fichier du lot, tel qu'il est parti", responses=errors(401, 403, 404))
async def download(batch_id: str, receipts: Receipts, caller: Viewer) -> Response:
    name, text = await receipts.file(caller.scope, batch_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
