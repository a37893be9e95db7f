"""HTTP of providers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.providers.models import (
    CreatedProvider,
    DeletedProvider,
    NewProvider,
    OneProvider,
    ProviderChange,
    ProviderList,
    RotatedKey,
    SavedProvider,
)
from backend.providers.service import ProvidersService

router = APIRouter(prefix="/api/providers", tags=["Fournisseurs"])
Service = Annotated[ProvidersService, part("providers")]
Allowed = Annotated[Caller, requires("providers.access")]


@router.get("", summary="Lister les fournisseurs", response_model=ProviderList, responses=errors(400, 401, 403))
async def list_providers(
    service: Service,
    caller: Allowed,
    page: Annotated[Page, paged(200)],
    entity: Annotated[str | None, Query(max_length=20)] = None,
    active: Annotated[bool | None, Query(description="Actifs ou inactifs seulement ; sans valeur : tous")] = None,
) -> Any:
    found = await service.page(caller.within(entity), page, active=active)
    counts = await service.lead_counts([provider.id for provider in found.rows])
    rows = [{**provider.model_dump(), "total_leads": counts.get(provider.id, 0)} for provider in found.rows]
    return found.answer("providers", rows)


@router.post(
    "", status_code=201, summary="Créer un fournisseur ; la clé n'est montrée qu'ici", response_model=CreatedProvider,
    responses=errors(400, 401, 403, 409),
)  # fmt: skip
async def create_provider(service: Service, caller: Allowed, body: NewProvider) -> Any:
    provider, key = await service.create(caller.write_entity(body.entity), body, caller.email)
    return {"provider": {**provider.model_dump(), "total_leads": 0, "api_key": key}}


@router.get(
    "/{provider_id}", summary="Lire un fournisseur", response_model=OneProvider, responses=errors(401, 403, 404)
)
async def read_provider(service: Service, caller: Allowed, provider_id: str) -> Any:
    provider = await service.get(caller.scope, provider_id)
    counts = await service.lead_counts([provider_id])
    return {"provider": {**provider.model_dump(), "total_leads": counts.get(provider_id, 0)}}


@router.put(
    "/{provider_id}", summary="Modifier un fournisseur", response_model=SavedProvider, responses=errors(401, 403, 404)
)
async def change_provider(service: Service, caller: Allowed, provider_id: str, body: ProviderChange) -> Any:
    provider = await service.change(caller.scope, provider_id, body, caller.email)
    counts = await service.lead_counts([provider_id])
    return {"provider": {**provider.model_dump(), "total_leads": counts.get(provider_id, 0)}}


@router.delete(
    "/{provider_id}", summary="Supprimer un fournisseur", response_model=DeletedProvider,
    responses=errors(401, 403, 404),
)  # fmt: skip
async def delete_provider(service: Service, caller: Allowed, provider_id: str) -> Any:
    await service.delete(caller.scope, provider_id, caller.email)
    return {"deleted_id": provider_id}


@router.post(
    "/{provider_id}/rotate-key", summary="Remplacer la clé d'un fournisseur, sans délai", response_model=RotatedKey,
    responses=errors(401, 403, 404),
)  # fmt: skip
async def rotate_key(service: Service, caller: Allowed, provider_id: str) -> Any:
    return {"api_key": await service.rotate_key(caller.scope, provider_id, caller.email)}
