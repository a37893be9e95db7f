"""HTTP of the clients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator

from backend.accounts.caller import Caller, requires
from backend.clients.models import (
    ActivityPage,
    ClientCreate,
    ClientDeleted,
    ClientOne,
    ClientPage,
    ClientSaved,
    ClientUpdate,
    CrmBody,
    NoteBody,
    NoteSaved,
)
from backend.clients.service import ClientsService
from backend.core.paging import Page, paged
from backend.core.text import clean
from backend.core.web import errors, part

router = APIRouter(prefix="/api/clients", tags=["clients"])
Clients = Annotated[ClientsService, part("clients")]
Entity = Annotated[str | None, Query(max_length=20, description="ZR7 ou MDL ; absent : le périmètre de l'appelant")]
Search = Annotated[
    str, AfterValidator(clean), Query(max_length=64, description="Début du nom, d'un mot du nom ou d'une adresse")
]
Sort = Literal["name", "-name", "created_at", "-created_at", "last_delivery_at", "-last_delivery_at"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of clients is asked for; its export and its bulk actions are asked with the same."""

    entity: str | None
    active_only: bool
    search: str
    sort: Sort


async def asked(entity: Entity = None, active_only: bool = True, search: Search = "", sort: Sort = "name") -> Asked:
    return Asked(entity, active_only, search, sort)


Wanted = Annotated[Asked, Depends(asked)]


@router.get("", summary="Lister les clients", responses=errors(400, 401, 403))
async def list_clients(
    clients: Clients,
    caller: Annotated[Caller, requires("clients.view")],
    page: Annotated[Page, paged(50)],
    wanted: Wanted,
) -> ClientPage:
    scope = caller.within(wanted.entity)
    rows = await clients.page(scope, page, active_only=wanted.active_only, search=wanted.search, sort=wanted.sort)
    return ClientPage(**rows.answer("clients"), entity=scope.name)


@router.post("", status_code=201, summary="Créer un client", responses=errors(400, 401, 403, 409))
async def create_client(
    body: ClientCreate, clients: Clients, caller: Annotated[Caller, requires("clients.create")]
) -> ClientSaved:
    client = await clients.create(caller.write_entity(body.entity), body, caller.email)
    return ClientSaved(client=await clients.shown(client))


@router.get("/{client_id}", summary="Lire un client", responses=errors(401, 403, 404))
async def read_client(
    client_id: str, clients: Clients, caller: Annotated[Caller, requires("clients.view")]
) -> ClientOne:
    return ClientOne(client=await clients.detail(caller.scope, client_id))


@router.put("/{client_id}", summary="Modifier un client", responses=errors(401, 403, 404, 409))
async def update_client(
    client_id: str, body: ClientUpdate, clients: Clients, caller: Annotated[Caller, requires("clients.edit")]
) -> ClientSaved:
    client = await clients.update(caller.scope, client_id, body, caller.email)
    return ClientSaved(client=await clients.shown(client))


@router.delete("/{client_id}", summary="Supprimer un client", responses=errors(401, 403, 404, 409))
async def delete_client(
    client_id: str, clients: Clients, caller: Annotated[Caller, requires("clients.delete")]
) -> ClientDeleted:
    await clients.delete(caller.scope, client_id, caller.email)
    return ClientDeleted(deleted_id=client_id)


@router.put("/{client_id}/crm", summary="Modifier le suivi commercial", responses=errors(400, 401, 403, 404))
async def update_crm(
    client_id: str, body: CrmBody, clients: Clients, caller: Annotated[Caller, requires("clients.crm")]
) -> ClientSaved:
    client = await clients.update_crm(caller.scope, client_id, body, caller.email)
    return ClientSaved(client=await clients.shown(client))


@router.post(
    "/{client_id}/notes", status_code=201, summary="Ajouter une note interne", responses=errors(401, 403, 404, 409)
)
async def add_note(
    client_id: str, body: NoteBody, clients: Clients, caller: Annotated[Caller, requires("clients.crm")]
) -> NoteSaved:
    return NoteSaved(note=await clients.add_note(caller.scope, client_id, body.text, caller.email))


@router.get("/{client_id}/activity", summary="Lire l'activité d'un client", responses=errors(401, 403, 404))
async def read_activity(
    client_id: str,
    clients: Clients,
    caller: Annotated[Caller, requires("clients.view")],
    page: Annotated[Page, paged(50)],
) -> ActivityPage:
    rows = await clients.activity(caller.scope, client_id, page)
    body: dict[str, Any] = rows.answer("activities")
    return ActivityPage(**body)
