"""HTTP of products and prices."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.pricing import rules
from backend.pricing.models import (
    ClientPricing,
    Code,
    DefaultsBody,
    DefaultsSaved,
    PriceBody,
    PriceDeleted,
    PriceSaved,
    ProductBody,
    ProductList,
    ProductSaved,
)
from backend.pricing.service import PricingService

router = APIRouter(prefix="/api", tags=["billing"])
Service = Annotated[PricingService, part("pricing")]
Viewer = Annotated[Caller, requires("billing.view")]
Manager = Annotated[Caller, requires("billing.manage")]


@router.get("/products", summary="Lister les produits vendus", responses=errors(401, 403))
async def list_products(service: Service, caller: Viewer) -> ProductList:
    return ProductList(products=await service.products())


@router.post("/products", status_code=201, summary="Ajouter un produit", responses=errors(401, 403, 409))
async def add_product(body: ProductBody, service: Service, caller: Manager) -> ProductSaved:
    return ProductSaved(product=await service.add_product(body, caller.email))


@router.get("/clients/{client_id}/pricing", summary="Lire les prix d'un client", responses=errors(401, 403, 404))
async def read_pricing(client_id: str, service: Service, caller: Viewer) -> ClientPricing:
    return await service.of_client(caller.scope, client_id)


@router.put(
    "/clients/{client_id}/pricing", summary="Fixer la remise et la TVA d'un client",
    responses=errors(400, 401, 403, 404),
)  # fmt: skip
async def set_defaults(client_id: str, body: DefaultsBody, service: Service, caller: Manager) -> DefaultsSaved:
    return DefaultsSaved(global_=await service.set_defaults(caller.scope, client_id, body, caller.email))


@router.post(
    "/clients/{client_id}/pricing/product", status_code=201, summary="Fixer le prix d'un produit pour un client",
    responses=errors(401, 403, 404),
)  # fmt: skip
async def set_price(client_id: str, body: PriceBody, service: Service, caller: Manager) -> PriceSaved:
    price, effective = await service.set_price(caller.scope, client_id, body, caller.email)
    return PriceSaved(price=price, effective=rules.view(effective))


@router.delete(
    "/clients/{client_id}/pricing/product/{product_code}", summary="Retirer le prix d'un produit pour un client",
    responses=errors(401, 403, 404),
)  # fmt: skip
async def delete_price(client_id: str, product_code: Code, service: Service, caller: Manager) -> PriceDeleted:
    ended = await service.delete_price(caller.scope, client_id, product_code, caller.email)
    return PriceDeleted(product_code=product_code, ended=ended)
