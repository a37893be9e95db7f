"""HTTP of the event log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator

from backend.accounts.caller import Caller, requires
from backend.audit.models import EventActions, EventFilters, EventPage, EventRow
from backend.audit.service import AuditService
from backend.core.paging import Page, paged
from backend.core.text import clean
from backend.core.web import errors, part

router = APIRouter(prefix="/api/event-log", tags=["Journal"])
Audit = Annotated[AuditService, part("audit")]
Viewer = Annotated[Caller, requires("activity.view")]
Entity = Annotated[str | None, Query(max_length=20, description="ZR7 ou MDL ; absent : le périmètre de l'appelant")]
Exact = Annotated[str | None, AfterValidator(lambda text: text and clean(text)), Query(max_length=254)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the log is asked for; its export is asked with the same."""

    entity: str | None
    filters: EventFilters


async def asked(
    action: Exact = None, entity_type: Exact = None, entity_id: Exact = None, entity: Entity = None,
    week: Annotated[str | None, Query(max_length=8, description="Semaine ISO, AAAA-Wnn")] = None,
    user_filter: Annotated[Exact, Query(description="Adresse exacte de l'auteur")] = None,
    search: Annotated[Exact, Query(description="Mots entiers ; remplace entity_id")] = None,
) -> Asked:  # fmt: skip
    filters = EventFilters(
        action=action, entity_type=entity_type, entity_id=entity_id, week=week, user=user_filter, search=search
    )
    return Asked(entity, filters)


Wanted = Annotated[Asked, Depends(asked)]


@router.get(
    "", summary="Lister les événements", response_model=EventPage, response_model_exclude_unset=True,
    responses=errors(400, 401, 403),
)  # fmt: skip
async def list_events(audit: Audit, caller: Viewer, page: Annotated[Page, paged(100)], wanted: Wanted) -> Any:
    return (await audit.page(caller.within(wanted.entity), wanted.filters, page)).answer("events")


@router.get("/actions", summary="Lister les actions connues", responses=errors(400, 401, 403))
async def list_actions(audit: Audit, caller: Viewer, entity: Entity = None) -> EventActions:
    return EventActions(actions=await audit.actions(caller.within(entity)))


@router.get("/{event_id}", summary="Lire un événement", responses=errors(401, 403, 404))
async def read_event(audit: Audit, caller: Viewer, event_id: str) -> EventRow:
    return await audit.get(caller.scope, event_id)
