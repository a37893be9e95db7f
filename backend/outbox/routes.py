"""HTTP of the outbox: what waits, what failed, and what a person does about it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.errors import NotFound
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.outbox.models import ChannelList, PauseAsk, Resolution, RowDetail, RowList, Said, State
from backend.outbox.service import OutboxService, entity_of

router = APIRouter(prefix="/api/outbox", tags=["Envois"])
Outbox = Annotated[OutboxService, part("outbox")]
Viewer = Annotated[Caller, requires("outbox.view")]
Manager = Annotated[Caller, requires("outbox.manage")]


@router.get(
    "", summary="File des envois", response_model=RowList, responses=errors(401, 403), response_model_exclude_unset=True
)
async def rows(
    outbox: Outbox,
    caller: Viewer,
    page: Annotated[Page, paged(50)],
    state: State | None = None,
    channel: Annotated[str | None, Query(max_length=60)] = None,
) -> dict[str, Any]:
    """Newest first, with the number of rows in each state (counted up to 10,000)."""
    found = await outbox.page(caller.scope, page, state, channel)
    return found.answer("rows") | {"counts": await outbox.counts(caller.scope)}


@router.get("/channels", summary="Canaux d'envoi", response_model=ChannelList, responses=errors(401, 403))
async def channels(outbox: Outbox, caller: Viewer) -> dict[str, Any]:
    return {"channels": await outbox.channels(caller.scope)}


@router.post("/channels/{channel}/pause", summary="Mettre un canal en pause", responses=errors(401, 403, 404))
async def pause(outbox: Outbox, caller: Manager, channel: str, body: PauseAsk) -> Said:
    """Its rows wait, and spend no attempt."""
    _visible(caller, channel)
    await outbox.pause(channel, body.reason, caller.email)
    return Said(state="paused")


@router.post("/channels/{channel}/resume", summary="Rouvrir un canal", responses=errors(401, 403, 404))
async def resume(outbox: Outbox, caller: Manager, channel: str) -> Said:
    """Its rows are due at once; each is sent once."""
    _visible(caller, channel)
    await outbox.resume(channel, caller.email)
    return Said(state="active")


@router.get("/{row_id}", summary="Un envoi et ses tentatives", responses=errors(401, 403, 404))
async def one(outbox: Outbox, caller: Viewer, row_id: str) -> RowDetail:
    return await outbox.detail(caller.scope, row_id)


@router.post("/{row_id}/resolve", summary="Trancher un envoi incertain", responses=errors(401, 403, 404, 409))
async def resolve(outbox: Outbox, caller: Manager, row_id: str, body: Resolution) -> Said:
    """`sent`, `failed`, or `resend` once the quarantine of 15 minutes is over."""
    row = await outbox.resolve(caller.scope, row_id, caller.email, body.verdict, body.note)
    return Said(state=row.state)


def _visible(caller: Caller, channel: str) -> None:
    if not caller.scope.allows(entity_of(channel)):
        raise NotFound("Ce canal n'existe pas.")
