"""HTTP of reminders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.invoices.models import ReminderLevel
from backend.reminders.models import ReminderBody, ReminderDraft, ReminderList, ReminderSaved
from backend.reminders.service import Reminders

router = APIRouter(prefix="/api", tags=["invoices"])
Service = Annotated[Reminders, part("reminders")]
Viewer = Annotated[Caller, requires("billing.view")]
Closer = Annotated[Caller, requires("billing.close")]
Rows = Annotated[Page, paged(50)]
Key = Annotated[str | None, Query(max_length=64)]


@router.get("/reminders", summary="Les relances d'un client, d'une facture", responses=errors(401, 403))
async def page(
    service: Service, caller: Viewer, page: Rows, client_id: Key = None, invoice_id: Key = None
) -> ReminderList:
    return ReminderList(**(await service.page(caller.scope, client_id, invoice_id, page)).answer("reminders"))


@router.get(
    "/reminders/draft", summary="Le message de relance qui partirait", responses=errors(401, 403, 404, 409)
)  # fmt: skip
async def draft(
    service: Service,
    caller: Closer,
    client_id: Annotated[str, Query(max_length=64)] = "",
    invoice_id: Annotated[str, Query(max_length=64, description="Une seule facture")] = "",
    level: Annotated[ReminderLevel | None, Query(description="Par défaut : la suite de l'historique")] = None,
) -> ReminderDraft:
    return await service.draft(caller.scope, client_id, invoice_id, level)


@router.post(
    "/reminders", status_code=202, summary="Relancer un client par e-mail", responses=errors(401, 403, 404, 409)
)
async def send(body: ReminderBody, service: Service, caller: Closer) -> ReminderSaved:
    return ReminderSaved(reminder=await service.send(caller.scope, body, caller.email))
