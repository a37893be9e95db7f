"""Deliveries: reading them and deciding their outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query

from backend.accounts.caller import Caller, requires
from backend.commandes.models import Day, Moment, Produit, Week
from backend.core import finding, weeks
from backend.core.paging import Page, either, paged
from backend.core.text import Line
from backend.core.web import errors, part
from backend.deliveries.models import DeliveryPage, DeliveryShown, RejectBody, RemoveBody, shown
from backend.deliveries.service import DeliveriesService
from backend.deliveries.states import Outcome, Status

router = APIRouter(prefix="/api", tags=["deliveries"])
Service = Annotated[DeliveriesService, part("deliveries")]
Viewer = Annotated[Caller, requires("deliveries.view")]
Judge = Annotated[Caller, requires("deliveries.outcome")]
Text = Annotated[str | None, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of deliveries is asked for; its export and its bulk actions are asked with the same."""

    entity: str | None
    query: dict[str, Any]
    oldest_first: bool


async def asked(
    entity: Text = None,
    status: Annotated[list[Status] | None, Query()] = None,
    outcome: Annotated[list[Outcome] | None, Query()] = None,
    client_id: Text = None,
    commande_id: Text = None,
    lead_id: Text = None,
    produit: Annotated[list[Produit] | None, Query()] = None,
    week: Annotated[Week | None, Query(description="Semaine de création")] = None,
    sent_week: Annotated[Week | None, Query(description="Semaine d'envoi")] = None,
    sent_day: Annotated[Day | None, Query(description="Jour d'envoi (Paris)")] = None,
    rejected_from: Annotated[Moment | None, Query(description="Rejetée par le client depuis")] = None,
    rejected_to: Annotated[Moment | None, Query(description="Rejetée par le client avant")] = None,
    search: Annotated[Line | None, Query(description="Nom, e-mail ou téléphone dans toute notation")] = None,
    sort: Literal["created_at", "-created_at"] = "-created_at",
) -> Asked:
    given = {"status": either(status), "outcome": either(outcome), "client_id": client_id, "commande_id": commande_id,
             "lead_id": lead_id, "produit": either(produit), "sent_week": sent_week,
             "keys": finding.condition(finding.asked(search or ""))}  # fmt: skip
    query: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if week is not None:
        start, end = weeks.week_bounds(week)
        query["created_at"] = {"$gte": start, "$lt": end}
    if sent_day is not None:
        query |= _sent_on(sent_day, sent_week)
    if decided := {
        **({"$gte": rejected_from} if rejected_from else {}),
        **({"$lt": rejected_to} if rejected_to else {}),
    }:
        query = {"outcome": "rejected", **query, "rejected_at": decided}
    return Asked(entity, query, sort == "created_at")


def _sent_on(day: date, week: str | None) -> dict[str, Any]:
    """Read through its week: a day of another week than the one asked for has nothing."""
    end = weeks.at_paris(day + timedelta(days=1))
    return {
        "sent_week": week or weeks.week_of_day(day),
        "last_sent_at": {"$gte": weeks.at_paris(day), "$lt": end},
    }


Wanted = Annotated[Asked, Depends(asked)]


@router.get(
    "/deliveries", summary="Livraisons, les plus récentes d'abord", response_model=DeliveryPage,
    response_model_exclude_unset=True, responses=errors(400, 401, 403),
)  # fmt: skip
async def page(caller: Viewer, service: Service, page: Annotated[Page, paged(100)], wanted: Wanted) -> dict[str, Any]:
    scope = caller.within(wanted.entity)
    found = await service.page(scope, wanted.query, page, oldest_first=wanted.oldest_first)
    return found.answer("deliveries", [shown(doc) for doc in await service.dated(found.rows)])


@router.get("/deliveries/stats", summary="Comptes par état", responses=errors(400, 401, 403))
async def stats(caller: Viewer, service: Service, entity: Text = None) -> dict[str, int]:
    return await service.stats(caller.within(entity))


@router.get(
    "/deliveries/{delivery_id}", summary="Une livraison", response_model=DeliveryShown,
    response_model_exclude_unset=True, responses=errors(401, 403, 404),
)  # fmt: skip
async def one(delivery_id: str, caller: Viewer, service: Service) -> dict[str, Any]:
    (doc,) = await service.dated([await service.document(caller.scope, delivery_id)])
    return shown(doc)


@router.get("/commandes/{commande_id}/deliveries", summary="Livraisons d'une commande", responses=errors(401, 403, 404))
async def of_commande(
    commande_id: str,
    caller: Viewer,
    service: Service,
    page: Annotated[Page, paged(50)],
    status: Annotated[Status | None, Query()] = None,
) -> dict[str, Any]:
    found = await service.of_commande(caller.scope, commande_id, status, page)
    return found.answer("deliveries", [shown(doc) for doc in found.rows])


@router.post(
    "/deliveries/{delivery_id}/reject-leads", summary="Rejet par le client", responses=errors(401, 403, 404, 409)
)
async def reject(
    delivery_id: str, caller: Judge, service: Service, body: Annotated[RejectBody | None, Body()] = None
) -> dict[str, Any]:
    return await service.reject(caller, delivery_id, body or RejectBody())


@router.post(
    "/deliveries/{delivery_id}/remove-lead", summary="Retrait par nos soins", responses=errors(401, 403, 404, 409)
)
async def remove(
    delivery_id: str, caller: Judge, service: Service, body: Annotated[RemoveBody | None, Body()] = None
) -> dict[str, Any]:
    return await service.remove(caller, delivery_id, body or RemoveBody())
