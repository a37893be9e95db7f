"""HTTP of what sister companies sell for each other."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.periods import valid_week
from backend.core.web import errors, part
from backend.intercompany.models import (
    InternalPriceBody,
    InternalPriceList,
    PriceSaved,
    Retried,
    TransferPage,
    TransferPriceBody,
    TransferStatus,
)
from backend.intercompany.service import IntercompanyService

router = APIRouter(prefix="/api", tags=["intercompany"])
Service = Annotated[IntercompanyService, part("intercompany")]
Viewer = Annotated[Caller, requires("intercompany.view")]
Manager = Annotated[Caller, requires("intercompany.manage")]
Biller = Annotated[Caller, requires("billing.view")]
Week = Annotated[str | None, Query(max_length=8, description="AAAA-Wss")]


@router.get("/intercompany/pricing", summary="Les prix internes, et ceux qui manquent", responses=errors(401, 403))
async def prices(service: Service, caller: Viewer) -> InternalPriceList:
    return await service.prices(caller.scope)


@router.put("/intercompany/pricing", summary="Fixer un prix interne", responses=errors(400, 401, 403, 404))
async def put_price(body: InternalPriceBody, service: Service, caller: Manager) -> PriceSaved:
    return PriceSaved(action=await service.put_price(caller.scope, body, caller.email))


@router.get("/billing/transfer-pricing", summary="Les prix internes (même table)", responses=errors(401, 403))
async def transfer_prices(service: Service, caller: Biller) -> dict[str, Any]:
    found = await service.prices(caller.scope)
    rows = [one.model_dump(mode="json") | {"product_code": one.product} for one in found.pricing]
    return {"items": rows, "missing": found.missing, "count": found.count}


@router.put(
    "/billing/transfer-pricing", summary="Fixer un prix interne (même table)", responses=errors(400, 401, 403, 404)
)
async def put_transfer_price(body: TransferPriceBody, service: Service, caller: Manager) -> PriceSaved:
    same = InternalPriceBody(**body.model_dump(exclude={"product_code", "active"}), product=body.product_code)
    return PriceSaved(action=await service.put_price(caller.scope, same, caller.email, active=body.active))


@router.get(
    "/intercompany/transfers", summary="Les leads passés d'une entité à l'autre", responses=errors(400, 401, 403)
)
async def transfers(
    service: Service, caller: Viewer, page: Annotated[Page, paged(200)], week_key: Week = None,
    status: TransferStatus | None = None,
) -> TransferPage:  # fmt: skip
    return TransferPage(**(await service.page(caller.scope, valid_week(week_key), status, page)).answer("transfers"))


@router.post(
    "/intercompany/transfers/{transfer_id}/cancel", summary="Annuler un transfert à facturer",
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def cancel(transfer_id: str, service: Service, caller: Manager) -> dict[str, bool]:
    await service.cancel(caller.scope, transfer_id, caller.email)
    return {"success": True}


@router.post("/intercompany/retry-errors", summary="Reprendre les transferts sans prix", responses=errors(401, 403))
async def retry(service: Service, caller: Manager) -> Retried:
    return await service.retry_errors(caller.scope, caller.email)
