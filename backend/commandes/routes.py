"""HTTP of commandes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from backend.accounts.caller import Caller, requires
from backend.commandes import departements as areas
from backend.commandes import rules
from backend.commandes.models import (
    PRODUITS,
    AreaList,
    CommandeChange,
    CommandeList,
    CommandeStats,
    Deleted,
    LbMonitor,
    NewCommande,
    OneCommande,
    ProductList,
    Produit,
    SavedCommande,
    Toggled,
    Week,
)
from backend.commandes.service import CommandesService
from backend.core.paging import Page, paged
from backend.core.text import Line
from backend.core.web import errors, part

router = APIRouter(prefix="/api/commandes", tags=["Commandes"])
Service = Annotated[CommandesService, part("commandes")]
Viewer = Annotated[Caller, requires("commandes.view")]
Entity = Annotated[str | None, Query(max_length=20, description="Par défaut : le périmètre de l'appel")]
Id = Annotated[str | None, Query(max_length=100)]
AnyWeek = Annotated[Week | None, Query(description="AAAA-Wnn ; par défaut celle que prennent les nouveaux leads")]

Order = Literal["priorite", "-priorite", "created_at", "-created_at", "quota_semaine", "-quota_semaine"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of commandes is asked for; its export and its bulk actions are asked with the same."""

    entity: str | None
    filters: dict[str, Any]
    week: str | None
    search: str
    left: int | None
    sort: Order

    def conditions(self) -> dict[str, Any]:
        """What `CommandesService.page` takes, but for the page."""
        return {
            "filters": self.filters, "week": self.week, "search": self.search, "left": self.left, "sort": self.sort
        }  # fmt: skip


async def asked(
    entity: Entity = None,
    client_id: Id = None,
    produit: Produit | None = None,
    active_only: bool = True,
    week: AnyWeek = None,
    search: Annotated[Line, Query(description="Début du nom du client, d'un mot du nom, ou de son adresse")] = "",
    left: Annotated[int | None, Query(ge=0, le=10_000, description="Places restantes : tant, ou moins")] = None,
    sort: Order = "priorite",
) -> Asked:
    wanted = {"client_id": client_id, "produit": produit, "active": active_only or None}
    filters = {name: value for name, value in wanted.items() if value is not None}
    return Asked(entity, filters, week, search, left, sort)


Wanted = Annotated[Asked, Depends(asked)]


@router.get("", summary="Lister les commandes", response_model=CommandeList, responses=errors(400, 401, 403))
async def list_commandes(service: Service, caller: Viewer, page: Annotated[Page, paged(500)], wanted: Wanted) -> Any:
    scope = caller.within(wanted.entity)
    found = await service.page(scope, page=page, **wanted.conditions())
    return found.answer("commandes") | {"entity": scope.name}


@router.get(
    "/departements", summary="Départements qu'une commande peut lister", response_model=AreaList,
    responses=errors(401, 403),
)  # fmt: skip
async def list_departements(caller: Viewer) -> Any:
    note = "« 20 » vaut 2A et 2B, « * » vaut toute la France."
    return {"departements": areas.ALL, "names": areas.NAMES, "count": len(areas.ALL), "note": note}


@router.get("/products", summary="Produits vendus", response_model=ProductList, responses=errors(401, 403))
async def list_products(caller: Viewer) -> Any:
    note = "PV : photovoltaïque ; PAC : pompe à chaleur ; ITE : isolation thermique par l'extérieur."
    return {"products": PRODUITS, "note": note}


@router.get("/lb-monitor", summary="Suivre la part de LB", response_model=LbMonitor, responses=errors(400, 401, 403))
async def lb_monitor(
    service: Service,
    caller: Annotated[Caller, requires("monitoring.lb.view")],
    page: Annotated[Page, paged(200)],
    entity: Entity = None,
    week: Annotated[Week | None, Query(description="AAAA-Wnn ; par défaut la semaine en cours")] = None,
) -> Any:
    scope, key = caller.within(entity), week or service.current_week()
    found = await service.lb_monitor(scope, page, key)
    return found.answer("commandes") | {"week_key": key, "scope": scope.name}


@router.post(
    "", status_code=201, summary="Ouvrir une commande", response_model=SavedCommande,
    responses=errors(400, 401, 403, 404, 409),
)  # fmt: skip
async def create_commande(
    service: Service, caller: Annotated[Caller, requires("commandes.create")], body: NewCommande
) -> Any:
    commande = await service.create(caller.write_entity(body.entity), body, caller.email)
    return {"commande": (await service.shown([commande]))[0]}


@router.get("/{commande_id}", summary="Lire une commande", response_model=OneCommande, responses=errors(401, 403, 404))
async def read_commande(service: Service, caller: Viewer, commande_id: str, week: AnyWeek = None) -> Any:
    return {"commande": (await service.shown([await service.get(caller.scope, commande_id)], week))[0]}


@router.put(
    "/{commande_id}", summary="Modifier une commande", response_model=SavedCommande,
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def change_commande(service: Service, caller: Viewer, commande_id: str, body: CommandeChange) -> Any:
    for permission in rules.permissions_for(body.given()):
        caller.demand(permission)
    commande = await service.change(caller.scope, commande_id, body, caller.email)
    released = await service.reserved(commande_id) if body.active is False else None
    return {"commande": (await service.shown([commande]))[0], "reserved_leads": released}


@router.delete(
    "/{commande_id}", summary="Supprimer une commande", response_model=Deleted, responses=errors(401, 403, 404)
)
async def delete_commande(
    service: Service, caller: Annotated[Caller, requires("commandes.delete")], commande_id: str
) -> Any:
    await service.delete(caller.scope, commande_id, caller.email)
    return {"deleted_id": commande_id, "reserved_leads": await service.reserved(commande_id)}


@router.post(
    "/{commande_id}/toggle", summary="Mettre en pause ou rouvrir une commande", response_model=Toggled,
    responses=errors(401, 403, 404, 409),
)  # fmt: skip
async def toggle_commande(
    service: Service, caller: Annotated[Caller, requires("commandes.activate_pause")], commande_id: str
) -> Any:
    commande = await service.toggle(caller.scope, commande_id, caller.email)
    released = None if commande.active else await service.reserved(commande_id)
    return {"active": commande.active, "reserved_leads": released}


@router.get(
    "/{commande_id}/stats", summary="Leads partis pour une commande", response_model=CommandeStats,
    responses=errors(401, 403, 404),
)  # fmt: skip
async def commande_stats(service: Service, caller: Viewer, commande_id: str) -> Any:
    return await service.stats(caller.scope, commande_id)
