"""Leads over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BeforeValidator

from backend.accounts.caller import Caller, requires
from backend.commandes.models import Produit, Week
from backend.core import finding, weeks
from backend.core.paging import Page, either, paged
from backend.core.phone import Quality
from backend.core.tenancy import Scope
from backend.core.text import Line
from backend.core.web import errors, part
from backend.leads.models import LeadDetail, LeadPage, SourceType, Status
from backend.leads.service import LeadsService

router = APIRouter(prefix="/api/leads", tags=["leads"])
Service = Annotated[LeadsService, part("leads")]
Viewer = Annotated[Caller, requires("leads.view")]
Text = Annotated[Line | None, Query()]


def _moment(value: object, *, ends: bool) -> object:
    """An instant, or the Paris midnight where a day begins or ends; 2000 to 2099."""
    if not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value) if len(value) == 10 else None
        moment = weeks.at_paris(day + timedelta(days=ends)) if day else datetime.fromisoformat(value)
    except (ValueError, OverflowError):
        raise ValueError("Une date AAAA-MM-JJ ou un instant ISO 8601 est attendu.") from None
    if moment.tzinfo is None or not 2000 <= moment.year <= 2100:
        raise ValueError("Un instant avec son fuseau, entre 2000 et 2099, est attendu.")
    return moment


Since = Annotated[datetime | None, BeforeValidator(partial(_moment, ends=False))]
Until = Annotated[datetime | None, BeforeValidator(partial(_moment, ends=True))]


def within(week: str | None, first: datetime | None, last: datetime | None) -> dict[str, datetime]:
    """The window of reception asked for, as a condition; empty when nothing is."""
    starts, ends = [first] if first else [], [last] if last else []
    if week:
        start, end = weeks.week_bounds(week)
        starts, ends = [*starts, start], [*ends, end]
    return ({"$gte": max(starts)} if starts else {}) | ({"$lt": min(ends)} if ends else {})


@router.get("/stats", summary="Comptes par état", responses=errors(400, 401, 403))
async def stats(
    caller: Viewer, service: Service, entity: Text = None, week: Annotated[Week | None, Query()] = None
) -> dict[str, int]:
    return await service.stats(caller.within(entity), week)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of leads is asked for; its export is asked with the same."""

    entity: str | None
    equal: dict[str, Any]
    client_id: str | None
    oldest_first: bool

    def query(self, scope: Scope) -> dict[str, Any]:
        """`client_id` is a client of the scope: who bought a lead elsewhere is not told."""
        if not self.client_id:
            return self.equal
        return self.equal | {"delivery_entity": scope.predicate(), "delivery_client_id": self.client_id}


async def asked(
    entity: Text = None,
    produit: Annotated[list[Produit] | None, Query()] = None,
    status: Annotated[list[Status] | None, Query()] = None,
    source: Text = None,
    departement: Annotated[list[Line] | None, Query()] = None,
    client_id: Text = None,
    provider_id: Text = None,
    search: Annotated[Line | None, Query(description="Nom, e-mail ou téléphone dans toute notation")] = None,
    week: Annotated[Week | None, Query(description="Semaine de réception")] = None,
    first: Annotated[Since, Query(alias="from", description="Reçus depuis ce jour de Paris, ou cet instant")] = None,
    last: Annotated[Until, Query(alias="to", description="Reçus jusqu'à ce jour compris, ou avant cet instant")] = None,
    origin: Annotated[list[SourceType] | None, Query(description="Type de source")] = None,
    phone_quality: Annotated[list[Quality] | None, Query()] = None,
    without_source: Annotated[bool, Query(description="Ceux dont personne n'a dit la source")] = False,
    sort: Literal["created_at", "-created_at"] = "-created_at",
) -> Asked:
    given = {"produit": either(produit), "status": either(status), "departement": either(departement),
             "provider_id": provider_id, "lead_source_type": either(origin), "phone_quality": either(phone_quality),
             "source_key": "" if without_source else None}  # fmt: skip
    query: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if source:
        query["source_key"] = source.casefold()
    if search and (keys := finding.condition(finding.asked(search))):
        query["keys"] = keys
    if received := within(week, first, last):
        query["created_at"] = received
    return Asked(entity, query, client_id, sort == "created_at")


Wanted = Annotated[Asked, Depends(asked)]


@router.get(
    "/list", summary="Leads, les plus récents d'abord", response_model=LeadPage, response_model_exclude_unset=True,
    responses=errors(400, 401, 403),
)  # fmt: skip
async def page(caller: Viewer, service: Service, page: Annotated[Page, paged(50)], wanted: Wanted) -> dict[str, Any]:
    scope = caller.within(wanted.entity)
    found = await service.page(scope, wanted.query(scope), page, oldest_first=wanted.oldest_first)
    return found.answer("leads")


@router.get(
    "/{lead_id}", summary="Un lead, ses livraisons, les commandes examinées", response_model=LeadDetail,
    response_model_exclude_unset=True, responses=errors(401, 403, 404),
)  # fmt: skip
async def one(lead_id: str, caller: Viewer, service: Service) -> dict[str, Any]:
    return await service.detail(caller.scope, lead_id)
