"""HTTP of the lists taken away. Their parameters are those of the list, and the columns shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from backend.accounts.caller import Caller, requires
from backend.audit.routes import Wanted as EventsWanted
from backend.clients.routes import Wanted as ClientsWanted
from backend.commandes.routes import Wanted as CommandesWanted
from backend.core import sheets
from backend.core.errors import InvalidInput
from backend.core.web import errors, part
from backend.deliveries.routes import Wanted as DeliveriesWanted
from backend.extracts.columns import LISTS
from backend.extracts.service import ExtractsService
from backend.invoices.routes import Wanted as InvoicesWanted
from backend.leads.routes import Wanted as LeadsWanted
from backend.receipts.routes import Wanted as BatchesWanted

router = APIRouter(prefix="/api", tags=["exports"])
Service = Annotated[ExtractsService, part("extracts")]
Taker = Annotated[Caller, requires("exports.create")]
KNOWN: dict[str, Any] = {"responses": errors(400, 401, 403), "response_class": StreamingResponse}


def shown(name: str) -> Any:
    """The columns of a list that are wanted, in order; all of them when none is named."""
    keys = list(LISTS[name])
    enum = {"items": {"type": "string", "enum": keys}}
    asked: Any = Query(None, description="Colonnes, dans l'ordre", json_schema_extra=enum)

    async def read(columns: list[str] | None = asked) -> list[str]:
        if unknown := sorted(set(columns or ()) - set(keys)):
            raise InvalidInput({"columns": f"Colonne inconnue : {unknown[0][:40]}. Attendu : {', '.join(keys)}."})
        return list(dict.fromkeys(columns or keys))

    return Depends(read)


async def _file(
    service: ExtractsService, caller: Caller, name: str, columns: list[str], asked: Any, rows: AsyncIterator[Any]
) -> StreamingResponse:
    filename = await service.begin(caller, name, columns, asdict(asked))
    lines = service.lines(name, columns, rows)
    return StreamingResponse(lines, media_type=sheets.MEDIA, headers=sheets.attached(filename))


@router.get("/leads/export", summary="Les leads de la liste, en CSV", **KNOWN)
async def leads(
    service: Service, caller: Taker, viewer: Annotated[Caller, requires("leads.view")], wanted: LeadsWanted,
    columns: Annotated[list[str], shown("leads")],
) -> StreamingResponse:  # fmt: skip
    own = viewer.looking_at(wanted.entity)
    rows = service.leads(own, wanted.query(own.scope), wanted.oldest_first)
    return await _file(service, own, "leads", columns, wanted, rows)


@router.get("/deliveries/export", summary="Les livraisons de la liste, en CSV", **KNOWN)
async def deliveries(
    service: Service, caller: Taker, viewer: Annotated[Caller, requires("deliveries.view")], wanted: DeliveriesWanted,
    columns: Annotated[list[str], shown("deliveries")],
) -> StreamingResponse:  # fmt: skip
    own = viewer.looking_at(wanted.entity)
    rows = service.deliveries(own, wanted.query, wanted.oldest_first)
    return await _file(service, own, "deliveries", columns, wanted, rows)


@router.get("/clients/export", summary="Les clients de la liste, en CSV", **KNOWN)
async def clients(
    service: Service, caller: Taker, viewer: Annotated[Caller, requires("clients.view")], wanted: ClientsWanted,
    columns: Annotated[list[str], shown("clients")],
) -> StreamingResponse:  # fmt: skip
    own = viewer.looking_at(wanted.entity)
    rows = service.clients(own, wanted.active_only, wanted.search, wanted.sort)
    return await _file(service, own, "clients", columns, wanted, rows)


@router.get("/commandes/export", summary="Les commandes de la liste, en CSV", **KNOWN)
async def commandes(
    service: Service, caller: Taker, viewer: Annotated[Caller, requires("commandes.view")], wanted: CommandesWanted,
    columns: Annotated[list[str], shown("commandes")],
) -> StreamingResponse:  # fmt: skip
    own = viewer.looking_at(wanted.entity)
    rows = service.commandes(own, wanted.conditions())
    return await _file(service, own, "commandes", columns, wanted, rows)


@router.get("/invoices/export", summary="Les factures de la liste, en CSV", **KNOWN)
async def invoices(
    service: Service, caller: Taker, viewer: Annotated[Caller, requires("billing.view")], wanted: InvoicesWanted,
    columns: Annotated[list[str], shown("invoices")],
) -> StreamingResponse:  # fmt: skip
    own = viewer.looking_at(wanted.entity)
    rows = service.invoices(own, wanted.conditions())
    return await _file(service, own, "invoices", columns, wanted, rows)


@router.get("/event-log/export", summary="Les événements de la liste, en CSV", **KNOWN)
async def events(
    service: Service, caller: Taker, viewer: Annotated[Caller, requires("activity.view")], wanted: EventsWanted,
    columns: Annotated[list[str], shown("event-log")],
) -> StreamingResponse:  # fmt: skip
    own = viewer.looking_at(wanted.entity)
    return await _file(service, own, "event-log", columns, wanted, service.events(own, wanted.filters))


@router.get("/batches/export", summary="Les lots de la liste, en CSV", **KNOWN)
async def batches(
    service: Service, caller: Taker, viewer: Annotated[Caller, requires("deliveries.view")], wanted: BatchesWanted,
    columns: Annotated[list[str], shown("batches")],
) -> StreamingResponse:  # fmt: skip
    own = viewer.looking_at(wanted.entity)
    rows = service.batches(own, wanted.query, wanted.unacknowledged_for_days)
    return await _file(service, own, "batches", columns, wanted, rows)
