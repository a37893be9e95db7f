"""HTTP of billing: weeks, months, closing, records, the ledger, exports."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from backend.accounts.caller import Caller, requires
from backend.billing.models import (
    BillingRow,
    BuildAnswer,
    MonthBoard,
    RecordPage,
    RecordUpdate,
    Statement,
    WeekBoard,
)
from backend.billing.service import BillingService
from backend.core.paging import Page, paged
from backend.core.periods import period, valid_week
from backend.core.web import errors, part
from backend.ledger.models import LedgerPage
from backend.ledger.service import LedgerService

router = APIRouter(prefix="/api", tags=["billing"])
Service = Annotated[BillingService, part("billing")]
Viewer = Annotated[Caller, requires("billing.view")]
Manager = Annotated[Caller, requires("billing.manage")]
WeekQuery = Annotated[str | None, Query(max_length=8, description="AAAA-Wss ; absente : la semaine en cours")]
WeekPath = Annotated[str, Path(max_length=8)]
Key = Annotated[str | None, Query(max_length=64)]


@router.get("/billing/week", summary="Une semaine : unités, montants, états", responses=errors(400, 401, 403))
async def read_week(service: Service, caller: Viewer, week_key: WeekQuery = None) -> WeekBoard:
    return await service.week(caller.scope, valid_week(week_key))


@router.get("/billing/month-summary", summary="Un mois, jour par jour", responses=errors(400, 401, 403))
async def read_month(
    service: Service,
    caller: Viewer,
    month: Annotated[str | None, Query(max_length=10, description="AAAA-MM ; absent : le mois en cours")] = None,
) -> MonthBoard:
    return await service.month(caller.scope, month or f"{service.today:%Y-%m}")


@router.post(
    "/billing/week/{week_key}/build-ledger", summary="Vérifier le journal d'une semaine et ajouter ce qui manquerait",
    responses=errors(400, 401, 403, 409),
)  # fmt: skip
async def build(week_key: WeekPath, service: Service, caller: Manager) -> BuildAnswer:
    return await service.build(caller.scope, valid_week(week_key) or week_key, caller.email)


@router.get("/billing/ledger", summary="Le journal des ventes, ligne à ligne", responses=errors(400, 401, 403))
async def read_ledger(
    ledger: Annotated[LedgerService, part("ledger")],
    caller: Viewer,
    page: Annotated[Page, paged(100)],
    week_key: WeekQuery = None,
    client_id: Key = None,
    delivery_id: Key = None,
) -> LedgerPage:
    named = {"week_key": valid_week(week_key), "client_id": client_id, "delivery_id": delivery_id}
    found = await ledger.page(caller.scope, {name: value for name, value in named.items() if value}, page)
    return LedgerPage(**found.answer("lines"))


@router.get("/billing/records", summary="Les lignes d'une semaine", responses=errors(400, 401, 403))
async def read_records(
    service: Service,
    caller: Viewer,
    page: Annotated[Page, paged(100)],
    week_key: WeekQuery = None,
    client_id: Key = None,
    status: Literal["not_invoiced", "invoiced", "paid", "overdue"] | None = None,
) -> RecordPage:
    found = await service.records(caller.scope, valid_week(week_key), client_id, status, page)
    return RecordPage(**found.answer("records"))


@router.put(
    "/billing/records/{record_id}",
    summary="Noter la facture d'un outil extérieur",
    responses=errors(401, 403, 404, 409),
)
async def update_record(record_id: str, body: RecordUpdate, service: Service, caller: Manager) -> BillingRow:
    return await service.update_record(caller.scope, record_id, body, caller.email)


@router.get(
    "/clients/{client_id}/statement",
    summary="Relevé d'un client entre deux jours",
    responses=errors(400, 401, 403, 404),
)
async def statement(
    client_id: str, service: Service, caller: Viewer, first: date | None = None, last: date | None = None
) -> Statement:
    """Without days: the running month."""
    end = last or service.today
    return await service.statement(caller.scope, client_id, *period(first or end.replace(day=1), end))
